// A small shop, as the documentation tells one to build it, from its first order to its last. The gateway's address is all
// it is told; what buyers and blockchains do comes from outside.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { add, plain } from './lib/amounts.mjs';
import { Calypso, Refusal, verify } from './lib/client.mjs';
import { digits } from './lib/exact-json.mjs';
import { MERCHANT, startSandbox } from './lib/sandbox.mjs';
import { nameOf, openShop } from './lib/shop.mjs';

/** The shop's books: orders by their number, granted once, by what a fetch says and never by what a webhook says. */
class Books {
  orders = new Map();
  topUps = new Map();
  #events = new Set();

  constructor(calypso) {
    this.calypso = calypso;
  }

  async order(number, price, currency) {
    const order = this.orders.get(number) ?? { granted: 0, attention: null, invoices: [] };
    this.orders.set(number, order);
    const request = { currency, fiatAmount: digits(price), fiatCurrency: 'EUR', description: `Order ${number}`, externalId: number, idempotencyKey: randomUUID() };
    // A call that may have been lost is asked for by its key before it is made again (§7.5).
    const invoice = await this.calypso.createSingleFiatInvoice(request).catch(async (error) => {
      if (error instanceof Refusal && error.status < 500) throw error;
      return this.calypso.invoice({ idempotencyKey: request.idempotencyKey }).catch(() => this.calypso.createSingleFiatInvoice(request));
    });
    order.invoices.push(invoice.id);
    return invoice;
  }

  async topUp(client, currency) {
    const invoice = await this.calypso.createUnlimitedInvoice({ currency, description: `wallet of ${client}`, externalId: client });
    this.topUps.set(invoice.id, { client, total: '0', deposits: new Set() });
    return invoice;
  }

  async hear({ body, headers, event }, subscription) {
    assert.equal(headers.key, subscription.publicKey);
    if (!verify(subscription.secretKey, body, headers.sign)) return 401;
    if (this.#events.has(event.id.text)) return 200;
    const invoice = await this.calypso.invoice({ id: String(event.data.parentExternalId) });
    if (this.topUps.has(invoice.id)) await this.#count(invoice, event);
    else this.#judge(invoice);
    this.#events.add(event.id.text);
    return 200;
  }

  #judge({ id, state, externalId, interventionType }) {
    const order = this.orders.get(externalId);
    if (!order?.invoices.includes(id)) return;
    if ((state === 'PAID' || state === 'COMPLETED') && order.granted === 0) order.granted += 1;
    if (state === 'PENDING_INTERVENTION') order.attention = { id, interventionType };
  }

  async #count(invoice, { eventType, data }) {
    if (eventType !== 'INVOICE_FUNDS_RECEIVED_FOR_INVOICE') return;
    const topUp = this.topUps.get(invoice.id);
    const deposit = await this.calypso.deposit({ id: invoice.id }, [data.transactionId].flat()[0]);
    if (topUp.deposits.has(deposit.id)) return;
    topUp.deposits.add(deposit.id);
    topUp.total = add(topUp.total, deposit.amount);
  }
}

async function openBooks(t) {
  const { baseUrl, control } = await startSandbox(t);
  const calypso = new Calypso({ baseUrl, ...MERCHANT });
  const books = new Books(calypso);
  let subscription;
  const shop = await openShop(t, (delivery) => (books.refuses?.(delivery) ? 500 : books.hear(delivery, subscription)));
  subscription = await calypso.subscribe({ requestId: randomUUID(), url: shop.url, notificationServiceTypes: ['INVOICE'] });
  return { calypso, control, books, shop };
}

const PAID = ['INVOICE_FUNDS_RECEIVED_FOR_INVOICE', 'INVOICE_PAID'];

