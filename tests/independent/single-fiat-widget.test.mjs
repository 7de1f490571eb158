// §2.1, §2.2, §4.3, §7.3: a widget priced in fiat, made, found again, and left to expire.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { plain } from './lib/amounts.mjs';
import { digits, write } from './lib/exact-json.mjs';
import { assertRefused, assertWidget, currencyNames, millis, seconds } from './lib/shapes.mjs';
import { startSandbox } from './lib/sandbox.mjs';

const DAY = 86_400;
const WIDGET = { cryptoCurrencies: ['USDT_TRX', 'USDC', 'BTC'], fiatAmount: digits('100'), fiatCurrency: 'EUR', description: 'Order 1001' };

test('the documented request makes the documented widget', async (t) => {
  const { calypso } = await startSandbox(t);
  const request = { ...WIDGET, idempotencyKey: randomUUID(), externalId: 'order-1001', returnUrl: 'https://shop.example/done' };
  const widget = assertWidget(await calypso.createSingleFiatWidget(request), 'SINGLE_FIAT');
  assert.equal(widget.idempotencyKey, request.idempotencyKey);
  assert.deepEqual(currencyNames(widget.cryptoCurrencies), WIDGET.cryptoCurrencies, 'in the order they were sent');
  assert.equal(plain(widget.fiatAmount), '100');
  assert.equal(widget.fiatCurrency, 'EUR');
  assert.equal(widget.description, 'Order 1001');
  assert.equal(widget.widgetState, 'IN_PROGRESS');
  assert.equal(widget.externalId, 'order-1001');
  assert.equal(widget.returnUrl, 'https://shop.example/done');
  assert.deepEqual(widget.invoices, []);
  assert.equal(Math.round(seconds(widget.createdDate, widget.expiration)), DAY, 'one day unless told');
  assert.equal(calypso.widgetLink(widget), `${calypso.baseUrl}/pay?widgetKey=${request.idempotencyKey}`);
});

test('it makes no invoice', async (t) => {
  const { calypso } = await startSandbox(t);
  await calypso.createSingleFiatWidget({ ...WIDGET, externalId: 'order-1001' });
  await assertRefused('004', calypso.invoice({ externalId: 'order-1001' }));
});

test('it is found by its key, under each documented name of it', async (t) => {
  const { calypso } = await startSandbox(t);
  const widget = await calypso.createSingleFiatWidget(WIDGET);
  assert.equal(write(await calypso.findSingleFiatWidget(widget.idempotencyKey)), write(widget));
  for (const name of ['idempotencyKey', 'id']) {
    assert.equal(write(await calypso.call('payment-widget/single-fiat/find', { [name]: widget.idempotencyKey })), write(widget), name);
  }
});

test('a key that is none is 001, one that is nobody\'s is 004', async (t) => {
  const { calypso } = await startSandbox(t);
  await assertRefused('004', calypso.findSingleFiatWidget(randomUUID()));
  await assertRefused('001', calypso.findSingleFiatWidget('order-1001'));
  await assertRefused('001', calypso.call('payment-widget/single-fiat/find', {}));
});

test('options are echoed, in either spelling of the prose', async (t) => {
  const { calypso } = await startSandbox(t);
  const options = { returnUrl: 'https://shop.example/done', supportUrl: 'https://shop.example/help', logoUrl: 'https://shop.example/logo.png' };
  const camel = await calypso.createSingleFiatWidget({ ...WIDGET, ...options });
  const snake = await calypso.createSingleFiatWidget({ ...WIDGET, return_url: options.returnUrl, support_url: options.supportUrl, logo_url: options.logoUrl });
  for (const [name, value] of Object.entries(options)) {
    assert.equal(camel[name], value, name);
    assert.equal(snake[name], value, name);
  }
});

test('incorrect input is 001', async (t) => {
  const { calypso } = await startSandbox(t);
  for (const change of [
    { cryptoCurrencies: undefined }, { cryptoCurrencies: [] }, { cryptoCurrencies: ['NOPE'] }, { cryptoCurrencies: 'BTC' }, { fiatAmount: undefined },
    { fiatAmount: digits('0') }, { fiatCurrency: undefined }, { fiatCurrency: 'BTC' }, { description: undefined }, { idempotencyKey: '1' },
  ]) {
    await assertRefused('001', calypso.createSingleFiatWidget({ ...WIDGET, ...change }));
  }
});

test('an expiration lies ahead, by less than 30 days', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const at = async (ahead) => new Date(millis((await control.clock()).now) + ahead * 1000).toISOString();
  for (const ahead of [600, 29 * DAY]) {
    const expiration = await at(ahead);
    assert.equal(millis((await calypso.createSingleFiatWidget({ ...WIDGET, expiration })).expiration), millis(expiration));
  }
  for (const ahead of [-60, 30 * DAY + 60]) await assertRefused('001', calypso.createSingleFiatWidget({ ...WIDGET, expiration: await at(ahead) }));
});

test('it is archived when its time is over, not before', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const { idempotencyKey } = await calypso.createSingleFiatWidget(WIDGET);
  await control.advance(DAY - 60);
  assert.equal((await calypso.findSingleFiatWidget(idempotencyKey)).widgetState, 'IN_PROGRESS');
  await control.advance(61);
  assert.equal((await calypso.findSingleFiatWidget(idempotencyKey)).widgetState, 'ARCHIVED');
});
