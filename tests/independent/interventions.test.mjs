// §2.15, §7.4: payments that are not what was asked, and what the merchant may do about them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { plain } from './lib/amounts.mjs';
import { digits } from './lib/exact-json.mjs';
import { assertInvoice, assertRefused } from './lib/shapes.mjs';
import { startSandbox } from './lib/sandbox.mjs';

const PAYERS = ['0xf127e5b7666f51aa346f374213113298014f5969', '0x00000000219ab540356cbb839cbe05303d7705fa'];

async function pending(sandbox, ...deposits) {
  const { calypso, control } = sandbox;
  const { id, idempotencyKey, invoiceAddress } = await calypso.createSingleInvoice({ amount: digits('1'), currency: 'ETH', description: 'x' });
  for (const [amount, from] of deposits) await control.pay(invoiceAddress, amount, from && { from });
  return { id, idempotencyKey, invoice: assertInvoice(await calypso.invoice({ id }), 'SINGLE') };
}

for (const [kind, amount] of [['UNDERPAY', '0.9'], ['OVERPAY', '1.1']]) {
  test(`${kind}: accepted, it is paid and credited with what came`, async (t) => {
    const sandbox = await startSandbox(t);
    const { calypso, control } = sandbox;
    for (const refer of [({ id }) => ({ id }), ({ idempotencyKey }) => ({ idempotencyKey })]) {
      const made = await pending(sandbox, [amount]);
      assert.equal(made.invoice.state, 'PENDING_INTERVENTION');
      assert.equal(made.invoice.interventionType, kind);
      assert.equal(made.invoice.isInterventionResolved, false);
      assert.equal(plain(made.invoice.totalDebitAmount), amount);

      const accepted = assertInvoice(await calypso.returnToPaid(refer(made)), 'SINGLE');
      assert.equal(accepted.id, made.id);
      assert.equal(accepted.state, 'PAID');
      assert.equal(accepted.isInterventionResolved, true);
      assert.equal(plain(accepted.totalDebitAmount), amount);
      await control.advance(6);
      assert.equal((await calypso.invoice({ id: made.id })).state, 'COMPLETED');
    }
  });
}

test('exactly the amount, but from two senders, is an intervention', async (t) => {
  const sandbox = await startSandbox(t);
  const { invoice } = await pending(sandbox, ['0.4', PAYERS[0]], ['0.6', PAYERS[1]]);
  assert.equal(invoice.state, 'PENDING_INTERVENTION');
  assert.equal(plain(invoice.totalDebitAmount), '1');
  assert.equal(invoice.isInterventionResolved, false);
});

test('there is nothing to accept where there is no intervention: 006', async (t) => {
  const sandbox = await startSandbox(t);
  const { calypso, control } = sandbox;
  const fresh = await pending(sandbox);
  await assertRefused('006', calypso.returnToPaid({ id: fresh.id }));
  await assertRefused('006', calypso.closeIntervention({ id: fresh.id }));
  const exact = await pending(sandbox, ['1']);
  await assertRefused('006', calypso.returnToPaid({ id: exact.id }));
  await control.advance(6);
  await assertRefused('006', calypso.returnToPaid({ id: exact.id }));
  await assertRefused('004', calypso.returnToPaid({ id: randomUUID() }));
});

test('funds that are returned end in ARCHIVED', async (t) => {
  const sandbox = await startSandbox(t);
  const { id } = await pending(sandbox, ['1.1']);
  await sandbox.control.refund(id);
  assert.equal((await sandbox.calypso.invoice({ id })).state, 'ARCHIVED');
  await assertRefused('006', sandbox.calypso.returnToPaid({ id }));
  await sandbox.control.advance(60);
  assert.equal((await sandbox.calypso.invoice({ id })).state, 'ARCHIVED');
});

test('it is accepted once', async (t) => {
  const sandbox = await startSandbox(t);
  const { id } = await pending(sandbox, ['0.9']);
  await sandbox.calypso.returnToPaid({ id });
  await assertRefused('006', sandbox.calypso.returnToPaid({ id }));
});

test('closing wants COMPLETED, and leaves it so', async (t) => {
  const sandbox = await startSandbox(t);
  const { calypso, control } = sandbox;
  const { id } = await pending(sandbox, ['0.9']);
  await assertRefused('006', calypso.closeIntervention({ id }));
  await calypso.returnToPaid({ id });
  await control.advance(6);
  const closed = assertInvoice(await calypso.closeIntervention({ id }), 'SINGLE');
  assert.equal(closed.state, 'COMPLETED');
  assert.equal(closed.isInterventionResolved, true);
});

test('unlimited and bound invoices know no intervention', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const unlimited = await calypso.createUnlimitedInvoice({ currency: 'ETH', description: 'x' });
  await control.pay(unlimited.invoiceAddress, '3');
  await calypso.returnToPaid({ id: unlimited.id }).then(() => assert.fail('accepted'), ({ status }) => assert.equal(status, 400));
  const bound = await calypso.createBoundInvoice({ currency: 'ETH', lowerBound: digits('1'), description: 'x' });
  await control.pay(bound.invoiceAddress, '100');
  const { state, ...rest } = await calypso.invoice({ id: bound.id });
  assert.equal(state, 'PAID');
  assert.ok(!('interventionType' in rest));
});
