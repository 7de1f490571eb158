// Starts a built widget once: node start-widget.mjs DIRECTORY. Fails unless its module really ran in Chromium.
//
// The page sets the strictest policy a shop can set, and its server speaks just enough of the proxy's language for the widget to
// show its first screen: what is on that screen can only have been put there by the module.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { launch } from './lib/scenario.mjs';
import { Twin } from './lib/twin.mjs';

const LIMIT_MS = 60_000;
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; require-trusted-types-for 'script'";

const directory = process.argv[2];
assert.ok(directory && existsSync(join(directory, 'integrity.json')), `a built widget was expected in ${directory}`);

const twin = await Twin.start({ widget: directory });
const shop = twin.page(
  '/',
  `<!doctype html><title>Start</title><script type="module" src="/calypso-pay.js"></script><calypso-pay checkout="${Twin.ID}"></calypso-pay>`,
  { 'content-security-policy': POLICY },
);

const browser = await launch();
const complaints = [];
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const ours = !message.location().url.endsWith('/favicon.ico');
    if (ours && ['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(shop);
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
  await twin.stop();
}
