// What time does to a payment: new prices, expiry, wrong clocks, sleeping tabs.
import assert from 'node:assert/strict';

import { scenario, withBrowser } from './lib/scenario.mjs';
import { tab } from './lib/tab.mjs';

withBrowser();

const DAY_MS = 86_400_000;

scenario('after fifteen minutes the price is renewed, and old and new amount are shown', async ({ buyer, sandbox }) => {
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const before = (await buyer.now()).invoice;
  assert.equal(await buyer.scans(), before.uri);

  await sandbox.rate('USDT_TRX', 'EUR', '0.80');
  await sandbox.advance(15 * 60 + 1);
  const limit = Date.now() + 20_000;
  let shown = await buyer.amount();
  while (shown === before.amount && Date.now() < limit) {
    await buyer.page.waitForTimeout(100);
    shown = await buyer.amount();
  }
  const after = (await buyer.now()).invoice;
  assert.notEqual(after.amount, before.amount);
  assert.equal(after.address, before.address, 'the address stays');
  assert.equal(shown, after.amount);
  await buyer.reads(before.amount);
  await buyer.reads(after.amount);
  assert.equal(await buyer.scans(), after.uri, 'the code asks for the new amount');
  assert.notEqual(after.uri, before.uri);
});

scenario('at expiry address and code are gone', async ({ buyer, sandbox }) => {
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const { invoice } = await buyer.now();
  assert.notEqual(await buyer.scans(), null);
  await sandbox.advance(Math.ceil((Date.parse(invoice.expiresAt) - Date.parse((await buyer.now()).now)) / 1000) + 1);
  await buyer.sees('expired');

  const text = (await buyer.text()).replaceAll(' ', '');
  assert.ok(!text.includes(invoice.address), 'money sent to an expired address is lost');
  assert.equal(await buyer.part('address').count(), 0);
  assert.equal(await buyer.part('qr').count(), 0);
  assert.equal((await buyer.events('expired')).length, 1);
  assert.equal((await buyer.now()).state, 'expired');
});

/** The seconds on the countdown, written as 14:59 or 59:59 or 2:59:59. */
async function countdown(buyer) {
  const text = await buyer.part('countdown').innerText();
  const clock = text.match(/(?:(\d+):)?(\d{1,2}):(\d{2})/);
  assert.ok(clock, `a countdown was expected, got ${text}`);
  return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
}

for (const [name, shift] of [['a day behind', -DAY_MS], ['a day ahead', DAY_MS]]) {
  scenario(`a computer clock ${name} changes nothing`, async ({ buyer, sandbox }) => {
    await buyer.context.addInitScript((offset) => {
      const Real = Date;
      window.Date = class extends Real {
        constructor(...given) {
          if (given.length === 0) super(Real.now() + offset);
          else super(...given);
        }

        static now() { return Real.now() + offset; }
      };
    }, shift);
    await buyer.visitsShop();
    await buyer.picks('USDT_TRX');
    const checkout = await buyer.now();
    const left = (Date.parse(checkout.invoice.repriceAt) - Date.parse(checkout.now)) / 1000;
    const shown = await countdown(buyer);
    assert.ok(shown <= 900 && Math.abs(shown - left) <= 5, `${left} seconds are left, ${shown} are shown`);
    const deposit = await sandbox.deposit(checkout.invoice.address, checkout.invoice.amount, 'mempool');
    await buyer.sees('detected');
    await sandbox.move(deposit, 'confirmed');
    await buyer.isThanked();
  });
}

scenario('a hidden tab asks nothing and asks at once when it is seen again', async ({ buyer, sandbox }) => {
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const { invoice } = await buyer.now();
  await tab(buyer.page, 'hidden');
  // Whatever was on its way may still arrive.
  await buyer.page.waitForTimeout(1_000);
  let asked = 0;
  buyer.page.on('request', (request) => { asked += request.url().includes('/v1/checkouts/') ? 1 : 0; });
  await sandbox.deposit(invoice.address, invoice.amount, 'confirmed');
  await buyer.page.waitForTimeout(7_000);
  assert.equal(asked, 0, 'two rounds of polling have passed in silence');
  assert.equal(await buyer.element.getAttribute('data-state'), 'awaiting');

  await tab(buyer.page, 'visible');
  await buyer.isThanked();
  assert.ok(asked > 0);
});
