// §2.18: rates of crypto currencies and of fiat, the calls without an account.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { compare, multiply, plain } from './lib/amounts.mjs';
import { amountOf, assertRefused, millis } from './lib/shapes.mjs';
import { startSandbox } from './lib/sandbox.mjs';

test('a rate for every pair asked', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const rates = await calypso.rates(['BTC', 'USDT_TRX', 'ETH'], ['EUR', 'USD']);
  assert.deepEqual(rates.map(({ fromCurrency, toCurrency }) => `${fromCurrency}/${toCurrency}`).sort(), ['BTC/EUR', 'BTC/USD', 'ETH/EUR', 'ETH/USD', 'USDT_TRX/EUR', 'USDT_TRX/USD']);
  const { now } = await control.clock();
  for (const { rates: rate, ratesDate } of rates) {
    assert.ok(compare(amountOf(rate, 'rates'), '0') > 0);
    assert.ok(Math.abs(millis(ratesDate) - millis(now)) < 3_600_000, ratesDate);
  }
  const of = (from) => rates.find(({ fromCurrency, toCurrency }) => fromCurrency === from && toCurrency === 'USD').rates.text;
  assert.ok(compare(of('BTC'), of('ETH')) > 0 && compare(of('ETH'), of('USDT_TRX')) > 0, 'in the order the world knows');
});

test('a fixed rate is answered with its value, digit for digit', async (t) => {
  const { calypso, control } = await startSandbox(t);
  for (const rate of ['61000.5', '0.92', '1', '0.0000420261', '123456789.123456']) {
    await control.fixRate('BTC', 'EUR', rate);
    const [{ rates }] = await calypso.rates(['BTC'], ['EUR']);
    assert.equal(plain(rates.text), rate);
  }
});

test('without an account, and with one', async (t) => {
  const { calypso, control } = await startSandbox(t);
  await calypso.rates(['BTC'], ['EUR']);
  const [{ body }] = await control.requests();
  assert.ok(!('account' in body));
  assert.equal((await calypso.call('rate', { fromCurrencies: ['BTC'], toCurrencies: ['EUR'] })).currencyRates.length, 1);
});

test('fiat rates lie in a map from, then to', async (t) => {
  const { calypso } = await startSandbox(t);
  const map = await calypso.fiatRates(['USD', 'EUR'], ['EUR', 'USD']);
  const [forth, back] = [amountOf(map.USD.EUR, 'USD.EUR'), amountOf(map.EUR.USD, 'EUR.USD')];
  assert.ok(compare(forth, '0.5') > 0 && compare(forth, '2') < 0);
  const round = multiply(forth, back);
  assert.ok(compare(round, '0.999') > 0 && compare(round, '1.001') < 0, `there and back again is ${round}`);
});

test('incorrect input is 001', async (t) => {
  const { calypso } = await startSandbox(t);
  for (const [from, to] of [[undefined, ['EUR']], [['BTC'], undefined], [['NOPE'], ['EUR']], [['BTC'], ['NOPE']], ['BTC', 'EUR']]) {
    await assertRefused('001', calypso.rates(from, to));
  }
  await assertRefused('001', calypso.fiatRates(['USD'], undefined));
  await assertRefused('001', calypso.fiatRates(['NOPE'], ['EUR']));
});
