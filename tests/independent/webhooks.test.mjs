// §2.16, §2.17, §5.1 to §5.5: subscriptions, and signed deliveries of every invoice event.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { plain, subtract } from './lib/amounts.mjs';
import { verify } from './lib/client.mjs';
import { assertInvoiceEvent } from './lib/events.mjs';
import { digits, write } from './lib/exact-json.mjs';
import { assertRefused, millis } from './lib/shapes.mjs';
import { MERCHANT, startSandbox } from './lib/sandbox.mjs';
import { assertSigned, nameOf, openShop } from './lib/shop.mjs';

const PRICED = { currency: 'USDT_TRX', fiatAmount: digits('25.00'), fiatCurrency: 'EUR', description: 'Order 1001', externalId: 'order-1001' };

async function shopWith(t, wanted = { notificationServiceTypes: ['INVOICE'] }) {
  const sandbox = await startSandbox(t);
  const shop = await openShop(t);
  const subscription = await sandbox.calypso.subscribe({ requestId: randomUUID(), url: shop.url, ...wanted });
  return { ...sandbox, shop, subscription };
}

test('a subscription is made, listed with its keys, changed and deleted', async (t) => {
  const { calypso } = await startSandbox(t);
  const request = { requestId: randomUUID(), url: 'http://127.0.0.1:9/hooks', notificationEventTypes: ['INVOICE_PAID', 'INVOICE_PENDING_INTERVENTION'] };
  const made = await calypso.subscribe(request);
  assert.equal(made.requestId, request.requestId);
  assert.equal(made.url, request.url);
  assert.deepEqual(made.notificationEventTypes, request.notificationEventTypes);
  assert.equal(typeof made.publicKey, 'string');
  assert.equal(typeof made.secretKey, 'string');
  assert.notEqual(made.secretKey, MERCHANT.secret, 'its own pair, not the API\'s');
  millis(made.createdDate);

  const [listed, ...others] = await calypso.subscriptions();
  assert.deepEqual(others, []);
  for (const name of ['requestId', 'url', 'publicKey', 'secretKey']) assert.equal(listed[name], made[name], name);

  const changed = await calypso.changeSubscription({ ...request, url: 'http://127.0.0.1:9/other', notificationEventTypes: ['INVOICE_EXPIRED'] });
  assert.equal(changed.requestId, request.requestId);
  assert.equal(changed.url, 'http://127.0.0.1:9/other');
  assert.deepEqual(changed.notificationEventTypes, ['INVOICE_EXPIRED']);
  assert.equal((await calypso.subscriptions())[0].url, 'http://127.0.0.1:9/other');

  assert.equal(await calypso.unsubscribe(request.requestId), undefined, '200 without content');
  assert.deepEqual(await calypso.subscriptions(), []);
  await assertRefused('004', calypso.unsubscribe(request.requestId));
});

test('incorrect subscriptions are 001, unknown ones 004', async (t) => {
  const { calypso } = await startSandbox(t);
  const request = { requestId: randomUUID(), url: 'http://127.0.0.1:9/hooks', notificationEventTypes: ['INVOICE_PAID'] };
  for (const change of [{ requestId: undefined }, { requestId: 'x' }, { url: undefined }, { url: 'not a url' }, { notificationEventTypes: undefined }, { notificationEventTypes: ['NO_SUCH_EVENT'] }]) {
    await assertRefused('001', calypso.subscribe({ ...request, ...change }));
  }
  await assertRefused('004', calypso.changeSubscription(request));
});

test('a payment tells its story in the documented order', async (t) => {
  const { calypso, control, shop, subscription } = await shopWith(t);
  const invoice = await calypso.createSingleFiatInvoice(PRICED);
  const check = ([delivery], name) => assertInvoiceEvent(delivery, subscription, invoice, name);

  const created = check(await shop.expects('INVOICE_CREATE_INVOICE'), 'INVOICE_CREATE_INVOICE');
  assert.equal(plain(created.amount), plain(invoice.amount));

  const from = 'TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX';
  const deposit = await control.deposit({ address: invoice.invoiceAddress, amount: invoice.amount.text, stage: 'mempool', from });
  const seen = check(await shop.expects('INVOICE_MEMPOOL_FOUND'), 'INVOICE_MEMPOOL_FOUND');
  assert.equal(plain(seen.realAmount), plain(invoice.amount));
  assert.equal(seen.transactionHash, deposit.transactionHash);

  await control.move(deposit.id, 'confirmed');
  const received = check(await shop.expects('INVOICE_FUNDS_RECEIVED_FOR_INVOICE'), 'INVOICE_FUNDS_RECEIVED_FOR_INVOICE');
  assert.equal(plain(received.amount), plain(invoice.amount));
  assert.equal(received.transactionHash, deposit.transactionHash);
  assert.equal(received.senderAddress, from);
  const [transactionId] = [received.transactionId].flat();
  assert.equal((await calypso.deposit({ id: invoice.id }, transactionId)).transactionHash, deposit.transactionHash, 'its transactionId finds the deposit (§2.13)');

  const paid = check(await shop.expects('INVOICE_PAID'), 'INVOICE_PAID');
  assert.equal(plain(paid.amount), plain(invoice.amount));
  assert.equal(plain(paid.realAmount), plain(invoice.amount));
  assert.equal((await calypso.invoice({ id: paid.parentExternalId })).state, 'PAID', 'goods are granted after this fetch');

  await control.advance(6);
  const credited = check(await shop.expects('INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED'), 'INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED');
  assert.equal(plain(credited.amount), plain(invoice.amount));
  assert.deepEqual(credited.transactionIds, [transactionId]);
  const { state, fee } = await calypso.invoice({ id: invoice.id });
  assert.equal(state, 'COMPLETED');
  assert.equal(plain(credited.serviceFee), plain(fee));
  subtract(credited.amount, credited.serviceFee);
  const ids = shop.received.map(({ event }) => BigInt(event.id.text));
  assert.equal(new Set(ids).size, 5, 'an id of its own for every event');
});

