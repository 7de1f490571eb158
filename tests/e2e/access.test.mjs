// Everybody can pay: with a keyboard alone, with a screen reader, on a narrow phone, in light and dark.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { part } from './lib/amounts.mjs';
import { scenario, withBrowser } from './lib/scenario.mjs';

withBrowser();

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function assertAccessible(buyer, screen) {
  await buyer.page.evaluate(AXE);
  const { violations } = await buyer.page.evaluate(() => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  const found = violations.map(({ id, help, nodes }) => `${screen}: ${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`);
  assert.deepEqual(found, []);
}

for (const colorScheme of ['light', 'dark']) {
  scenario(`no screen has an accessibility fault in ${colorScheme}`, { browser: { colorScheme } }, async ({ buyer, sandbox, merchant }) => {
    const { id } = await merchant.checkout();
    await buyer.visitsPage(`<script type="module" src="/calypso-pay.js"></script><calypso-pay checkout="${id}"></calypso-pay>`);
    await buyer.sees('choosing');
    await assertAccessible(buyer, 'choosing');
    await buyer.picks('USDT_TRX');
    await assertAccessible(buyer, 'awaiting');
    const { invoice } = await buyer.now();
    await sandbox.deposit(invoice.address, part(invoice.amount, 500), 'confirmed');
    await buyer.sees('underpaid');
    await assertAccessible(buyer, 'underpaid');
    const rest = (await buyer.now()).invoice.due;
    await sandbox.deposit(invoice.address, rest, 'confirmed');
    await buyer.isThanked();
    await assertAccessible(buyer, 'paid');
    await sandbox.advance(10);
    await buyer.sees('completed');
    await assertAccessible(buyer, 'completed');
  });
}

scenario('an expired and a failed screen have no accessibility fault', async ({ buyer, sandbox }) => {
  buyer.expectsNetworkTrouble = true;
  await buyer.visitsPage('<script type="module" src="/calypso-pay.js"></script><calypso-pay product="no-such-thing"></calypso-pay>');
  await buyer.sees('failed');
  await assertAccessible(buyer, 'failed');
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  await sandbox.advance(4 * 3600);
  await buyer.sees('expired');
  await assertAccessible(buyer, 'expired');
});

/** What has the focus, inside the widget's shadow root too. */
function focused(buyer) {
  return buyer.page.evaluate(() => {
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    return { part: node?.getAttribute('part') ?? '', currency: node?.dataset.currency ?? null, tag: node?.localName };
  });
}

/** Presses Tab until the wanted thing has the focus. */
async function tabsTo(buyer, wanted) {
  for (let presses = 0; presses < 80; presses += 1) {
    await buyer.page.keyboard.press('Tab');
    if (wanted(await focused(buyer))) return;
  }
  assert.fail('Tab does not lead there');
}

scenario('a keyboard is enough', async ({ buyer, sandbox }) => {
  await buyer.visitsShop();
  await buyer.sees('choosing');
  await tabsTo(buyer, ({ currency }) => currency === 'USDT_TRX');
  await buyer.page.keyboard.press('Enter');
  await buyer.sees('awaiting');
  await buyer.part('address').waitFor();
  const { tag } = await focused(buyer);
  assert.notEqual(tag, 'body', 'the focus goes on with the screen');

  await tabsTo(buyer, (at) => at.part.includes('copy-address'));
  await buyer.page.keyboard.press('Enter');
  const { invoice } = await buyer.now();
  assert.equal(await buyer.page.evaluate(() => navigator.clipboard.readText()), invoice.address);

  await tabsTo(buyer, (at) => at.part.includes('back'));
  await buyer.page.keyboard.press('Enter');
  await buyer.sees('choosing');
  await tabsTo(buyer, ({ currency }) => currency === 'BTC');
  await buyer.page.keyboard.press('Enter');
  await buyer.sees('awaiting');
  const bitcoin = (await buyer.now()).invoice;
  assert.equal(bitcoin.currency, 'BTC');
  await sandbox.deposit(bitcoin.address, bitcoin.amount, 'confirmed');
  await buyer.isThanked();
});

scenario('320 pixels are enough', { browser: { viewport: { width: 320, height: 640 } } }, async ({ buyer, sandbox }) => {
  const fits = async (screen) => {
    const { wide, visible, cut } = await buyer.page.evaluate(() => {
      const root = document.querySelector('calypso-pay').shadowRoot;
      const names = (parts) => parts.map((part) => part.getAttribute('part'));
      const visible = [...root.querySelectorAll('[part]')].filter((part) => part.checkVisibility({ visibilityProperty: true }));
      const cut = visible.filter((part) => part.getBoundingClientRect().right > 320.5 || part.getBoundingClientRect().left < -0.5);
      return { wide: document.documentElement.scrollWidth, visible: names(visible), cut: names(cut) };
    });
    // A screen that shows nothing fits anywhere.
    assert.ok(visible.some((part) => part.split(' ').includes('status')), `${screen} shows ${visible}`);
    assert.ok(wide <= 320, `${screen} is ${wide} pixels wide`);
    assert.deepEqual(cut, [], `${screen} is cut off`);
  };
  await buyer.visitsShop();
  await buyer.sees('choosing');
  await fits('choosing');
  await buyer.picks('ETH');
  await fits('awaiting in ETH');
  await buyer.part('back').click();
  await buyer.picks('USDT_TRX');
  await fits('awaiting');
  const { invoice } = await buyer.now();
  assert.equal(await buyer.scans(), invoice.uri, 'the code is still large enough');
  await sandbox.deposit(invoice.address, part(invoice.amount, 500), 'confirmed');
  await buyer.sees('underpaid');
  await fits('underpaid');
  await sandbox.deposit(invoice.address, (await buyer.now()).invoice.due, 'confirmed');
  await buyer.isThanked();
  await fits('paid');
});
