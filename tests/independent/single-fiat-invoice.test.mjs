// §2.6, §2.7, §6, §7.3: an invoice priced in fiat, made and found again.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { assertAddress } from './lib/addresses.mjs';
import { compare, distance, multiply, plain, scaleOf, step } from './lib/amounts.mjs';
import { CURRENCIES } from './lib/currencies.mjs';
import { digits, write } from './lib/exact-json.mjs';
import { amountOf, assertInvoice, assertRefused, millis, seconds } from './lib/shapes.mjs';
import { startSandbox } from './lib/sandbox.mjs';

const HOUR = 3600;
const DAY = 24 * HOUR;
const ORDER = { currency: 'USDC', description: 'invoice for client 1', fiatAmount: digits('1000'), fiatCurrency: 'EUR' };

test('the documented request makes the documented invoice', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const idempotencyKey = randomUUID();
  const invoice = assertInvoice(await calypso.createSingleFiatInvoice({ ...ORDER, idempotencyKey }), 'SINGLE_FIAT');
  assert.equal(invoice.state, 'PENDING_PAYMENT');
  assert.equal(invoice.idempotencyKey, idempotencyKey);
  assert.equal(invoice.currency, 'USDC');
  assert.equal(invoice.description, 'invoice for client 1');
  assert.equal(invoice.fiatAmount.text, '1000');
  assert.equal(invoice.fiatCurrency, 'EUR');
  assert.equal(plain(invoice.totalDebitAmount), '0');
  assert.equal(invoice.isInterventionResolved, true, 'true on a fresh invoice (§2.0)');
  assert.equal(invoice.subscriptionEnabled, false);
  for (const name of ['interventionType', 'lastDepositHash', 'externalId', 'returnUrl', 'lowerBound']) assert.ok(!(name in invoice), name);
  const { now } = await control.clock();
  assert.ok(Math.abs(seconds(invoice.createdDate, now)) < 60);
  assert.equal(calypso.invoiceLink(invoice), `${calypso.baseUrl}/invoice/${idempotencyKey}`);
});

test('it is found by id, by key and by external id, and is the same each time', async (t) => {
  const { calypso } = await startSandbox(t);
  const invoice = await calypso.createSingleFiatInvoice({ ...ORDER, externalId: 'order-1001', idempotencyKey: randomUUID() });
  for (const ref of [{ id: invoice.id }, { idempotencyKey: invoice.idempotencyKey }, { externalId: 'order-1001' }]) {
    assert.equal(write(await calypso.invoice(ref)), write(invoice), JSON.stringify(ref));
  }
});

test('an external id may be shared: the newest invoice is the one found', async (t) => {
  const { calypso } = await startSandbox(t);
  const made = [];
  for (const currency of ['USDC', 'BTC', 'USDT_TRX']) made.push(await calypso.createSingleFiatInvoice({ ...ORDER, currency, externalId: 'order-7' }));
  assert.equal(new Set(made.map(({ id }) => id)).size, 3);
  assert.equal(new Set(made.map(({ idempotencyKey }) => idempotencyKey)).size, 3, 'a key is made where none is sent');
  assert.equal((await calypso.invoice({ externalId: 'order-7' })).id, made[2].id);
});

test('options are echoed, and nothing that was not sent', async (t) => {
  const { calypso } = await startSandbox(t);
  const options = { externalId: 'order 1001/№', returnUrl: 'https://shop.example/done?a=1&b=2', supportUrl: 'https://shop.example/help', logoUrl: 'https://shop.example/logo.png' };
  const full = assertInvoice(await calypso.createSingleFiatInvoice({ ...ORDER, ...options }), 'SINGLE_FIAT');
  for (const [name, value] of Object.entries(options)) assert.equal(full[name], value, name);
  const bare = await calypso.createSingleFiatInvoice(ORDER);
  for (const name of Object.keys(options)) assert.ok(!(name in bare), name);
});

