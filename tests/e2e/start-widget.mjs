// Starts a built widget once: node start-widget.mjs DIRECTORY. Fails unless its module really ran in Chromium.
//
// The page sets the strictest policy a shop can set, and its server speaks just enough of the proxy's language for the widget to
// show its first screen: what is on that screen can only have been put there by the module.
import assert from 'node:assert/strict';
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

import { launch } from './lib/scenario.mjs';

const LIMIT_MS = 60_000;
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.css': 'text/css', '.json': 'application/json' };
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; require-trusted-types-for 'script'";
const ID = '0192f0c8-3b1e-7d4a-9c55-3f2a7be01d64';

const directory = process.argv[2];
assert.ok(directory && existsSync(join(directory, 'integrity.json')), `a built widget was expected in ${directory}`);

function checkout() {
  const now = Date.now();
  return {
    id: ID,
    state: 'choosing',
    description: 'Order 1001',
    price: { amount: '25.00', currency: 'EUR' },
    currencies: [{ code: 'USDT_TRX', symbol: 'USDT', name: 'Tether USD', network: 'Tron (TRC-20)', estimate: '27.31' }],
    invoice: null,
    expiresAt: new Date(now + 3_600_000).toISOString(),
    now: new Date(now).toISOString(),
    pollAfterMs: 5000,
    returnUrl: null,
    supportUrl: null,
    logoUrl: null,
    attestation: null,
  };
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname === '/') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY });
    response.end(`<!doctype html><title>Start</title><script type="module" src="/calypso-pay.js"></script><calypso-pay checkout="${ID}"></calypso-pay>`);
    return;
  }
  if (pathname === `/v1/checkouts/${ID}`) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(checkout()));
    return;
  }
  const path = join(directory, normalize(pathname));
  if (!existsSync(path) || !TYPES[extname(path)]) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': TYPES[extname(path)] });
  createReadStream(path).pipe(response);
});
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const origin = `http://127.0.0.1:${server.address().port}`;

const browser = await launch();
const complaints = [];
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const ours = !message.location().url.endsWith('/favicon.ico');
    if (ours && ['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(`${origin}/`);
  const state = await page.waitForFunction(
    () => {
      const { state } = document.querySelector('calypso-pay').dataset;
      return state === 'loading' ? false : state;
    },
    undefined,
    { timeout: LIMIT_MS },
  ).then((handle) => handle.jsonValue(), () => 'loading');
  const shown = await page.evaluate(() => {
    const root = document.querySelector('calypso-pay').shadowRoot;
    return [...root?.querySelectorAll('[data-currency]') ?? []].map(({ dataset }) => dataset.currency);
  });
  assert.deepEqual({ state, shown, complaints }, { state: 'choosing', shown: ['USDT_TRX'], complaints: [] });
} finally {
  await browser.close();
  server.close();
  server.closeAllConnections();
}
