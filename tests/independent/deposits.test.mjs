// §2.12, §2.13: the deposits of an invoice, one by one and as a history.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { plain } from './lib/amounts.mjs';
import { digits, write } from './lib/exact-json.mjs';
import { assertRefused, millis } from './lib/shapes.mjs';
import { startSandbox } from './lib/sandbox.mjs';

const PAYERS = ['0xf127e5b7666f51aa346f374213113298014f5969', '0x00000000219ab540356cbb839cbe05303d7705fa'];

/** The deposits, wherever the answer keeps them: the docs leave a bare array possible (§2.12). */
const items = (history) => history.result ?? history;

test('a fresh invoice has an empty history', async (t) => {
  const { calypso } = await startSandbox(t);
  const { id } = await calypso.createUnlimitedInvoice({ currency: 'ETH', description: 'top-up' });
  assert.deepEqual(items(await calypso.depositHistory({ id })), []);
});

test('every deposit is in the history with its sender, its hash and its exact amount', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const { id, idempotencyKey, invoiceAddress } = await calypso.createUnlimitedInvoice({ currency: 'ETH', description: 'top-up' });
  const sent = [];
  for (const [amount, from] of [['0.01', PAYERS[0]], ['0.00000001', PAYERS[1]], ['12.5', PAYERS[0]]]) {
    sent.push({ amount, from, ...await control.pay(invoiceAddress, amount, { from }) });
    await control.advance(60);
  }
  const history = await calypso.depositHistory({ id });
  assert.equal(history.totalElements.text, '3');
  const byHash = new Map(items(history).map((item) => [item.transactionHash, item]));
  assert.equal(byHash.size, 3);
  const now = millis((await control.clock()).now);
  for (const { amount, from, transactionHash } of sent) {
    const item = byHash.get(transactionHash);
    assert.equal(plain(item.amount), amount);
    assert.equal(item.currency, 'ETH');
    assert.equal(item.addressFrom.toLowerCase(), from);
    assert.ok(millis(item.createdDate) <= now);
    assert.equal(write(await calypso.deposit({ id }, item.id)), write(item), 'by id');
    assert.equal(write(await calypso.deposit({ idempotencyKey }, item.id)), write(item), 'by key');
  }
  assert.equal(write(await calypso.depositHistory({ idempotencyKey })), write(history));
});

test('a deposit belongs to its invoice', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const [first, second] = [await calypso.createUnlimitedInvoice({ currency: 'ETH', description: 'a' }), await calypso.createUnlimitedInvoice({ currency: 'ETH', description: 'b' })];
  await control.pay(first.invoiceAddress, '1');
  const [{ id: transactionId }] = items(await calypso.depositHistory({ id: first.id }));
  assert.deepEqual(items(await calypso.depositHistory({ id: second.id })), []);
  await assertRefused('004', calypso.deposit({ id: second.id }, transactionId));
  await assertRefused('004', calypso.deposit({ id: first.id }, randomUUID()));
  await assertRefused('004', calypso.depositHistory({ id: randomUUID() }));
});

test('what never arrived is in no history', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const { id, invoiceAddress } = await calypso.createSingleInvoice({ amount: digits('1'), currency: 'ETH', description: 'x' });
  const dropped = await control.deposit({ address: invoiceAddress, amount: '1', stage: 'mempool' });
  await control.move(dropped.id, 'dropped');
  await control.advance(2 * 86_400);
  assert.equal((await calypso.invoice({ id })).state, 'ARCHIVED');
  await control.pay(invoiceAddress, '1');
  assert.deepEqual(items(await calypso.depositHistory({ id })), []);
});