test('a day of a shop', async (t) => {
  const { calypso, control, books, shop } = await openBooks(t);

  // The first buyer pays at once.
  const first = await books.order('1001', '25.00', 'USDT_TRX');
  await control.pay(first.invoiceAddress, first.amount.text);
  await shop.expects('INVOICE_CREATE_INVOICE', ...PAID);
  assert.equal(books.orders.get('1001').granted, 1);

  // The second looks at Bitcoin, changes their mind, and pays in another currency; the first invoice is left to expire.
  await books.order('1002', '40', 'BTC');
  const second = await books.order('1002', '40', 'USDC');
  const { result } = await calypso.invoicesByExternalId({ externalId: '1002' });
  assert.equal(result.length, 2);
  await control.pay(second.invoiceAddress, second.amount.text);
  await shop.expects('INVOICE_CREATE_INVOICE', 'INVOICE_CREATE_INVOICE', ...PAID);

  // The third sends too little, and the shop is content with it.
  const third = await books.order('1003', '100', 'ETH');
  await control.pay(third.invoiceAddress, '0.00000001');
  await shop.expects('INVOICE_CREATE_INVOICE', 'INVOICE_FUNDS_RECEIVED_FOR_INVOICE', 'INVOICE_PENDING_INTERVENTION');
  assert.deepEqual(books.orders.get('1003'), { granted: 0, attention: { id: third.id, interventionType: 'UNDERPAY' }, invoices: [third.id] });
  await calypso.returnToPaid({ id: books.orders.get('1003').attention.id });
  await shop.expects('INVOICE_PAID');

  // The fourth never pays.
  const fourth = await books.order('1004', '12.34', 'TRX');
  await shop.expects('INVOICE_CREATE_INVOICE');

  // A day later all is settled.
  await control.advance(86_401);
  const rest = [];
  for (let count = 0; count < 5; count += 1) rest.push(nameOf(await shop.next()));
  assert.deepEqual(rest.sort(), [...Array(2).fill('INVOICE_EXPIRED'), ...Array(3).fill('INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED')]);
  const granted = [...books.orders].map(([number, order]) => `${number}:${order.granted}`).join(' ');
  assert.equal(granted, '1001:1 1002:1 1003:1 1004:0');
  assert.equal((await calypso.invoice({ id: fourth.id })).state, 'ARCHIVED');
});

test('a wallet that is topped up again and again adds up exactly, though the shop stumbles', async (t) => {
  const { calypso, control, books, shop } = await openBooks(t);
  const { id, invoiceAddress } = await books.topUp('client-2', 'USDT_TRX');
  await shop.expects('INVOICE_CREATE_UNLIMITED_INVOICE');
  // Every event is refused at first, so that it comes again.
  const seen = new Set();
  books.refuses = ({ event }) => !seen.has(event.id.text) && seen.add(event.id.text);
  const amounts = ['0.1', '0.2', '0.000001', '1000000', '33.333333'];
  for (const amount of amounts) await control.pay(invoiceAddress, amount);
  await shop.expects(...amounts.map(() => 'INVOICE_FUNDS_RECEIVED_FOR_INVOICE'));
  assert.equal(books.topUps.get(id).total, '0');
  for (const comes of [10, 5]) {
    await control.advance(31);
    for (let count = 0; count < comes; count += 1) await shop.next();
  }
  assert.equal(books.topUps.get(id).total, '1000033.633334');
  assert.equal(plain((await calypso.invoice({ id })).totalDebitAmount), '1000033.633334');
  assert.equal(books.topUps.get(id).deposits.size, amounts.length);
  assert.equal((await calypso.depositHistory({ id })).totalElements.text, '5');
});

test('a create whose answer was lost makes one invoice', async (t) => {
  const { calypso, control, books, shop } = await openBooks(t);
  for (const kind of ['reset', 'truncated', 'error500', 'html']) {
    await control.fault({ path: '/api/v1/invoice/single-fiat/create', kind, times: 1 });
    const invoice = await books.order(kind, '25.00', 'USDC');
    assert.equal((await calypso.invoicesByExternalId({ externalId: kind })).result.length, 1, kind);
    await control.pay(invoice.invoiceAddress, invoice.amount.text);
    await shop.expects('INVOICE_CREATE_INVOICE', ...PAID);
    assert.equal(books.orders.get(kind).granted, 1);
  }
});
