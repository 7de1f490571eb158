// §2.1, §2.4, §4.3: a buyer on the gateway's own page picks currencies of a widget, and pays. The pick itself is not the
// merchant's to make: the sandbox offers it on its control side.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { add, plain } from './lib/amounts.mjs';
import { assertInvoiceEvent } from './lib/events.mjs';
import { digits } from './lib/exact-json.mjs';
import { assertInvoice, assertWidget, seconds } from './lib/shapes.mjs';
import { startSandbox } from './lib/sandbox.mjs';
import { nameOf, openShop } from './lib/shop.mjs';

const WIDGET = { cryptoCurrencies: ['USDT_TRX', 'USDC', 'BTC'], fiatAmount: digits('100'), fiatCurrency: 'EUR', description: 'Order 1001', externalId: 'order-1001' };
const TOP_UP = { cryptoCurrencies: ['USDT_TRX', 'ETH'], description: 'Top-up', externalId: 'user-7' };

async function widgetWith(t, request = WIDGET) {
  const sandbox = await startSandbox(t);
  const { calypso, control } = sandbox;
  const { idempotencyKey } = await calypso.createSingleFiatWidget(request);
  const find = async () => assertWidget(await calypso.findSingleFiatWidget(idempotencyKey), 'SINGLE_FIAT');
  // The merchant learns of the invoice from the widget alone.
  const choose = async (currency) => {
    await control.choose(idempotencyKey, currency);
    const entry = (await find()).invoices.findLast(({ cryptoCurrency }) => cryptoCurrency === currency);
    return assertInvoice(await calypso.invoice({ id: entry.invoiceId }), 'SINGLE_FIAT');
  };
  return { ...sandbox, idempotencyKey, find, choose };
}

test('a pick makes an invoice at the widget\'s price, listed in the widget', async (t) => {
  const { find, choose } = await widgetWith(t);
  const invoice = await choose('USDC');
  assert.equal(invoice.currency, 'USDC');
  assert.equal(invoice.state, 'PENDING_PAYMENT');
  assert.equal(plain(invoice.fiatAmount), '100');
  assert.equal(invoice.fiatCurrency, 'EUR');
  assert.equal(invoice.externalId, 'order-1001', 'inherited from the widget');
  const { widgetState, invoices } = await find();
  assert.equal(widgetState, 'IN_PROGRESS');
  assert.equal(invoices.length, 1);
  const { invoiceExternalId, ...entry } = invoices[0];
  assert.deepEqual(entry, { invoiceId: invoice.id, cryptoCurrency: 'USDC', invoiceIdempotencyKey: invoice.idempotencyKey });
  assert.equal(invoiceExternalId ?? 'order-1001', 'order-1001');
});

test('another pick makes another invoice, and the one that is paid completes the widget', async (t) => {
  const { calypso, control, find, choose } = await widgetWith(t);
  const [first, second] = [await choose('BTC'), await choose('USDT_TRX')];
  assert.notEqual(first.id, second.id);
  assert.deepEqual((await find()).invoices.map(({ cryptoCurrency }) => cryptoCurrency), ['BTC', 'USDT_TRX']);
  const deposit = await control.deposit({ address: second.invoiceAddress, amount: second.amount.text, stage: 'mempool' });
  assert.equal((await find()).widgetState, 'IN_PROGRESS');
  await control.move(deposit.id, 'confirmed');
  assert.equal((await calypso.invoice({ id: second.id })).state, 'PAID');
  assert.equal((await find()).widgetState, 'COMPLETED');
  await control.advance(2 * 86_400);
  assert.equal((await find()).widgetState, 'COMPLETED', 'it does not expire any more');
});

test('too little does not complete it', async (t) => {
  const { control, find, choose } = await widgetWith(t);
  const { invoiceAddress } = await choose('USDC');
  await control.pay(invoiceAddress, '1');
  assert.equal((await find()).widgetState, 'IN_PROGRESS');
});

test('its invoices end with the widget, or earlier by their own rule', async (t) => {
  const { choose } = await widgetWith(t);
  const tron = await choose('USDT_TRX');
  assert.equal(Math.round(seconds(tron.createdDate, tron.expiration)), 3 * 3600);
  const short = await widgetWith(t, { ...WIDGET, expiration: new Date(Date.now() + 3_600_000).toISOString() });
  const { expiration } = await short.choose('USDC');
  assert.equal(seconds((await short.find()).expiration, expiration), 0);
});

test('only its own currencies can be picked, and only while it is open', async (t) => {
  const { control, idempotencyKey, find } = await widgetWith(t);
  await assert.rejects(control.choose(idempotencyKey, 'ETH'), /HTTP 4\d\d/);
  await assert.rejects(control.choose(randomUUID(), 'BTC'), /HTTP 4\d\d/);
  await control.advance(86_401);
  assert.equal((await find()).widgetState, 'ARCHIVED');
  await assert.rejects(control.choose(idempotencyKey, 'BTC'), /HTTP 4\d\d/);
  assert.deepEqual((await find()).invoices, []);
});

test('the merchant hears of the invoice, matched by its external id; the widget itself has no event', async (t) => {
  const { calypso, control, choose } = await widgetWith(t);
  const shop = await openShop(t);
  const subscription = await calypso.subscribe({ requestId: randomUUID(), url: shop.url, notificationServiceTypes: ['INVOICE'] });
  const invoice = await choose('USDC');
  await control.pay(invoice.invoiceAddress, invoice.amount.text);
  await control.advance(6);
  const deliveries = await shop.expects('INVOICE_CREATE_INVOICE', 'INVOICE_FUNDS_RECEIVED_FOR_INVOICE', 'INVOICE_PAID', 'INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED');
  for (const delivery of deliveries) assert.equal(assertInvoiceEvent(delivery, subscription, invoice, nameOf(delivery)).externalId, 'order-1001');
});

test('an unlimited-linked widget makes invoices that keep taking money, and stays open', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const { idempotencyKey } = await calypso.createUnlimitedLinkedWidget(TOP_UP);
  await control.choose(idempotencyKey, 'ETH');
  const find = async () => assertWidget(await calypso.findUnlimitedLinkedWidget(idempotencyKey), 'UNLIMITED_LINKED');
  const [{ invoiceId, cryptoCurrency, invoiceIdempotencyKey }] = (await find()).invoices;
  assert.equal(cryptoCurrency, 'ETH');
  const read = () => calypso.invoice({ id: invoiceId });
  const invoice = await read();
  assert.match(invoice.type, /^UNLIMITED(_LINKED)?$/);
  assert.equal(invoice.idempotencyKey, invoiceIdempotencyKey);
  assert.equal(invoice.externalId, 'user-7');
  assert.ok(!('amount' in invoice));
  let total = '0';
  for (const amount of ['0.1', '0.2', '0.00000003']) {
    await control.pay(invoice.invoiceAddress, amount);
    await control.advance(6);
    total = add(total, amount);
    assert.equal(plain((await read()).totalDebitAmount), total);
    assert.equal((await find()).widgetState, 'IN_PROGRESS');
  }
});
