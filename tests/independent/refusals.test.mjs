// §1.4 and §1.5: what the gateway refuses, with which code, and in exactly which shape.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { sign } from './lib/client.mjs';
import { digits, read } from './lib/exact-json.mjs';
import { assertRefused } from './lib/shapes.mjs';
import { MERCHANT, startSandbox } from './lib/sandbox.mjs';

const ORDER = { currency: 'USDC', fiatAmount: digits('1000'), fiatCurrency: 'EUR', description: 'invoice for client 1' };
const UPPER_BOUND_MS = 180_000;

test('a wrong key is 002, a wrong signature 003', async (t) => {
  const { calypso } = await startSandbox(t);
  const body = `{"timestamp":${Date.now()},"payload":{"fromCurrencies":["BTC"],"toCurrencies":["EUR"]}}`;
  await calypso.send('rate', body);

  await assertRefused('002', calypso.send('rate', body, { key: 'c529e14832b34b74972365cf7bf02431' }));
  await assertRefused('002', calypso.send('rate', body, { key: null }));
  await assertRefused('003', calypso.send('rate', body, { signature: '0'.repeat(128) }));
  await assertRefused('003', calypso.send('rate', body, { signature: 'not hex at all' }));
  await assertRefused('003', calypso.send('rate', body, { signature: '' }));
  await assertRefused('003', calypso.send('rate', body, { signature: null }));
});

test('a signature belongs to its bytes: one changed byte is 003', async (t) => {
  const { calypso } = await startSandbox(t);
  const body = `{"timestamp":${Date.now()},"payload":{"fromCurrencies":["BTC"],"toCurrencies":["EUR"]}}`;
  const signature = sign(MERCHANT.secret, body);
  await calypso.send('rate', body, { signature });
  for (const other of [body.replace('EUR', 'USD'), `${body} `, body.replace(':', ': ')]) {
    await assertRefused('003', calypso.send('rate', other, { signature }));
  }
});

test('the window is three minutes to both sides', async (t) => {
  const { calypso } = await startSandbox(t);
  const at = (shift) => calypso.call('invoice', { id: randomUUID() }, { timestamp: Date.now() + shift });
  // Within: the call is looked at, and finds no such invoice. The upper bound itself can be hit exactly, since time only runs on.
  for (const shift of [0, UPPER_BOUND_MS, 120_000, -120_000, -170_000]) await assertRefused('004', at(shift));
  for (const shift of [-UPPER_BOUND_MS - 1, 200_000, -3_600_000, 3_600_000, 86_400_000_000]) await assertRefused('011', at(shift));
});

test('a timestamp that is no whole number of milliseconds is refused', async (t) => {
  const { calypso } = await startSandbox(t);
  const payload = '"payload":{"fromCurrencies":["BTC"],"toCurrencies":["EUR"]}';
  const now = Date.now();
  for (const timestamp of [`"${now}"`, 'null', '{}', `${Math.floor(now / 1000)}`, '-1']) {
    const refusal = await calypso.send('rate', `{"timestamp":${timestamp},${payload}}`).then(() => assert.fail(`accepted the timestamp ${timestamp}`), (error) => error);
    assert.match(refusal.errorCode, /^0(01|11)$/, refusal.message);
  }
  const missing = await calypso.send('rate', `{${payload}}`).then(() => assert.fail('accepted a body without timestamp'), (error) => error);
  assert.match(missing.errorCode, /^0(01|11)$/, missing.message);
});

test('the virtual clock does not move the window', async (t) => {
  const { calypso, control } = await startSandbox(t);
  await control.advance(86_400);
  await calypso.createSingleFiatInvoice(ORDER);
  await assertRefused('011', calypso.call('invoice', { id: randomUUID() }, { timestamp: Date.now() + 86_400_000 }));
});

test('incorrect input is 001', async (t) => {
  const { calypso } = await startSandbox(t);
  const create = (change) => calypso.createSingleFiatInvoice({ ...ORDER, ...change });
  await create({});
  for (const change of [
    { currency: undefined }, { fiatAmount: undefined }, { fiatCurrency: undefined }, { description: undefined },
    { currency: 'DOGECOIN' }, { fiatCurrency: 'XXX' }, { fiatAmount: digits('0') }, { fiatAmount: digits('-1') }, { fiatAmount: 'much' },
    { idempotencyKey: 'not-a-uuid' }, { expiration: 'tomorrow' }, { currency: null }, { description: ['x'] },
  ]) {
    await assertRefused('001', create(change));
  }
});

test('a validation message names the member of the payload', async (t) => {
  const { calypso } = await startSandbox(t);
  for (const name of ['currency', 'fiatAmount', 'fiatCurrency', 'description']) {
    await assertRefused('001', calypso.createSingleFiatInvoice({ ...ORDER, [name]: undefined }), new RegExp(`payload\\.${name}=\\[[^\\]]+\\]`));
  }
});

