// The gateway secret never leaves the proxy: one is planted and looked for everywhere a buyer or an operator can look.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { WIDGET } from './lib/places.mjs';
import { scenario, withBrowser } from './lib/scenario.mjs';

withBrowser();

const CANARY = 'canary-5f1e9c7b2d8a4036-never-to-be-seen';

/** The spellings in which a secret could slip out. */
const SPELLINGS = [
  CANARY,
  Buffer.from(CANARY).toString('base64').replaceAll('=', ''),
  Buffer.from(CANARY).toString('hex'),
  encodeURIComponent(CANARY),
];

function assertClean(where, content) {
  const text = Buffer.isBuffer(content) ? content.toString('latin1') : content;
  for (const spelling of SPELLINGS) {
    assert.ok(!text.toLowerCase().includes(spelling.toLowerCase()), `the secret is in ${where}`);
  }
}

/** Asks the gateway for a rate, as the proxy does; gives back the answer's status. */
async function signedCall(origin, secret) {
  const body = JSON.stringify({ timestamp: Date.now(), payload: { fromCurrencies: ['BTC'], toCurrencies: ['EUR'] } });
  const sign = createHmac('sha512', secret).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', key: 'sandbox-key', sign };
  const response = await fetch(`${origin}/api/v1/rate`, { method: 'POST', headers, body });
  await response.text();
  return response.status;
}

function files(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

scenario(
  'the secret is in no file, page, answer, error, store or log',
  { demo: { environment: { CALYPSO_DEMO_SECRET: CANARY, RUST_LOG: 'trace' } } },
  async ({ buyer, sandbox, merchant, demo }) => {
    buyer.expectsNetworkTrouble = true;
    const answers = [];
    buyer.page.on('response', async (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.startsWith('/sandbox/') || pathname.startsWith('/api/')) return;
      answers.push([`${response.request().method()} ${pathname}`, JSON.stringify(response.headers()), await response.text().catch(() => '')]);
    });
    await buyer.visitsShop();
    await buyer.picks('USDT_TRX');
    const { invoice } = await buyer.now();
    await sandbox.deposit(invoice.address, invoice.amount, 'confirmed');
    await buyer.isThanked();
    assertClean('the page', await buyer.page.content());
    assertClean('the widget', await buyer.text());
    const kept = await buyer.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
    assertClean('the browser\'s stores', kept);

    // Every error this door can give, with a merchant's key and without.
    const { id } = await merchant.checkout();
    await sandbox.fault('error500', 2);
    const requests = [
      ['GET', `/v1/checkouts/${id}`], ['GET', '/v1/checkouts/nonsense'], ['POST', `/v1/checkouts/${id}/invoice`, '{"currency":"USDT_TRX"}'],
      ['POST', `/v1/checkouts/${id}/invoice`, '{"currency":"BTC"}'], ['POST', `/v1/checkouts/${id}/invoice`, '{"currency":"NOPE"}'],
      ['POST', '/v1/checkouts', '{"product":"nope"}'], ['POST', '/v1/checkouts', '{'], ['POST', '/v1/checkouts', '{"price":{"amount":"1","currency":"EUR"}}'],
      ['GET', '/'], ['GET', `/pay/${id}`], ['GET', '/pay/nonsense'], ['GET', '/v1/nothing'], ['GET', '/assets/nothing'],
      ['GET', '/assets/..%2f..%2fproxy.toml'], ['GET', '/calypso-pay.js'], ['GET', '/integrity.json'], ['DELETE', '/v1/checkouts'],
    ];
    for (const [method, path, body] of requests) {
      const response = await fetch(demo.origin + path, { method, body, headers: body ? { 'content-type': 'application/json' } : {} });
      answers.push([`${method} ${path}`, JSON.stringify([...response.headers]), await response.text()]);
    }
    assert.ok(answers.length > requests.length + 5, 'the page asked for things as well');
    for (const [what, headers, body] of answers) {
      assertClean(`the headers of ${what}`, headers);
      assertClean(`the answer of ${what}`, body);
      if (!what.includes('/assets/')) assert.doesNotMatch(body, /"sign"|[0-9a-f]{128}/i, `${what} returns a signature`);
    }

    for (const path of files(WIDGET)) {
      const content = readFileSync(path);
      assertClean(path, content);
      if (path.endsWith('.br')) assertClean(path, brotliDecompressSync(content));
      if (path.endsWith('.gz')) assertClean(path, gunzipSync(content));
    }
    const stored = files(demo.store);
    assert.ok(stored.some((path) => path.includes('sqlite')), `a SQLite file was expected, found ${stored}`);
    for (const path of stored) {
      if (path.endsWith('.toml')) continue;
      assertClean(path, readFileSync(path));
    }

    // It really is the secret in use: what is signed with it is taken, what is signed with another is not.
    assert.equal(await signedCall(demo.origin, CANARY), 200);
    assert.notEqual(await signedCall(demo.origin, `${CANARY}!`), 200);
    await demo.stop();
    assert.ok(demo.output.length > 200, 'the process logs at its loudest');
    assertClean('the logs', demo.output);
  },
);
