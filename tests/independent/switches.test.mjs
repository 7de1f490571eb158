// What the documents say in a second way: this client understands every one of them, and the pages for buyers.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { plain } from './lib/amounts.mjs';
import { assertInvoiceEvent } from './lib/events.mjs';
import { digits } from './lib/exact-json.mjs';
import { assertInvoice, assertRefused, seconds } from './lib/shapes.mjs';
import { startSandbox } from './lib/sandbox.mjs';
import { nameOf, openShop } from './lib/shop.mjs';

const PRICED = { currency: 'USDC', fiatAmount: digits('25.00'), fiatCurrency: 'EUR', description: 'Order 1001' };

async function shopWith(t, flags) {
  const sandbox = await startSandbox(t, flags);
  const shop = await openShop(t);
  const subscription = await sandbox.calypso.subscribe({ requestId: randomUUID(), url: shop.url, notificationServiceTypes: ['INVOICE'] });
  return { ...sandbox, shop, subscription };
}

/** Makes an invoice and pays it; answers both, and the four deliveries. */
async function paid({ calypso, control, shop }) {
  const invoice = await calypso.createSingleFiatInvoice(PRICED);
  const deposit = await control.pay(invoice.invoiceAddress, invoice.amount.text);
  await control.advance(6);
  const deliveries = await shop.expects('INVOICE_CREATE_INVOICE', 'INVOICE_FUNDS_RECEIVED_FOR_INVOICE', 'INVOICE_PAID', 'INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED');
  return { invoice, deposit, deliveries };
}

test('the shapes of the older examples, all at once', async (t) => {
  const desk = await shopWith(t, ['--transaction-id', 'array', '--external-id', 'null', '--fiat-amount', 'empty', '--viewed', 'false', '--addresses', 'lower', '--dates', 'six']);
  const { invoice, deposit, deliveries } = await paid(desk);
  assertInvoice(invoice, 'SINGLE_FIAT');
  assert.equal(invoice.invoiceAddress, invoice.invoiceAddress.toLowerCase());
  assert.match(invoice.createdDate, /\.\d{6}$/);
  for (const delivery of deliveries) {
    const data = assertInvoiceEvent(delivery, desk.subscription, invoice, nameOf(delivery));
    assert.equal(delivery.event.viewed, false);
    assert.equal(data.externalId, null);
  }
  const [, { event: { data: received } }] = deliveries;
  assert.deepEqual(received.transactionId, [deposit.id]);
  assert.deepEqual(received.fiatAmount, {});
  assert.match(received.senderAddress, /^0x[0-9a-f]{40}$/);
});

test('numbers for ids, and a deposit named twice', async (t) => {
  const desk = await shopWith(t, ['--ids', 'number', '--transaction-id', 'both']);
  const { invoice, deposit, deliveries } = await paid(desk);
  for (const { event } of deliveries) assert.equal(event.data.parentExternalId.text, invoice.id.text);
  assert.equal(deliveries[1].event.data.transactionId, deposit.id);
  assert.deepEqual(deliveries[1].event.data.transactionIds, [deposit.id]);
  for (const id of [invoice.id, invoice.id.text]) assert.equal((await desk.calypso.invoice({ id })).state, 'COMPLETED');
  assert.equal(plain((await desk.calypso.depositHistory({ id: invoice.id })).result[0].amount.text), plain(invoice.amount.text));
});

test('a review under its other name, and an event without the name in its envelope', async (t) => {
  const desk = await shopWith(t, ['--compliance', 'check', '--paid', 'bare']);
  const invoice = await desk.calypso.createSingleFiatInvoice(PRICED);
  const deposit = await desk.control.deposit({ address: invoice.invoiceAddress, amount: invoice.amount.text, stage: 'mempool' });
  await desk.control.move(deposit.id, 'review');
  await desk.control.move(deposit.id, 'confirmed');
  const deliveries = await desk.shop.expects('INVOICE_CREATE_INVOICE', 'INVOICE_MEMPOOL_FOUND', 'INVOICE_COMPLIANCE_CHECK', 'INVOICE_FUNDS_RECEIVED_FOR_INVOICE', 'INVOICE_PAID');
  assert.ok(!('eventType' in deliveries[4].event) && !('requestId' in deliveries[4].event));
});

