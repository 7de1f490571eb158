// A page that changes its mind, a module that stops, a policy that forbids: what the buyer sees, and what the developer reads.
import assert from 'node:assert/strict';

import { scenario, withBrowser } from './lib/scenario.mjs';
import { Twin } from './lib/twin.mjs';

withBrowser();

const tagged = (origin) => `<script type="module" src="/calypso-pay.js" data-proxies="${origin}"></script>`;

scenario('changing the proxy while money is asked for is a stop, not a new address', async ({ buyer, merchant, demo, t }) => {
  buyer.expectsStop = true;
  const other = await Twin.start();
  t.after(() => other.stop());
  const { id } = await merchant.checkout();
  await buyer.visitsPage(`${tagged(other.origin)}<calypso-pay checkout="${id}"></calypso-pay>`);
  await buyer.picks('USDT_TRX');
  await buyer.element.evaluate((element, proxy) => element.setAttribute('proxy', proxy), other.origin);
  await buyer.sees('failed');
  await buyer.reads('something on this page is not right');
  assert.equal(await buyer.part('address').count(), 0);
  assert.equal((await buyer.events('error')).at(-1).detail.code, 'proxy_changed');
  assert.equal(other.wasAsked, false);
  await buyer.element.evaluate((element, proxy) => element.setAttribute('proxy', proxy), demo.origin);
  await buyer.sees('awaiting');
});

scenario('a proxy that nobody listed is named to the developer', async ({ buyer, merchant, t }) => {
  buyer.expectsStop = true;
  const other = await Twin.start();
  t.after(() => other.stop());
  const { id } = await merchant.checkout();
  await buyer.visitsPage(`<script type="module" src="/calypso-pay.js"></script><calypso-pay checkout="${id}" proxy="${other.origin}/base"></calypso-pay>`);
  await buyer.sees('failed');
  assert.equal((await buyer.events('error'))[0].detail.code, 'proxy_not_allowed');
  assert.match(buyer.complaints.join('\n'), new RegExp(`data-proxies="${other.origin}"`));
  assert.equal(other.wasAsked, false);
});

scenario('a module that stops in the middle is told, and can be started again', async ({ buyer, merchant }) => {
  buyer.expectsStop = true;
  const { id } = await merchant.checkout();
  await buyer.visitsPage(`<script type="module" src="/calypso-pay.js"></script><calypso-pay checkout="${id}"></calypso-pay>`);
  await buyer.sees('choosing');
  // From now on the module cannot make elements, which it does not survive.
  await buyer.page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<img name="createElement" alt="">'));
  await buyer.element.locator('[data-currency="USDT_TRX"]').click();
  await buyer.sees('failed');
  await buyer.reads('has stopped');
  assert.equal((await buyer.events('error')).at(-1).detail.code, 'widget_stopped');
  await buyer.page.evaluate(() => document.images[0].remove());
  await buyer.element.getByRole('button', { name: 'Try again' }).click();
  await buyer.sees('awaiting');
  assert.equal(await buyer.address(), (await buyer.now()).invoice.address);
});

scenario('a policy without wasm-unsafe-eval is named once, and the buyer is led to the page that works', async ({ buyer, merchant, demo }) => {
  buyer.expectsStop = true;
  const { id } = await merchant.checkout();
  const element = `<calypso-pay checkout="${id}"></calypso-pay>`;
  await buyer.visitsPage(`<script type="module" src="/calypso-pay.js"></script>${element}${element}`, {
    headers: { 'content-security-policy': "default-src 'none'; script-src 'self'; connect-src 'self'" },
  });
  await buyer.sees('failed');
  assert.doesNotMatch(await buyer.text(), /connection/i);
  const named = buyer.complaints.filter((text) => text.includes('calypso-pay:') && text.includes("add 'wasm-unsafe-eval' to script-src"));
  assert.equal(named.length, 1, buyer.complaints.join('\n'));
  assert.equal((await buyer.events('error'))[0].detail.code, 'policy_refused');
  const [href] = await buyer.element.getByRole('link').evaluateAll((links) => links.map((link) => link.href));
  assert.equal(href, `${demo.origin}/pay/${id}`);
});

