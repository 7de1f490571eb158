// A buyer on a phone: picks a currency, goes to the wallet's app and pays there, and comes back to a page that was frozen meanwhile.
import assert from 'node:assert/strict';

import { scenario, withBrowser } from './lib/scenario.mjs';
import { follows, watched } from './lib/stream.mjs';
import { tab } from './lib/tab.mjs';

withBrowser();

/** Stops the page, as a phone does with one that nobody sees, or lets it run again. */
async function lifecycle(page, state) {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state });
  await session.detach();
}

for (const { name, before = () => {}, settle = () => {} } of [
  { name: 'that has just shown the address' },
  { name: 'that relies on its stream', settle: follows },
  { name: 'whose browser gives no streams', before: () => { delete Response.prototype.body; } },
]) {
  scenario(`a page ${name} shows the payment when the buyer comes back from the wallet`, async ({ buyer, sandbox }) => {
    const { page } = buyer;
    await page.addInitScript(before);
    const seen = watched(page);
    await buyer.visitsShop();
    await buyer.picks('USDT_TRX');
    const { invoice } = await buyer.now();
    await settle(page, seen);
    await tab(page, 'hidden');
    await lifecycle(page, 'frozen');
    // What was on its way has come.
    await new Promise((resolve) => { setTimeout(resolve, 1_000); });
    seen.polls = 0;
    await sandbox.deposit(invoice.address, invoice.amount, 'confirmed');
    await new Promise((resolve) => { setTimeout(resolve, 4_000); });
    assert.equal(seen.polls, 0, 'a frozen page asks nothing');
    await lifecycle(page, 'active');
    await new Promise((resolve) => { setTimeout(resolve, 4_000); });
    assert.equal(seen.polls, 0, 'nor does one that runs and is not seen');
    assert.equal(await buyer.element.getAttribute('data-state'), 'awaiting');
    // No timer of its own would ask: coming back does.
    await tab(page, 'visible');
    await buyer.isThanked();
    assert.equal((await buyer.events('paid')).length, 1);
    assert.equal((await buyer.events('error')).length, 0);
  });
}

scenario('eight tabs of a shop, of which the others are hidden, keep no connection from the one that is seen', async ({ buyer, demo, sandbox, merchant }) => {
  const pages = [buyer.page];
  for (let count = 1; count < 8; count += 1) {
    await visits(pages[count - 1], demo, await merchant.checkout());
    await tab(pages[count - 1], 'hidden');
    pages.push(await buyer.context.newPage());
  }
  const last = pages.at(-1);
  const seen = watched(last);
  const { id } = await merchant.checkout();
  const chosen = await fetch(`${demo.origin}/v1/checkouts/${id}/invoice`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"currency":"USDT_TRX"}',
  });
  const { invoice } = await chosen.json();
  await visits(last, demo, { id });
  await follows(last, seen);
  await sandbox.deposit(invoice.address, invoice.amount, 'confirmed');
  await last.waitForFunction(() => ['paid', 'completed'].includes(document.querySelector('calypso-pay')?.dataset.state));
});

/** Opens a checkout and waits until it is shown and its stream has been asked for. */
async function visits(page, demo, { id }) {
  const stream = page.waitForResponse((response) => response.url().endsWith('/events'));
  await page.goto(`${demo.origin}/pay/${id}`);
  await stream;
}