test('every currency of §6: a real address, its scale, and an amount that covers the price', async (t) => {
  const { calypso } = await startSandbox(t);
  const seen = new Set();
  for (const { name, network, scale } of CURRENCIES) {
    const invoice = assertInvoice(await calypso.createSingleFiatInvoice({ ...ORDER, currency: name }), 'SINGLE_FIAT');
    assert.equal(invoice.currency, name);
    assertAddress(network, invoice.invoiceAddress);
    assert.ok(!seen.has(invoice.invoiceAddress), 'an address of its own');
    seen.add(invoice.invoiceAddress);
    const amount = amountOf(invoice.amount, 'amount');
    assert.ok(scaleOf(amount) <= scale, `${name} ${amount} has at most ${scale} decimals`);
    const [{ rates }] = await calypso.rates([name], ['EUR']);
    // One step less would not pay the price; what is sent does, within what the digits of the rate leave open.
    const worth = multiply(amount, rates.text);
    const tolerance = compare(multiply(rates.text, step(scale)), '0.01') > 0 ? multiply(rates.text, step(scale)) : '0.01';
    assert.ok(compare(distance(worth, '1000'), tolerance) <= 0, `${amount} ${name} at ${rates} EUR is ${worth} EUR, not 1000`);
  }
});

test('a fixed rate gives exactly the amount the price is worth', async (t) => {
  const { calypso, control } = await startSandbox(t);
  for (const [currency, rate, fiatAmount, amount] of [
    ['USDT_TRX', '0.8', '25.00', '31.25'], ['BTC', '50000', '25', '0.0005'], ['ETH', '2500', '1000', '0.4'], ['TRX', '0.25', '0.01', '0.04'], ['USDC', '0.5', '99999999.99', '199999999.98'],
  ]) {
    await control.fixRate(currency, 'EUR', rate);
    const invoice = await calypso.createSingleFiatInvoice({ ...ORDER, currency, fiatAmount: digits(fiatAmount) });
    assert.equal(plain(invoice.amount), amount, `${fiatAmount} EUR at ${rate} EUR for one ${currency}`);
    assert.equal(plain(invoice.fiatAmount), plain(fiatAmount));
  }
});

test('the price keeps its value whatever its digits', async (t) => {
  const { calypso } = await startSandbox(t);
  for (const price of ['1', '1.0', '1.10', '0.01', '19.99', '100000.5', '12345678.91']) {
    const invoice = await calypso.createSingleFiatInvoice({ ...ORDER, fiatAmount: digits(price) });
    assert.equal(plain(invoice.fiatAmount), plain(price));
  }
});

test('it lives 3 hours on Tron and one day elsewhere', async (t) => {
  const { calypso } = await startSandbox(t);
  for (const { name, network } of CURRENCIES) {
    const invoice = await calypso.createSingleFiatInvoice({ ...ORDER, currency: name });
    assert.equal(Math.round(seconds(invoice.createdDate, invoice.expiration)), network === 'tron' ? 3 * HOUR : DAY, name);
  }
});

test('an expiration may be given, within a day', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const at = async (ahead) => new Date(millis((await control.clock()).now) + ahead * 1000).toISOString();
  for (const [currency, ahead] of [['USDC', 600], ['USDC', 23 * HOUR], ['USDT_TRX', 600]]) {
    const expiration = await at(ahead);
    const invoice = assertInvoice(await calypso.createSingleFiatInvoice({ ...ORDER, currency, expiration }), 'SINGLE_FIAT');
    assert.equal(millis(invoice.expiration), millis(expiration));
  }
  for (const ahead of [-60, DAY + 60, 30 * DAY]) await assertRefused('001', calypso.createSingleFiatInvoice({ ...ORDER, expiration: await at(ahead) }));
});

test('an expiration may be written in every form of a date the documentation shows', async (t) => {
  const { calypso } = await startSandbox(t);
  const minute = new Date(Math.floor(Date.now() / 60_000) * 60_000 + 7_200_000).toISOString().slice(0, 16);
  for (const written of [`${minute}Z`, `${minute}:00Z`, `${minute}:30.5Z`, `${minute}:30.039606`, `${minute}:30.03960Z`, `${minute}:00+00:00`, minute]) {
    const { expiration } = await calypso.createSingleFiatInvoice({ ...ORDER, expiration: written });
    assert.equal(millis(expiration), millis(written.replace('+00:00', 'Z')), written);
  }
  const east = `${new Date(Date.parse(`${minute}Z`) + 2 * 3_600_000).toISOString().slice(0, 16)}:00+02:00`;
  assert.equal(millis((await calypso.createSingleFiatInvoice({ ...ORDER, expiration: east })).expiration), Date.parse(`${minute}Z`), east);
});
