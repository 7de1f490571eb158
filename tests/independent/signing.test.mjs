// §1.3: the signing vectors, computed here and accepted by the gateway.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { sign, verify } from './lib/client.mjs';
import { digits, read, write } from './lib/exact-json.mjs';
import { assertRefused } from './lib/shapes.mjs';
import { MERCHANT, startSandbox } from './lib/sandbox.mjs';

const WIDGET = '{"timestamp":1700000000000,"account":"0xc195df92dd9db2a8f28e597981f113d6e7582f8b","payload":{"cryptoCurrencies":["USDT_TRX","BTC"],"fiatAmount":100,"fiatCurrency":"EUR","description":"Order №1","idempotencyKey":"e73ed7b1-a941-429e-9d59-315591bfeb68"}}';
const DELIVERY = '{"requestId":"bf9348b7-2c14-46d7-868c-b597852da319","id":1,"createdDate":"2022-03-15T12:13:05.909616","level":"SUCCESS","service":"INVOICE","eventType":"INVOICE_CREATE_INVOICE","data":{"type":"INVOICE_CREATE_INVOICE","parentExternalId":3}}';

const VECTORS = [
  ['published', 15, '{"timestamp":1}', 'b16e9d45f49f2069becbc4f108b237bee588cfc353fe9501df103e692acbc68d482a10d34c12bea22fedde7e28e1b8e57a6a0a373b0e9a27c5257bd8b36e13b9'],
  ['one space added', 16, '{"timestamp": 1}', '997c35df780d761a9a6c7f98521a3ca8a6f238a87e4c728fe2dcb83a8c34cb47feb03bba5961a636804dd7bdccbce2b8615af323d9715dcf74cbb5d5f82e0145'],
  ['text outside ASCII', 253, WIDGET, '3d427272f13cac711e93fa89f5ea46698e4f551e2515434e41a7afde3f662d6e1db4639342c48c2596840e2cd41336a1cf783896a86c839b50182d301a39c49f'],
  ['a delivery', 239, DELIVERY, 'd87d8fde40517f3987e9a56ed3c95e67270fe7bb15737a293477e420812f91dd216df87b41b5d51d198a020c25b3dfa3ab26389f3c75ad7d492585bdfd5d516b'],
];

for (const [name, bytes, body, expected] of VECTORS) {
  test(`vector: ${name}`, () => {
    assert.equal(Buffer.byteLength(body), bytes);
    assert.equal(sign(MERCHANT.secret, body), expected);
    assert.ok(verify(MERCHANT.secret, Buffer.from(body), expected));
    assert.ok(!verify(MERCHANT.secret, Buffer.from(`${body} `), expected));
  });
}

test('the gateway agrees with every vector: it finds no fault but the age', async (t) => {
  const { calypso } = await startSandbox(t);
  for (const [, , body, signature] of VECTORS.slice(0, 3)) {
    await assertRefused('011', calypso.send('payment-widget/single-fiat/create', body, { signature }));
  }
});

test('the bytes that are sent are signed, whatever their layout and order of keys', async (t) => {
  const { calypso } = await startSandbox(t);
  const now = Date.now();
  const laidOut = [
    `{\n  "timestamp": ${now},\n  "payload": {\n    "fromCurrencies": [ "BTC" ],\n    "toCurrencies": [ "EUR" ]\n  }\n}`,
    `{"payload":{"toCurrencies":["EUR"],"fromCurrencies":["BTC"]},"timestamp":${now}}`,
    `{"timestamp":${now},"payload":{"fromCurrencies":["\\u0042TC"],"toCurrencies":["EUR"]}}`,
  ];
  for (const body of laidOut) assert.equal((await calypso.send('rate', body)).currencyRates.length, 1);

  const invoice = await calypso.createSingleFiatInvoice({
    currency: 'USDT_TRX', fiatAmount: digits('25.00'), fiatCurrency: 'EUR', description: 'Заказ №1 – café ☕ 𝔾',
  });
  assert.equal(invoice.description, 'Заказ №1 – café ☕ 𝔾');
});

test('this client reads and writes numbers digit for digit', () => {
  const text = '{"a":0.000042026017236,"b":[0,1e-7,61000.50],"c":"\\u2116","d":null,"e":-1.0}';
  assert.equal(write(read(text)), text.replace('\\u2116', '№'));
  for (const bad of ['{"a":01}', '{"a":1,"a":2}', '{"a":.5}', '{"a":1}x', '[1,]', '{"a":NaN}', '"\n"']) assert.throws(() => read(bad), SyntaxError, bad);
});
