// What hands, eyes and a page's own pieces meet: an address taken by hand, a logo, the hosted page's heading, motion.
import assert from 'node:assert/strict';

import { scenario, withBrowser } from './lib/scenario.mjs';

withBrowser();

const SCRIPT = '<script type="module" src="/calypso-pay.js"></script>';

for (const [how, take] of [
  ['one click', (address) => address.click()],
  ['a triple click', (address) => address.click({ clickCount: 3 })],
]) {
  scenario(`an address taken by ${how} is whole on the clipboard`, { browser: { viewport: { width: 320, height: 640 } } }, async ({ buyer }) => {
    await buyer.visitsShop();
    await buyer.picks('USDT_TRX');
    const { invoice } = await buyer.now();
    await take(buyer.part('address').locator('.group').nth(2));
    await buyer.page.keyboard.press('Control+c');
    assert.equal(await buyer.page.evaluate(() => navigator.clipboard.readText()), invoice.address);
  });
}

scenario('the hosted page keeps its heading and warns only while there is something to send', async ({ buyer, sandbox, merchant, demo }) => {
  const { id } = await merchant.checkout({ description: 'Invoice 2026-17' });
  await buyer.page.goto(`${demo.origin}/pay/${id}`);
  const heading = buyer.page.getByRole('heading', { level: 1 });
  const warning = buyer.page.locator('footer .check');
  await buyer.sees('choosing');
  assert.equal(await heading.count(), 1);
  assert.equal(await warning.isVisible(), false);
  await buyer.picks('USDT_TRX');
  assert.equal(await warning.isVisible(), true);
  const { invoice } = await buyer.now();
  await sandbox.deposit(invoice.address, invoice.amount, 'confirmed');
  await buyer.isThanked();
  assert.equal(await heading.innerText(), 'Invoice 2026-17');
  assert.equal(await warning.isVisible(), false, 'nothing is to be sent any more');
});

scenario('a hosted page whose widget finds nothing still says what was to be paid, under which reference', async ({ buyer, merchant, demo }) => {
  buyer.expectsNetworkTrouble = true;
  const { id } = await merchant.checkout({ description: 'Invoice 2026-17', supportUrl: `${demo.origin}/help` });
  await buyer.page.route('**/v1/checkouts/*', (route) => route.abort('connectionrefused'));
  await buyer.page.goto(`${demo.origin}/pay/${id}`);
  await buyer.sees('failed');
  for (const said of ['Invoice 2026-17', '25.00 EUR', id, 'Contact the shop']) {
    assert.ok(await buyer.page.locator('main > :not(calypso-pay)').getByText(said).first().isVisible(), said);
  }
});

scenario('nothing turns for a buyer who wants no motion', { browser: { reducedMotion: 'reduce' } }, async ({ buyer }) => {
  await buyer.visitsShop();
  await buyer.sees('choosing');
  await buyer.page.route('**/invoice', () => {});
  const row = buyer.element.locator('[data-currency="USDT_TRX"]');
  await row.click();
  const moving = await row.locator('.onward').evaluate((mark) => getComputedStyle(mark).animationName);
  assert.equal(await row.getAttribute('aria-busy'), 'true');
  assert.equal(moving, 'none');
});

const LOGO = 'https://cdn.tea.example/logo.png';
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkaPhfDwAEhAGAJ0P2RwAAAABJRU5ErkJggg==', 'base64');

/** Plays the server of the logo; gives the headers of what it was asked. The one request to another origin that is expected. */
async function servesLogo(buyer, status) {
  const asked = [];
  await buyer.page.route(LOGO, async (route) => {
    asked.push(await route.request().allHeaders());
    await route.fulfill({ status, contentType: 'image/png', body: status === 200 ? PIXEL : '' });
  });
  return asked;
}

const forgive = (buyer) => { buyer.surprises = buyer.surprises.filter((surprise) => !surprise.includes(LOGO)); };

scenario('the logo of the shop is drawn in its box, also under the policy of the hosted page', async ({ buyer, merchant, demo }) => {
  const asked = await servesLogo(buyer, 200);
  const { id } = await merchant.checkout({ logoUrl: LOGO, returnUrl: 'https://tea.example/' });
  for (const visit of [
    () => buyer.visitsPage(`${SCRIPT}<calypso-pay checkout="${id}"></calypso-pay>`),
    () => buyer.page.goto(`${demo.origin}/pay/${id}`),
  ]) {
    await visit();
    await buyer.sees('choosing');
    const logo = buyer.element.locator('img');
    await logo.waitFor();
    assert.equal(await logo.getAttribute('alt'), 'Logo of tea.example');
    const { width, height } = await logo.boundingBox();
    assert.deepEqual([width, height], [36, 36]);
  }
  assert.ok(asked.every(({ referer, cookie }) => referer === undefined && cookie === undefined), 'the logo learns nothing of the buyer');
  forgive(buyer);
});

scenario('a logo that is missing leaves no broken picture', async ({ buyer, merchant }) => {
  buyer.expectsNetworkTrouble = true;
  const asked = await servesLogo(buyer, 404);
  const { id } = await merchant.checkout({ logoUrl: LOGO });
  await buyer.visitsPage(`${SCRIPT}<calypso-pay checkout="${id}"></calypso-pay>`);
  await buyer.picks('USDT_TRX');
  assert.equal(asked.length, 1);
  assert.equal(await buyer.element.locator('img').count(), 0);
  forgive(buyer);
});

scenario('a logo that the policy of the page forbids leaves no trace', async ({ buyer, merchant }) => {
  const asked = await servesLogo(buyer, 200);
  const { id } = await merchant.checkout({ logoUrl: LOGO });
  await buyer.visitsPage(`${SCRIPT}<calypso-pay checkout="${id}"></calypso-pay>`, {
    headers: { 'content-security-policy': "img-src 'self'" },
  });
  await buyer.picks('USDT_TRX');
  assert.equal(asked.length, 0);
  assert.equal(await buyer.element.locator('img').count(), 0);
  // The browser tells the page's developer that its policy holds the logo back; nothing else is strange.
  forgive(buyer);
  const violations = await buyer.page.evaluate(() => window.seen.violations.splice(0));
  assert.ok(violations.length >= 1 && violations.every((violation) => JSON.stringify(violation).includes('img-src')), JSON.stringify(violations));
});
