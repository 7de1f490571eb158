// What a buyer sees when something behind the page is broken, and that it heals by itself.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { WIDGET } from './lib/places.mjs';
import { scenario, withBrowser } from './lib/scenario.mjs';

withBrowser();

scenario('a gateway that is down while the buyer waits changes nothing, and it heals', async ({ buyer, sandbox }) => {
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const { invoice } = await buyer.now();
  await sandbox.fault('error500', 1000);
  await sandbox.deposit(invoice.address, invoice.amount, 'confirmed');
  await buyer.page.waitForTimeout(7_000);
  assert.equal(await buyer.element.getAttribute('data-state'), 'awaiting', 'nobody guesses');
  assert.equal(await buyer.address(), invoice.address);

  await sandbox.heal();
  await buyer.isThanked();
  assert.equal((await buyer.events('paid')).length, 1);
});

for (const kind of ['html', 'garbage', 'unknown_state', 'unknown_field', 'truncated', 'reset']) {
  scenario(`a gateway that answers with ${kind} is never taken for a payment, and it heals`, async ({ buyer, sandbox }) => {
    await buyer.visitsShop();
    await buyer.picks('USDT_TRX');
    const { invoice } = await buyer.now();
    await sandbox.fault(kind, 3);
    await buyer.page.waitForTimeout(4_000);
    assert.equal(await buyer.element.getAttribute('data-state'), 'awaiting');
    assert.equal((await buyer.events('paid')).length, 0);
    await sandbox.heal();
    await sandbox.deposit(invoice.address, invoice.amount, 'confirmed');
    await buyer.isThanked();
  });
}

scenario('a proxy that does not answer is told, the address stays, and it heals', async ({ buyer, sandbox }) => {
  buyer.expectsNetworkTrouble = true;
  // A stream that is open already would go on telling.
  await buyer.page.route('**/events', (route) => route.abort('connectionrefused'));
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const { invoice } = await buyer.now();
  const polls = '**/v1/checkouts/*';
  await buyer.page.route(polls, (route) => route.abort('connectionrefused'));
  const banner = buyer.part('message').filter({ visible: true }).first();
  await banner.waitFor();
  assert.equal(await buyer.element.getAttribute('data-state'), 'awaiting');
  assert.equal(await buyer.address(), invoice.address);

  await buyer.page.unroute(polls);
  await banner.waitFor({ state: 'hidden' });
  await sandbox.deposit(invoice.address, invoice.amount, 'confirmed');
  await buyer.isThanked();
});

scenario('a gateway that is down at the choice leaves the choice open', async ({ buyer, sandbox }) => {
  buyer.expectsNetworkTrouble = true;
  await buyer.visitsShop();
  await buyer.sees('choosing');
  await sandbox.fault('error500', 1000, '/api/v1/invoice/single-fiat/create');
  await buyer.element.locator('[data-currency="USDT_TRX"]').click();
  await buyer.part('message').filter({ visible: true }).first().waitFor();
  assert.equal(await buyer.part('qr').count(), 0);

  await sandbox.heal();
  if (await buyer.element.getAttribute('data-state') === 'failed') {
    await buyer.element.getByRole('button', { name: /again/i }).click();
  }
  await buyer.picks('USDT_TRX');
});

scenario('offline is told and ends by itself', async ({ buyer, sandbox }) => {
  buyer.expectsNetworkTrouble = true;
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const { invoice } = await buyer.now();
  await buyer.context.setOffline(true);
  await buyer.part('message').filter({ visible: true }).first().waitFor();
  assert.equal(await buyer.address(), invoice.address, 'what was true before is still shown');
  await sandbox.deposit(invoice.address, invoice.amount, 'confirmed');
  await buyer.context.setOffline(false);
  await buyer.isThanked();
});

scenario('an unknown product fails visibly and tells the shop', async ({ buyer }) => {
  buyer.expectsNetworkTrouble = true;
  await buyer.visitsPage('<script type="module" src="/calypso-pay.js"></script><calypso-pay product="no-such-thing"></calypso-pay>');
  await buyer.sees('failed');
  const errors = await buyer.events('error');
  assert.equal(errors[0].detail.code, 'unknown_product');
  assert.doesNotMatch(await buyer.text(), /undefined|null|NaN|\[object/);
});

scenario('an unknown checkout fails visibly and tells the shop', async ({ buyer }) => {
  buyer.expectsNetworkTrouble = true;
  const id = '0192f0c8-0000-7000-8000-000000000000';
  await buyer.visitsPage(`<script type="module" src="/calypso-pay.js"></script><calypso-pay checkout="${id}"></calypso-pay>`);
  await buyer.sees('failed');
  const errors = await buyer.events('error');
  assert.match(errors[0].detail.code, /^checkout_(not_found|id_malformed)$/);
});

/** A copy of the widget with one byte of its module changed, in every encoding it is served in. */
function spoiled() {
  const copy = mkdtempSync(join(tmpdir(), 'calypso-spoiled-'));
  cpSync(WIDGET, copy, { recursive: true });
  const assets = join(copy, 'assets');
  for (const name of readdirSync(assets)) {
    const path = join(assets, name);
    if (name.endsWith('.wasm')) {
      const bytes = readFileSync(path);
      bytes[bytes.length - 1] ^= 1;
      writeFileSync(path, bytes);
    } else if (name.includes('.wasm.')) {
      rmSync(path);
    }
  }
  return copy;
}

const SPOILED = spoiled();

scenario('a module that was changed on its way is refused and that is visible', { demo: { widget: SPOILED } }, async ({ buyer, t }) => {
  t.after(() => rmSync(SPOILED, { recursive: true, force: true }));
  buyer.expectsNetworkTrouble = true;
  await buyer.visitsShop();
  await buyer.sees('failed');
  assert.ok((await buyer.text()).length > 10, 'the buyer is told');
  assert.equal(buyer.checkouts.length, 0, 'nothing of the changed module ran');
  assert.equal((await buyer.events('error')).length, 1);
});
