// The ways a shop puts the widget on a page, and the strictest page it must work on.
import assert from 'node:assert/strict';

import { scenario, withBrowser } from './lib/scenario.mjs';

withBrowser();

const SCRIPT = '<script type="module" src="/calypso-pay.js"></script>';

/** The policy of a shop that allows nothing it does not need. */
const STRICT = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

async function pays(buyer, sandbox) {
  await buyer.picks('USDT_TRX');
  const { invoice } = await buyer.now();
  assert.equal(await buyer.address(), invoice.address);
  assert.equal(await buyer.scans(), invoice.uri);
  await sandbox.deposit(invoice.address, invoice.amount, 'confirmed');
  await buyer.isThanked();
}

scenario('a checkout made by the merchant\'s server', async ({ buyer, sandbox, merchant }) => {
  const checkout = await merchant.checkout({ price: '49.90', description: 'Order 4711', currencies: ['USDT_TRX', 'BTC'] });
  await buyer.visitsPage(`${SCRIPT}<calypso-pay checkout="${checkout.id}"></calypso-pay>`);
  await buyer.sees('choosing');
  await buyer.reads('49.90');
  await buyer.reads('Order 4711');
  assert.equal(await buyer.part('currency').count(), 2);
  await pays(buyer, sandbox);
  const paid = await buyer.events('paid');
  assert.equal(paid[0].detail.checkout.id, checkout.id);
});

scenario('a classic script puts the element where it stands', async ({ buyer, sandbox, merchant }) => {
  const checkout = await merchant.checkout();
  await buyer.visitsPage(
    `<p id="before">before</p><script src="/calypso-pay.js" data-checkout="${checkout.id}" async></script><p id="after">after</p>`,
  );
  await buyer.sees('choosing');
  const order = await buyer.page.evaluate(() => [...document.querySelectorAll('p, calypso-pay')].map((node) => node.id || node.localName));
  assert.deepEqual(order, ['before', 'calypso-pay', 'after']);
  await pays(buyer, sandbox);
});

scenario('the hosted page a merchant sends as a link', async ({ buyer, sandbox, merchant, demo }) => {
  const checkout = await merchant.checkout({ description: 'Invoice 2026-17' });
  const url = checkout.url ?? `${demo.origin}/pay/${checkout.id}`;
  assert.equal(new URL(url).pathname, `/pay/${checkout.id}`);
  const response = await buyer.page.goto(`${demo.origin}/pay/${checkout.id}`);
  const policy = response.headers()['content-security-policy'] ?? '';
  assert.match(policy, /default-src 'none'/);
  await buyer.sees('choosing');
  await buyer.reads('Invoice 2026-17');
  const title = await buyer.page.title();
  assert.match(title, /^[\d.]+ EUR · Invoice 2026-17$/);
  await pays(buyer, sandbox);
  assert.match(await buyer.page.title(), /^Payment (received|complete) · /, 'its tab says so too');
  assert.ok((await buyer.page.title()).endsWith(title));
});

scenario('the strictest policy with Trusted Types, without one violation', async ({ buyer, sandbox, merchant }) => {
  const checkout = await merchant.checkout();
  await buyer.visitsPage(`${SCRIPT}<calypso-pay checkout="${checkout.id}"></calypso-pay>`, {
    headers: { 'content-security-policy': STRICT },
  });
  await pays(buyer, sandbox);
  // The story's end asserts: no violation, no script error, no request to a third party.
});

scenario('two elements on one page are two payments', async ({ buyer, sandbox, merchant }) => {
  const [tea, coffee] = [await merchant.checkout({ description: 'Tea' }), await merchant.checkout({ description: 'Coffee' })];
  await buyer.visitsPage(
    `${SCRIPT}<calypso-pay id="tea" checkout="${tea.id}"></calypso-pay><calypso-pay id="coffee" checkout="${coffee.id}"></calypso-pay>`,
  );
  const states = () => buyer.page.evaluate(() => [...document.querySelectorAll('calypso-pay')].map(({ dataset, state }) => [dataset.state, state]));
  await buyer.page.waitForFunction(() => [...document.querySelectorAll('calypso-pay')].every(({ dataset }) => dataset.state === 'choosing'));
  await buyer.picks('USDT_TRX');
  assert.deepEqual(await states(), [['awaiting', 'awaiting'], ['choosing', 'choosing']]);
  const { invoice } = await merchant.look(tea.id);
  await sandbox.deposit(invoice.address, invoice.amount, 'confirmed');
  await buyer.isThanked();
  assert.deepEqual((await states())[1], ['choosing', 'choosing']);
  assert.equal((await buyer.events('paid')).length, 1);
});

scenario('an element that is taken off the page stops asking', async ({ buyer, merchant }) => {
  const checkout = await merchant.checkout();
  await buyer.visitsPage(`${SCRIPT}<calypso-pay checkout="${checkout.id}"></calypso-pay>`);
  await buyer.picks('USDT_TRX');
  await buyer.page.evaluate(() => document.querySelector('calypso-pay').remove());
  await buyer.page.waitForTimeout(500);
  let asked = 0;
  buyer.page.on('request', () => { asked += 1; });
  await buyer.page.waitForTimeout(7_000);
  assert.equal(asked, 0);
});
