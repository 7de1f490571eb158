// §7.1: the amount follows the rate, every 15 minutes, and every 60 for Bitcoin.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { plain } from './lib/amounts.mjs';
import { digits } from './lib/exact-json.mjs';
import { assertInvoice, millis } from './lib/shapes.mjs';
import { startSandbox } from './lib/sandbox.mjs';

const MINUTE = 60;

async function invoiceAt(sandbox, currency, rate) {
  await sandbox.control.fixRate(currency, 'EUR', rate);
  return sandbox.calypso.createSingleFiatInvoice({ currency, fiatAmount: digits('100'), fiatCurrency: 'EUR', description: 'Order 1001' });
}

for (const [currency, minutes] of [['USDT_TRX', 15], ['ETH', 15], ['BTC', 60], ['XDG', 15]]) {
  test(`${currency} is repriced after ${minutes} minutes`, async (t) => {
    const sandbox = await startSandbox(t);
    const { calypso, control } = sandbox;
    const { id, createdDate, fiatAmount } = await invoiceAt(sandbox, currency, '2');
    const amount = async () => plain((await calypso.invoice({ id })).amount);
    await control.fixRate(currency, 'EUR', '2.5');
    assert.equal(await amount(), '50');
    await control.advance((minutes - 1) * MINUTE);
    assert.equal(await amount(), '50', 'the old rate until the time is over');
    await control.advance(61);
    assert.equal(await amount(), '40');

    const repriced = assertInvoice(await calypso.invoice({ id }), 'SINGLE_FIAT');
    assert.equal(repriced.fiatAmount.text, fiatAmount.text, 'the price in fiat never changes');
    assert.ok(millis(repriced.lastFiatUpdated) >= millis(createdDate) + minutes * MINUTE * 1000, `lastFiatUpdated is ${repriced.lastFiatUpdated}`);
    assert.equal(repriced.createdDate, createdDate);

    await control.fixRate(currency, 'EUR', '4');
    await control.advance(minutes * MINUTE + 1);
    assert.equal(await amount(), '25', 'and again');
  });
}

test('a payment is judged by the amount of its moment', async (t) => {
  const sandbox = await startSandbox(t);
  const { id, invoiceAddress } = await invoiceAt(sandbox, 'USDT_TRX', '2');
  await sandbox.control.fixRate('USDT_TRX', 'EUR', '1');
  await sandbox.control.advance(15 * MINUTE + 1);
  await sandbox.control.pay(invoiceAddress, '50');
  const invoice = await sandbox.calypso.invoice({ id });
  assert.equal(plain(invoice.amount), '100');
  assert.equal(invoice.state, 'PENDING_INTERVENTION');
  assert.equal(invoice.interventionType, 'UNDERPAY');
});

test('repricing stops when a transaction is seen', async (t) => {
  const sandbox = await startSandbox(t);
  const { id, invoiceAddress } = await invoiceAt(sandbox, 'USDT_TRX', '2');
  const deposit = await sandbox.control.deposit({ address: invoiceAddress, amount: '50', stage: 'mempool' });
  await sandbox.control.fixRate('USDT_TRX', 'EUR', '1');
  await sandbox.control.advance(16 * MINUTE);
  assert.equal(plain((await sandbox.calypso.invoice({ id })).amount), '50');
  await sandbox.control.move(deposit.id, 'confirmed');
  assert.equal((await sandbox.calypso.invoice({ id })).state, 'PAID');
});