test('the worth in fiat always, or never', async (t) => {
  for (const [value, there] of [['always', true], ['absent', false]]) {
    const { calypso, control, shop } = await shopWith(t, ['--fiat-amount', value]);
    const { invoiceAddress } = await calypso.createSingleInvoice({ amount: digits('1'), currency: 'ETH', description: 'x' });
    await control.pay(invoiceAddress, '1');
    const [, , { event: { data } }] = await shop.expects('INVOICE_CREATE_INVOICE', 'INVOICE_FUNDS_RECEIVED_FOR_INVOICE', 'INVOICE_PAID');
    assert.equal('fiatAmount' in data, there, value);
    assert.equal('fiatCurrency' in data, there, value);
  }
});

test('ninety days, late crediting, and an expiration that means nothing', async (t) => {
  const { calypso, control } = await startSandbox(t, ['--invoice-days', '90', '--crediting-seconds', '3600', '--unlimited-expiration']);
  const invoice = await calypso.createSingleFiatInvoice({ ...PRICED, currency: 'USDT_TRX' });
  assert.equal(seconds(invoice.createdDate, invoice.expiration), 90 * 86_400);
  const later = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
  await calypso.createSingleFiatInvoice({ ...PRICED, expiration: later(89) });
  await assertRefused('001', calypso.createSingleFiatInvoice({ ...PRICED, expiration: later(91) }), /expiration/);
  await control.pay(invoice.invoiceAddress, invoice.amount.text);
  await control.advance(3000);
  assert.equal((await calypso.invoice({ id: invoice.id })).state, 'PAID');
  await control.advance(700);
  assert.equal((await calypso.invoice({ id: invoice.id })).state, 'COMPLETED');

  const endless = await calypso.createUnlimitedInvoice({ currency: 'ETH', description: 'wallet of client 1' });
  assert.equal(seconds(endless.createdDate, endless.expiration), 30 * 86_400);
  assert.deepEqual([endless.amountInInvoiceWallet.text, endless.cartItems, endless.invoicePayments], ['0', [], []]);
  await control.pay(endless.invoiceAddress, '0.01');
  await control.advance(3600);
  const [payment] = (await calypso.invoice({ id: endless.id })).invoicePayments;
  assert.deepEqual([payment.amount.text, payment.serviceFee.text], ['0.01', '0.0001']);
});

test('the links lead to pages on which a buyer chooses, and the amount is that of the moment when so switched', async (t) => {
  const { calypso, control } = await startSandbox(t, ['--reprice-when-opened']);
  const widget = await calypso.createSingleFiatWidget({ cryptoCurrencies: ['ETH', 'BTC'], fiatAmount: digits('25.00'), fiatCurrency: 'EUR', description: 'Order 1001' });
  const link = calypso.widgetLink(widget);
  assert.match(await (await fetch(link)).text(), /<button type="submit" name="currency" value="ETH">/);
  await control.fixRate('ETH', 'EUR', '2500');
  const chosen = await fetch(link, { method: 'POST', body: new URLSearchParams({ currency: 'ETH' }) });
  const invoice = await calypso.invoice({ idempotencyKey: chosen.url.split(/[/?]/).at(-1) });
  assert.equal(chosen.url, calypso.invoiceLink(invoice));
  assert.ok((await chosen.text()).includes(invoice.invoiceAddress));
  await control.fixRate('ETH', 'EUR', '2000');
  assert.match(await (await fetch(calypso.invoiceLink(invoice))).text(), /0\.0125 ETH/);
  assert.equal(plain((await calypso.invoice({ id: invoice.id })).amount.text), '0.0125');
});