test('an invoice priced in crypto, paid straight away', async (t) => {
  const { calypso, control, shop, subscription } = await shopWith(t);
  const invoice = await calypso.createSingleInvoice({ amount: digits('0.001043'), currency: 'ETH', description: 'test' });
  await control.pay(invoice.invoiceAddress, '0.001043');
  await control.advance(6);
  const deliveries = await shop.expects('INVOICE_CREATE_INVOICE', 'INVOICE_FUNDS_RECEIVED_FOR_INVOICE', 'INVOICE_PAID', 'INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED');
  for (const delivery of deliveries) {
    const data = assertInvoiceEvent(delivery, subscription, invoice, nameOf(delivery));
    assert.equal(plain(data.amount), '0.001043');
    assert.ok(!('fiatCurrency' in data) && !('externalId' in data && data.externalId !== null));
  }
});

for (const [kind, amount] of [['UNDERPAY', '0.9'], ['OVERPAY', '1.1']]) {
  test(`${kind}: the event says only that the merchant must look; accepting tells PAID`, async (t) => {
    const { calypso, control, shop, subscription } = await shopWith(t);
    const invoice = await calypso.createSingleInvoice({ amount: digits('1'), currency: 'ETH', description: 'test', externalId: 'order-2' });
    await control.pay(invoice.invoiceAddress, amount);
    const [, received, pending] = await shop.expects('INVOICE_CREATE_INVOICE', 'INVOICE_FUNDS_RECEIVED_FOR_INVOICE', 'INVOICE_PENDING_INTERVENTION');
    assert.equal(plain(assertInvoiceEvent(received, subscription, invoice, 'INVOICE_FUNDS_RECEIVED_FOR_INVOICE').amount), amount);
    const data = assertInvoiceEvent(pending, subscription, invoice, 'INVOICE_PENDING_INTERVENTION');
    for (const name of ['amount', 'realAmount', 'interventionType']) assert.ok(!(name in data), name);
    assert.equal((await calypso.invoice({ id: data.parentExternalId })).interventionType, kind);

    await calypso.returnToPaid({ id: invoice.id });
    const [paid] = await shop.expects('INVOICE_PAID');
    const accepted = assertInvoiceEvent(paid, subscription, invoice, 'INVOICE_PAID');
    assert.equal(plain(accepted.amount), '1');
    assert.equal(plain(accepted.realAmount), amount);
    await control.advance(6);
    const [credited] = await shop.expects('INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED');
    assert.equal(plain(assertInvoiceEvent(credited, subscription, invoice, 'INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED').amount), amount);
  });
}

test('reviewed and declined', async (t) => {
  const { calypso, control, shop, subscription } = await shopWith(t);
  const invoice = await calypso.createSingleFiatInvoice(PRICED);
  const deposit = await control.deposit({ address: invoice.invoiceAddress, amount: invoice.amount.text, stage: 'mempool' });
  await control.move(deposit.id, 'review');
  await control.move(deposit.id, 'declined');
  const deliveries = await shop.expects('INVOICE_CREATE_INVOICE', 'INVOICE_MEMPOOL_FOUND', 'INVOICE_PENDING_COMPLIANCE', 'INVOICE_COMPLIANCE_DECLINED');
  for (const delivery of deliveries.slice(2)) {
    assert.equal(assertInvoiceEvent(delivery, subscription, invoice, nameOf(delivery)).transactionHash, deposit.transactionHash);
  }
});

test('expired, and a late deposit says nothing', async (t) => {
  const { calypso, control, shop, subscription } = await shopWith(t);
  const invoice = await calypso.createSingleFiatInvoice(PRICED);
  await shop.expects('INVOICE_CREATE_INVOICE');
  await control.advance(3 * 3600 + 1);
  const [expired] = await shop.expects('INVOICE_EXPIRED');
  const data = assertInvoiceEvent(expired, subscription, invoice, 'INVOICE_EXPIRED');
  assert.equal(millis(data.expirationDate), millis(invoice.expiration));
  await control.pay(invoice.invoiceAddress, invoice.amount.text);
  await control.advance(60);
  // The next thing the shop hears of is another invoice: nothing came between.
  const next = await calypso.createSingleInvoice({ amount: digits('1'), currency: 'ETH', description: 'marker' });
  assertInvoiceEvent((await shop.expects('INVOICE_CREATE_INVOICE'))[0], subscription, next, 'INVOICE_CREATE_INVOICE');
});

