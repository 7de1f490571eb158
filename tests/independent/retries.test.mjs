// §5.1: what is not answered with 200 comes again, later and later, on the gateway's own clock; too many errors block.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { digits } from './lib/exact-json.mjs';
import { startSandbox } from './lib/sandbox.mjs';
import { assertSigned, openShop } from './lib/shop.mjs';

const DELAYS = [30, 60, 90, 150, 240, 390, 630, 1020, 1650, 2670, 4320, 6990, 11310, 18300, 29610, 47910, 77520, 125430];
const STORY = ['INVOICE_CREATE_INVOICE', 'INVOICE_FUNDS_RECEIVED_FOR_INVOICE', 'INVOICE_PAID', 'INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED'];

/** A shop whose answers depend on the delivery, subscribed to new invoices and unlimited invoices (the markers). */
async function shopAnswering(t, answer, events = ['INVOICE_CREATE_INVOICE', 'INVOICE_CREATE_UNLIMITED_INVOICE']) {
  const sandbox = await startSandbox(t);
  const shop = await openShop(t, answer);
  const subscription = await sandbox.calypso.subscribe({ requestId: randomUUID(), url: shop.url, notificationEventTypes: events });
  const order = (description) => sandbox.calypso.createSingleInvoice({ amount: digits('1'), currency: 'ETH', description });
  // Shows by its arrival that nothing else was due before it.
  const marker = async () => {
    await sandbox.calypso.createUnlimitedInvoice({ currency: 'ETH', description: 'marker' });
    await shop.expects('INVOICE_CREATE_UNLIMITED_INVOICE');
  };
  return { ...sandbox, shop, subscription, order, marker };
}

const refusing = (status, times = Infinity) => {
  let left = times;
  return ({ event }) => {
    if (event.eventType !== 'INVOICE_CREATE_INVOICE' || left <= 0) return 200;
    left -= 1;
    return status;
  };
};

test('the first delays: never early, never forgotten, always the same event', async (t) => {
  const { control, shop, subscription, order, marker } = await shopAnswering(t, refusing(500, 6));
  await order('refused');
  const [first] = await shop.expects('INVOICE_CREATE_INVOICE');
  for (const delay of DELAYS.slice(0, 6)) {
    await control.advance(delay - 15);
    await marker();
    await control.advance(16);
    const [again] = await shop.expects('INVOICE_CREATE_INVOICE');
    assertSigned(again, subscription);
    assert.equal(again.event.id.text, first.event.id.text);
    assert.deepEqual(again.event.data, first.event.data);
  }
  // The last one was taken: it does not come again.
  await control.advance(200_000);
  await marker();
});

test('only 200 counts as delivered', async (t) => {
  for (const status of [201, 202, 204, 301, 400, 404, 503]) {
    const { control, shop, order, marker } = await shopAnswering(t, refusing(status, 1));
    await order('refused');
    await shop.expects('INVOICE_CREATE_INVOICE');
    await control.advance(31);
    await shop.expects('INVOICE_CREATE_INVOICE');
    await marker();
  }
});

test('after the last delay it gives up', async (t) => {
  const { calypso, control, shop, order, marker } = await shopAnswering(t, refusing(500));
  await order('refused');
  await shop.expects('INVOICE_CREATE_INVOICE');
  for (const delay of DELAYS) {
    await control.advance(delay + 1);
    await shop.expects('INVOICE_CREATE_INVOICE');
  }
  // The docs count 19 retries and list 18 delays: one more may come, no second.
  await control.advance(400_000);
  await calypso.createUnlimitedInvoice({ currency: 'ETH', description: 'marker' });
  const { event } = await shop.next();
  if (event.eventType === 'INVOICE_CREATE_INVOICE') await shop.expects('INVOICE_CREATE_UNLIMITED_INVOICE');
  await control.advance(4_000_000);
  await marker();
});

test('a shop that was away gets what it missed', async (t) => {
  let away = true;
  const { control, shop, order, calypso } = await shopAnswering(t, () => (away ? 503 : 200), STORY);
  const invoice = await order('missed');
  await control.pay(invoice.invoiceAddress, '1');
  await control.advance(6);
  const missed = await shop.expects(...STORY);
  away = false;
  await control.advance(31);
  const came = [await shop.next(), await shop.next(), await shop.next(), await shop.next()];
  assert.deepEqual(new Set(came.map(({ event }) => event.id.text)), new Set(missed.map(({ event }) => event.id.text)));
  assert.equal((await calypso.invoice({ id: invoice.id })).state, 'COMPLETED');
});

test('more than 100 errors in ten minutes and no success block the subscription', async (t) => {
  let broken = true;
  const { calypso, control, shop, subscription, order } = await shopAnswering(t, () => (broken ? 500 : 200));
  const healthy = await openShop(t);
  await calypso.subscribe({ requestId: randomUUID(), url: healthy.url, notificationServiceTypes: ['INVOICE'] });
  for (let count = 1; count <= 101; count += 1) {
    await order(`refused ${count}`);
    await shop.expects('INVOICE_CREATE_INVOICE');
    await healthy.expects('INVOICE_CREATE_INVOICE');
  }
  // The gateway counts an error a moment after the shop has answered: wait until it says so.
  const blocked = async () => (await calypso.subscriptions()).find(({ requestId }) => requestId === subscription.requestId).blockedByErrorCount;
  const patience = AbortSignal.timeout(15_000);
  while (!await blocked()) patience.throwIfAborted();
  await order('not delivered to the blocked one');
  await healthy.expects('INVOICE_CREATE_INVOICE');
  assert.equal(shop.received.length, 101);

  // Unblocked by a person, all that failed comes again, at once or at its own time.
  const failed = new Set(shop.received.map(({ event }) => event.id.text));
  broken = false;
  await control.unblock(subscription.requestId);
  await control.advance(31);
  while (failed.size > 0) failed.delete((await shop.next()).event.id.text);
});

test('a success between the errors keeps it open', async (t) => {
  const { shop, order } = await shopAnswering(t, (_, count) => (count === 61 ? 200 : 500));
  for (let count = 1; count <= 121; count += 1) {
    await order(`${count}`);
    await shop.expects('INVOICE_CREATE_INVOICE');
  }
  assert.equal(shop.received.length, 121);
});