test('a body that is not the envelope is 001', async (t) => {
  const { calypso } = await startSandbox(t);
  for (const body of ['', 'nonsense', '[]', '"text"', '{', `{"timestamp":${Date.now()}`]) {
    await assertRefused('001', calypso.send('invoice', body));
  }
  await assertRefused('001', calypso.call('invoice', undefined));
  await assertRefused('001', calypso.call('invoice', {}));
});

test('every call but the rates needs the account', async (t) => {
  const { calypso } = await startSandbox(t);
  await assertRefused('001', calypso.call('invoice', { id: randomUUID() }, { account: null }));
  await calypso.rates(['BTC'], ['EUR']);
});

test('what is not there is 004, on every path', async (t) => {
  const { calypso } = await startSandbox(t);
  await assertRefused('004', calypso.invoice({ id: randomUUID() }));
  await assertRefused('004', calypso.invoice({ idempotencyKey: randomUUID() }));
  await assertRefused('004', calypso.invoice({ externalId: 'nobody' }));
  await assertRefused('004', calypso.findSingleFiatWidget(randomUUID()));
  await assertRefused('004', calypso.call('exchange/pairs'));
  await assertRefused('004', calypso.call('no/such/path', {}));
});

test('an error answer is JSON with leading zeros kept, and unknown request members do no harm', async (t) => {
  const { calypso } = await startSandbox(t);
  const { text } = await assertRefused('004', calypso.invoice({ id: randomUUID() }));
  assert.match(text, /"errorCode"\s*:\s*"004"/);
  assert.equal(read(text).errorCode, '004');
  const invoice = await calypso.createSingleFiatInvoice({ ...ORDER, cartItems: [], somethingNew: { of: digits('2030') } });
  assert.equal(invoice.currency, 'USDC');
});

test('one idempotency key is one invoice; with another payload it is 016', async (t) => {
  const { calypso } = await startSandbox(t);
  const order = { ...ORDER, idempotencyKey: randomUUID() };
  const first = await calypso.createSingleFiatInvoice(order);
  assert.equal(first.idempotencyKey, order.idempotencyKey);
  assert.equal((await calypso.createSingleFiatInvoice(order)).id, first.id);
  for (const change of [{ fiatAmount: digits('1001') }, { currency: 'ETH' }, { fiatCurrency: 'USD' }, { description: 'another' }, { externalId: 'order-1' }]) {
    await assertRefused('016', calypso.createSingleFiatInvoice({ ...order, ...change }));
  }
  assert.equal((await calypso.invoice({ idempotencyKey: order.idempotencyKey })).id, first.id);
});

test('many at once with one key still make one invoice', async (t) => {
  const { calypso } = await startSandbox(t);
  const order = { ...ORDER, idempotencyKey: randomUUID() };
  const ids = await Promise.all(Array.from({ length: 20 }, async () => (await calypso.createSingleFiatInvoice(order)).id));
  assert.equal(new Set(ids).size, 1);
});

test('one idempotency key is one widget; with another payload it is 016', async (t) => {
  const { calypso } = await startSandbox(t);
  const widget = { cryptoCurrencies: ['USDT_TRX', 'BTC'], fiatAmount: digits('100'), fiatCurrency: 'EUR', description: 'Order 1001', idempotencyKey: randomUUID() };
  assert.equal((await calypso.createSingleFiatWidget(widget)).idempotencyKey, widget.idempotencyKey);
  assert.equal((await calypso.createSingleFiatWidget(widget)).idempotencyKey, widget.idempotencyKey);
  await assertRefused('016', calypso.createSingleFiatWidget({ ...widget, fiatAmount: digits('101') }));
});

test('answers are JSON and say so, and only the documented methods are answered', async (t) => {
  const { baseUrl, calypso } = await startSandbox(t);
  const body = `{"timestamp":${Date.now()},"payload":{"fromCurrencies":["BTC"],"toCurrencies":["EUR"]}}`;
  const headers = { Key: MERCHANT.key, Sign: sign(MERCHANT.secret, body), 'Content-Type': 'application/json' };
  const asked = (change) => fetch(`${baseUrl}/api/v1/rate`, { method: 'POST', headers, body, ...change });
  const [right, wrong] = [await asked({}), await asked({ headers: { ...headers, Sign: 'x' } })];
  assert.deepEqual([right.status, wrong.status], [200, 400]);
  for (const answer of [right, wrong]) assert.match(answer.headers.get('content-type'), /^application\/json\b/);
  for (const method of ['PUT', 'DELETE']) assert.ok(!(await asked({ method })).ok, method);
  assert.ok(!(await fetch(`${baseUrl}/api/v1/rate`, { headers })).ok, 'GET');
  await calypso.rates(['BTC'], ['EUR']);
});
