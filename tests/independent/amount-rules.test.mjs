// §4.1, §7.2, §7.5: what a limited invoice makes of what it is paid, and when.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { add, compare, distance, multiply, plain, step } from './lib/amounts.mjs';
import { digits } from './lib/exact-json.mjs';
import { assertInvoice } from './lib/shapes.mjs';
import { startSandbox } from './lib/sandbox.mjs';

/** An invoice over exactly this amount, priced in whole cents at a hundred euros a coin. */
async function invoiceOver({ calypso, control }, amount, currency = 'USDT_TRX') {
  await control.fixRate(currency, 'EUR', '100');
  const invoice = await calypso.createSingleFiatInvoice({ currency, fiatAmount: digits(multiply(amount, '100')), fiatCurrency: 'EUR', description: 'Order 1001' });
  assert.equal(plain(invoice.amount), plain(amount));
  return invoice;
}

async function paid(sandbox, invoice, amount) {
  const { transactionHash } = await sandbox.control.pay(invoice.invoiceAddress, amount);
  const after = assertInvoice(await sandbox.calypso.invoice({ id: invoice.id }), 'SINGLE_FIAT');
  assert.equal(after.lastDepositHash, transactionHash);
  assert.equal(plain(after.totalDebitAmount), plain(amount));
  return after;
}

test('seen, confirmed, credited five seconds later', async (t) => {
  const sandbox = await startSandbox(t);
  const { calypso, control } = sandbox;
  const { id, invoiceAddress, amount } = await invoiceOver(sandbox, '31.25');
  const state = async () => (await calypso.invoice({ id })).state;

  const deposit = await control.deposit({ address: invoiceAddress, amount: amount.text, stage: 'mempool' });
  assert.equal(deposit.stage, 'mempool');
  assert.equal(await state(), 'MEM_POOL_FOUND');
  await control.advance(30);
  assert.equal(await state(), 'MEM_POOL_FOUND');
  assert.equal((await control.move(deposit.id, 'confirmed')).stage, 'confirmed');
  assert.equal(await state(), 'PAID');
  await control.advance(2);
  assert.equal(await state(), 'PAID');
  await control.advance(4);
  assert.equal(await state(), 'COMPLETED');
});

test('the mempool may be skipped', async (t) => {
  const sandbox = await startSandbox(t);
  const invoice = await invoiceOver(sandbox, '31.25');
  assert.equal((await paid(sandbox, invoice, '31.25')).state, 'PAID');
});

test('a dropped transaction was never a payment', async (t) => {
  const sandbox = await startSandbox(t);
  const { id, invoiceAddress, amount } = await invoiceOver(sandbox, '31.25');
  const deposit = await sandbox.control.deposit({ address: invoiceAddress, amount: amount.text, stage: 'mempool' });
  await sandbox.control.move(deposit.id, 'dropped');
  await sandbox.control.advance(60);
  const invoice = await sandbox.calypso.invoice({ id });
  assert.equal(invoice.state, 'PENDING_PAYMENT');
  assert.equal(plain(invoice.totalDebitAmount), '0');
});

test('underpaid: 0.995 of the amount is enough, one step less is not', async (t) => {
  const sandbox = await startSandbox(t);
  for (const [amount, pays, state] of [
    ['10.234', '10.23', 'PAID'], ['10.234', '10', 'PENDING_INTERVENTION'], ['100', '99.5', 'PAID'], ['100', '99.499999', 'PENDING_INTERVENTION'],
    ['20', '19.9', 'PAID'], ['20', '19.899999', 'PENDING_INTERVENTION'], ['100', '0.000001', 'PENDING_INTERVENTION'], ['1000000.01', '995000.00995', 'PAID'], ['1000000.01', '995000.009949', 'PENDING_INTERVENTION'],
  ]) {
    const after = await paid(sandbox, await invoiceOver(sandbox, amount), pays);
    assert.equal(after.state, state, `${pays} of ${amount}`);
    assert.equal(after.interventionType, state === 'PAID' ? undefined : 'UNDERPAY');
    assert.equal(after.isInterventionResolved, state === 'PAID');
  }
});

test('overpaid by a single step is an intervention, since the tolerance is 0 %', async (t) => {
  const sandbox = await startSandbox(t);
  for (const [currency, scale] of [['USDT_TRX', 6], ['BTC', 8], ['ETH', 8]]) {
    const exact = await paid(sandbox, await invoiceOver(sandbox, '100', currency), '100');
    assert.equal(exact.state, 'PAID', currency);
    const over = await paid(sandbox, await invoiceOver(sandbox, '100', currency), add('100', step(scale)));
    assert.equal(over.state, 'PENDING_INTERVENTION', currency);
    assert.equal(over.interventionType, 'OVERPAY');
    assert.equal(over.isInterventionResolved, false);
  }
});

test('an intervention waits: time alone does not resolve it, nor make it expire', async (t) => {
  const sandbox = await startSandbox(t);
  const { id } = await paid(sandbox, await invoiceOver(sandbox, '100'), '50');
  await sandbox.control.advance(3 * 86_400);
  const invoice = await sandbox.calypso.invoice({ id });
  assert.equal(invoice.state, 'PENDING_INTERVENTION');
  assert.equal(plain(invoice.totalDebitAmount), '50');
});

test('the service fee is one percent of what was received', async (t) => {
  const sandbox = await startSandbox(t);
  for (const [amount, pays] of [['0.01', '0.01'], ['100', '99.5'], ['31.25', '31.25']]) {
    const { id } = await paid(sandbox, await invoiceOver(sandbox, amount), pays);
    await sandbox.control.advance(6);
    const { state, fee } = await sandbox.calypso.invoice({ id });
    assert.equal(state, 'COMPLETED');
    assert.ok(compare(distance(fee.text, multiply(pays, '0.01')), step(6)) <= 0, `the fee of ${pays} is ${fee}`);
  }
});

test('a paid invoice stays paid, whatever comes after', async (t) => {
  const sandbox = await startSandbox(t);
  const invoice = await invoiceOver(sandbox, '100');
  await paid(sandbox, invoice, '100');
  await sandbox.control.advance(30 * 86_400);
  assert.equal((await sandbox.calypso.invoice({ id: invoice.id })).state, 'COMPLETED');
});
