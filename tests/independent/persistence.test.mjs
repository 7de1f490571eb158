// A sandbox kept in a file goes on where it was left: what a merchant was told before a restart is still true after it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { digits, write } from './lib/exact-json.mjs';
import { assertRefused, seconds } from './lib/shapes.mjs';
import { startSandbox } from './lib/sandbox.mjs';
import { assertSigned, openShop } from './lib/shop.mjs';

async function fileFor(t) {
  const folder = await mkdtemp(join(tmpdir(), 'calypso-independent-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'sandbox');
}

test('invoices, widgets, customers, subscriptions and the clock outlive a restart', async (t) => {
  const file = await fileFor(t);
  const shop = await openShop(t);
  const before = await startSandbox(t, ['--data', file]);
  const single = await before.calypso.createSingleInvoice({ amount: digits('0.000042'), currency: 'ETH', description: 'x' });
  const priced = await before.calypso.createSingleFiatInvoice({ currency: 'USDT_TRX', fiatAmount: digits('25.00'), fiatCurrency: 'EUR', description: 'x', idempotencyKey: randomUUID() });
  const widget = await before.calypso.createUnlimitedLinkedWidget({ cryptoCurrencies: ['BTC', 'ETH'], description: 'Top-up' });
  const customer = await before.calypso.createCustomer({ email: 'client@shop.example' });
  const { address } = await before.calypso.customerAddress(customer.id, 'ETH');
  const subscription = await before.calypso.subscribe({ requestId: randomUUID(), url: shop.url, notificationEventTypes: ['INVOICE_PAID'] });
  await before.control.advance(3600);
  const { now } = await before.control.clock();
  await before.stop();

  const after = await startSandbox(t, ['--data', file]);
  assert.equal(write(await after.calypso.invoice({ id: single.id })), write(single));
  assert.equal((await after.calypso.invoice({ idempotencyKey: priced.idempotencyKey })).id, priced.id);
  assert.equal(write(await after.calypso.findUnlimitedLinkedWidget(widget.idempotencyKey)), write(widget));
  assert.equal((await after.calypso.customerAddress(customer.id, 'ETH')).address, address);
  assert.equal((await after.calypso.subscriptions())[0].secretKey, subscription.secretKey);
  const passed = seconds(now, (await after.control.clock()).now);
  assert.ok(passed >= 0 && passed < 60, `the clock moved by ${passed} s`);

  await after.control.pay(single.invoiceAddress, '0.000042');
  const [paid] = await shop.expects('INVOICE_PAID');
  assertSigned(paid, subscription);
  assert.equal(paid.event.data.parentExternalId, single.id);
});

test('without a file nothing is kept', async (t) => {
  const before = await startSandbox(t);
  const { id } = await before.calypso.createSingleInvoice({ amount: digits('1'), currency: 'ETH', description: 'x' });
  await before.stop();
  await assertRefused('004', (await startSandbox(t)).calypso.invoice({ id }));
});
