// §2.3, §2.4: the widget that takes any amount, any number of times.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { digits, write } from './lib/exact-json.mjs';
import { assertRefused, assertWidget, currencyNames } from './lib/shapes.mjs';
import { startSandbox } from './lib/sandbox.mjs';

const TOP_UP = { cryptoCurrencies: ['USDT_TRX', 'ETH'], description: 'Top-up', externalId: 'user-7' };

test('the documented request makes the documented widget', async (t) => {
  const { calypso } = await startSandbox(t);
  const options = { idempotencyKey: randomUUID(), logoUrl: 'https://shop.example/l.png', returnUrl: 'https://shop.example/r', supportUrl: 'https://shop.example/s' };
  const widget = assertWidget(await calypso.createUnlimitedLinkedWidget({ ...TOP_UP, ...options }), 'UNLIMITED_LINKED');
  assert.deepEqual(currencyNames(widget.cryptoCurrencies), TOP_UP.cryptoCurrencies);
  assert.equal(widget.widgetState, 'IN_PROGRESS');
  assert.equal(widget.externalId, 'user-7');
  for (const [name, value] of Object.entries(options)) assert.equal(widget[name], value, name);
  for (const name of ['fiatAmount', 'fiatCurrency']) assert.ok(!(name in widget), name);
  assert.equal(write(await calypso.findUnlimitedLinkedWidget(widget.idempotencyKey)), write(widget));
});

test('a key is made where none is sent, and one key is one widget', async (t) => {
  const { calypso } = await startSandbox(t);
  const [first, second] = [await calypso.createUnlimitedLinkedWidget(TOP_UP), await calypso.createUnlimitedLinkedWidget(TOP_UP)];
  assert.notEqual(first.idempotencyKey, second.idempotencyKey);
  const idempotencyKey = randomUUID();
  const widget = await calypso.createUnlimitedLinkedWidget({ ...TOP_UP, idempotencyKey });
  assert.equal(write(await calypso.createUnlimitedLinkedWidget({ ...TOP_UP, idempotencyKey })), write(widget));
  await assertRefused('016', calypso.createUnlimitedLinkedWidget({ ...TOP_UP, idempotencyKey, description: 'another' }));
});

test('each kind of widget is found on its own path', async (t) => {
  const { calypso } = await startSandbox(t);
  const linked = await calypso.createUnlimitedLinkedWidget(TOP_UP);
  const priced = await calypso.createSingleFiatWidget({ cryptoCurrencies: ['BTC'], fiatAmount: digits('100'), fiatCurrency: 'EUR', description: 'Order 1001' });
  await assertRefused('004', calypso.findUnlimitedLinkedWidget(priced.idempotencyKey));
  await assertRefused('004', calypso.findSingleFiatWidget(linked.idempotencyKey));
  await assertRefused('004', calypso.findUnlimitedLinkedWidget(randomUUID()));
});

test('incorrect input is 001', async (t) => {
  const { calypso } = await startSandbox(t);
  for (const change of [{ cryptoCurrencies: undefined }, { cryptoCurrencies: [] }, { cryptoCurrencies: ['NOPE'] }, { description: undefined }]) {
    await assertRefused('001', calypso.createUnlimitedLinkedWidget({ ...TOP_UP, ...change }));
  }
});
