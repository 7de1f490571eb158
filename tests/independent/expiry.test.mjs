// §4.1, §7.3: an unpaid invoice ends ARCHIVED, and money that comes afterwards is lost to it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { plain } from './lib/amounts.mjs';
import { digits } from './lib/exact-json.mjs';
import { startSandbox } from './lib/sandbox.mjs';

const HOUR = 3600;
const ORDER = { fiatAmount: digits('100'), fiatCurrency: 'EUR', description: 'Order 1001' };

for (const [currency, lives] of [['USDT_TRX', 3 * HOUR], ['TRX', 3 * HOUR], ['USDC', 24 * HOUR], ['BTC', 24 * HOUR]]) {
  test(`${currency} expires after ${lives / HOUR} hours, not before`, async (t) => {
    const { calypso, control } = await startSandbox(t);
    const { id } = await calypso.createSingleFiatInvoice({ ...ORDER, currency });
    await control.advance(lives - 60);
    assert.equal((await calypso.invoice({ id })).state, 'PENDING_PAYMENT');
    await control.advance(61);
    assert.equal((await calypso.invoice({ id })).state, 'ARCHIVED');
  });
}

test('a late deposit changes nothing', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const { id, invoiceAddress, amount } = await calypso.createSingleFiatInvoice({ ...ORDER, currency: 'USDT_TRX' });
  await control.advance(3 * HOUR + 1);
  await control.pay(invoiceAddress, amount.text);
  await control.advance(60);
  const invoice = await calypso.invoice({ id });
  assert.equal(invoice.state, 'ARCHIVED');
  assert.equal(plain(invoice.totalDebitAmount), '0');
  assert.ok(!('lastDepositHash' in invoice));
});

test('a transaction seen in time counts, though it is confirmed late', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const { id, invoiceAddress } = await calypso.createSingleFiatInvoice({ ...ORDER, currency: 'USDT_TRX' });
  await control.advance(3 * HOUR - 600);
  const current = await calypso.invoice({ id });
  const deposit = await control.deposit({ address: invoiceAddress, amount: current.amount.text, stage: 'mempool' });
  await control.advance(1200);
  assert.equal((await calypso.invoice({ id })).state, 'MEM_POOL_FOUND');
  await control.move(deposit.id, 'confirmed');
  assert.equal((await calypso.invoice({ id })).state, 'PAID');
});