scenario('a policy without the proxy in connect-src is named', async ({ buyer, merchant, demo }) => {
  buyer.expectsStop = true;
  const { id } = await merchant.checkout();
  await buyer.visitsPage(`<script type="module" src="/calypso-pay.js"></script><calypso-pay checkout="${id}"></calypso-pay>`, {
    headers: { 'content-security-policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'" },
  });
  await buyer.sees('failed');
  assert.match(buyer.complaints.join('\n'), new RegExp(`calypso-pay: .*add ${demo.origin} to connect-src`));
});

scenario('an origin that the proxy does not list is named to the developer', async ({ buyer, t }) => {
  buyer.expectsStop = true;
  const [shop, strict] = await Promise.all([Twin.start(), Twin.start({ refusesPages: true })]);
  t.after(() => Promise.all([shop.stop(), strict.stop()]));
  const html = `<!doctype html><script type="module" src="${strict.origin}/calypso-pay.js"></script><calypso-pay product="tea"></calypso-pay>`;
  await buyer.page.goto(shop.page('/shop', html));
  await buyer.sees('failed');
  const said = () => buyer.complaints.join('\n');
  for (let tries = 0; tries < 200 && !said().includes('allowed_origins'); tries += 1) await buyer.page.waitForTimeout(50);
  assert.match(said(), new RegExp(`the proxy at ${strict.origin} does not answer this page: add "${shop.origin}" to its allowed_origins`));
});

scenario('another script that took the name of the element is told', async ({ buyer }) => {
  buyer.expectsStop = true;
  await buyer.visitsPage('<script>customElements.define("calypso-pay", class extends HTMLElement {});</script><script type="module" src="/calypso-pay.js"></script><calypso-pay product="demo-order"></calypso-pay>');
  for (let tries = 0; tries < 200 && buyer.complaints.length === 0; tries += 1) await buyer.page.waitForTimeout(50);
  assert.match(buyer.complaints.join('\n'), /<calypso-pay> was defined by another script/);
});

scenario('a property that a page set before the script came is taken', async ({ buyer, merchant }) => {
  const { id } = await merchant.checkout();
  await buyer.visitsPage(`<calypso-pay></calypso-pay><script>document.querySelector('calypso-pay').checkout = '${id}';</script><script type="module" src="/calypso-pay.js"></script>`);
  await buyer.sees('choosing');
  assert.equal(await buyer.element.getAttribute('checkout'), id);
  // As a framework takes it back.
  await buyer.element.evaluate((element) => { element.theme = 'dark'; element.theme = undefined; });
  assert.equal(await buyer.element.getAttribute('theme'), null);
});

scenario('one hash on the script tag covers every script of the widget', async ({ buyer, merchant, demo }) => {
  const hashes = await (await fetch(`${demo.origin}/integrity.json`)).json();
  assert.deepEqual(Object.keys(hashes).filter((path) => path.endsWith('.js')), ['calypso-pay.js']);
  const scripts = [];
  buyer.page.on('request', (request) => { if (request.resourceType() === 'script') scripts.push(new URL(request.url()).pathname); });
  const { id } = await merchant.checkout();
  await buyer.visitsPage(`<script type="module" src="/calypso-pay.js" integrity="${hashes['calypso-pay.js']}" crossorigin></script><calypso-pay checkout="${id}"></calypso-pay>`);
  await buyer.sees('choosing');
  assert.deepEqual(scripts, ['/calypso-pay.js']);
});

scenario('a changed module is refused also where something between drops the hash', async ({ buyer, merchant }) => {
  buyer.expectsStop = true;
  let wasChanged = false;
  await buyer.page.route('**/assets/*.wasm', async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    // A custom section more: it still is a module that would run.
    wasChanged = true;
    await route.fulfill({ contentType: 'application/wasm', body: Buffer.concat([body, Buffer.from([0, 2, 1, 0x78])]) });
  });
  const { id } = await merchant.checkout();
  const careless = '<script>{ const real = window.fetch; window.fetch = (url, options) => real(url, { ...options, integrity: undefined }); }</script>';
  await buyer.visitsPage(`${careless}<script type="module" src="/calypso-pay.js"></script><calypso-pay checkout="${id}"></calypso-pay>`);
  await buyer.sees('failed');
  assert.ok(wasChanged);
  assert.match((await buyer.events('error'))[0].detail.message, /changed on its way/);
  assert.equal(buyer.checkouts.length, 0, 'nothing of the changed module ran');
});