test('archiving and dropping say nothing', async (t) => {
  const { calypso, control, shop } = await shopWith(t);
  const invoice = await calypso.createSingleInvoice({ amount: digits('1'), currency: 'ETH', description: 'x' });
  const deposit = await control.deposit({ address: invoice.invoiceAddress, amount: '1', stage: 'mempool' });
  await control.move(deposit.id, 'dropped');
  await calypso.archive({ id: invoice.id });
  await calypso.createUnlimitedInvoice({ currency: 'ETH', description: 'marker' });
  await shop.expects('INVOICE_CREATE_INVOICE', 'INVOICE_MEMPOOL_FOUND', 'INVOICE_CREATE_UNLIMITED_INVOICE');
});

test('an unlimited invoice tells of each deposit by itself', async (t) => {
  const { calypso, control, shop, subscription } = await shopWith(t);
  const invoice = await calypso.createUnlimitedInvoice({ currency: 'ETH', description: 'wallet of client 1', externalId: '1234' });
  const [created] = await shop.expects('INVOICE_CREATE_UNLIMITED_INVOICE');
  assert.ok(!('amount' in assertInvoiceEvent(created, subscription, invoice, 'INVOICE_CREATE_UNLIMITED_INVOICE')));
  for (const amount of ['0.01', '2.5', '0.00000001']) {
    await control.pay(invoice.invoiceAddress, amount);
    await control.advance(6);
    const [received, credited] = await shop.expects('INVOICE_FUNDS_RECEIVED_FOR_INVOICE', 'INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED');
    const { transactionId, ...came } = assertInvoiceEvent(received, subscription, invoice, 'INVOICE_FUNDS_RECEIVED_FOR_INVOICE');
    const data = assertInvoiceEvent(credited, subscription, invoice, 'INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED');
    assert.equal(plain(came.amount), amount);
    assert.equal(plain(data.amount), amount);
    assert.deepEqual(data.transactionIds, [transactionId].flat());
  }
});

test('only the events asked for arrive, each once', async (t) => {
  const { calypso, control, shop } = await shopWith(t, { notificationEventTypes: ['INVOICE_PAID', 'INVOICE_EXPIRED'] });
  for (const description of ['first', 'second']) {
    const { invoiceAddress } = await calypso.createSingleInvoice({ amount: digits('1'), currency: 'ETH', description });
    await control.pay(invoiceAddress, '1');
    await control.advance(6);
    const [{ event }] = await shop.expects('INVOICE_PAID');
    assert.equal(event.data.description, description);
  }
  assert.equal(shop.received.length, 2);
});

test('each subscription signs with its own key; a changed one moves; a deleted one is silent', async (t) => {
  const { calypso, shop: first, subscription } = await shopWith(t);
  const second = await openShop(t);
  const other = await calypso.subscribe({ requestId: randomUUID(), url: second.url, notificationEventTypes: ['INVOICE_CREATE_INVOICE'] });
  const create = () => calypso.createSingleInvoice({ amount: digits('1'), currency: 'ETH', description: 'x' });
  assert.notEqual(other.secretKey, subscription.secretKey);

  await create();
  const [[to], [too]] = [await first.expects('INVOICE_CREATE_INVOICE'), await second.expects('INVOICE_CREATE_INVOICE')];
  assertSigned(to, subscription);
  assertSigned(too, other);
  assert.ok(!verify(other.secretKey, to.body, to.headers.sign));
  assert.ok(!verify(MERCHANT.secret, to.body, to.headers.sign));

  await calypso.unsubscribe(subscription.requestId);
  const third = await openShop(t);
  const moved = await calypso.changeSubscription({ requestId: other.requestId, url: third.url, notificationEventTypes: ['INVOICE_CREATE_INVOICE'] });
  await create();
  assertSigned((await third.expects('INVOICE_CREATE_INVOICE'))[0], moved);
  assert.equal(first.received.length, 1);
  assert.equal(second.received.length, 1);
});

test('one changed byte of a delivery is found out', async (t) => {
  const { calypso, shop, subscription } = await shopWith(t);
  await calypso.createSingleInvoice({ amount: digits('1'), currency: 'ETH', description: 'Заказ №1' });
  const [{ body, headers, event }] = await shop.expects('INVOICE_CREATE_INVOICE');
  assert.equal(event.data.message, 'Заказ №1');
  assert.ok(verify(subscription.secretKey, body, headers.sign));
  for (let at = 0; at < body.length; at += 1) {
    const changed = Buffer.from(body);
    changed[at] ^= 1;
    assert.ok(!verify(subscription.secretKey, changed, headers.sign), `byte ${at}`);
  }
  assert.ok(!verify(subscription.secretKey, Buffer.from(write(event) + ' '), headers.sign));
});
