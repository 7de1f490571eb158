// The proxy tells the page what changes; when it cannot, the page asks.
import assert from 'node:assert/strict';

import { Balancer } from './lib/balancer.mjs';
import { scenario, withBrowser } from './lib/scenario.mjs';
import { follows, watched } from './lib/stream.mjs';

withBrowser();

scenario('a deposit moves the page without a poll', async ({ buyer, sandbox }) => {
  const seen = watched(buyer.page);
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const { invoice } = await buyer.now();
  await follows(buyer.page, seen);
  seen.polls = 0;
  const deposit = await sandbox.deposit(invoice.address, invoice.amount, 'mempool');
  await buyer.sees('detected');
  await sandbox.move(deposit, 'confirmed');
  await buyer.isThanked();
  assert.equal(seen.polls, 0, 'nobody asked');
  assert.deepEqual(seen.streams, [200], 'one stream told everything');
  assert.equal((await buyer.events('paid')).length, 1);
});

scenario('a new price and the end are told without a poll', async ({ buyer, sandbox }) => {
  const seen = watched(buyer.page);
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const { invoice } = await buyer.now();
  await follows(buyer.page, seen);
  seen.polls = 0;
  await sandbox.rate('USDT_TRX', 'EUR', '0.80');
  await sandbox.advance(15 * 60 + 1);
  await buyer.reads('The exchange rate moved');
  assert.notEqual(await buyer.amount(), invoice.amount);
  const now = await buyer.demo.merchant.look(buyer.checkout.id);
  await sandbox.advance(Math.ceil((Date.parse(now.invoice.expiresAt) - Date.parse(now.now)) / 1000) + 1);
  await buyer.sees('expired');
  assert.equal(await buyer.part('address').count(), 0);
  assert.equal(seen.polls, 0, 'nobody asked');
});

scenario('a page whose stream the network refuses moves by polling', async ({ buyer, sandbox }) => {
  buyer.expectsNetworkTrouble = true;
  await buyer.page.route('**/events', (route) => route.abort('connectionrefused'));
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const { invoice } = await buyer.now();
  await sandbox.deposit(invoice.address, invoice.amount, 'confirmed');
  await buyer.isThanked();
  assert.equal((await buyer.events('error')).length, 0, 'nothing is said about it');
});

scenario('two tabs of one checkout both move', async ({ buyer, sandbox }) => {
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const { invoice } = await buyer.now();
  const other = await buyer.context.newPage();
  const seen = watched(other);
  await other.goto(`${buyer.demo.origin}/pay/${buyer.checkout.id}`);
  await follows(other, seen);
  seen.polls = 0;
  await sandbox.deposit(invoice.address, invoice.amount, 'confirmed');
  await buyer.isThanked();
  await other.waitForFunction(() => ['paid', 'completed'].includes(document.querySelector('calypso-pay')?.dataset.state));
  assert.equal(seen.polls, 0, 'the other tab was told too');
});

for (const [name, body] of [
  ['another checkout', (view) => `event: checkout\nid: "x"\ndata: ${JSON.stringify({ ...view, id: '0192f0c8-0000-7000-8000-000000000000', state: 'paid' })}\n\n`],
  ['another address', (view) => `event: checkout\nid: "x"\ndata: ${JSON.stringify({ ...view, invoice: { ...view.invoice, address: 'TJRabPrwbZy45sbavfcjinPJC18kjpRTv8', uri: null } })}\n\n`],
  ['an older view', (view) => `event: checkout\nid: "x"\ndata: ${JSON.stringify({ ...view, state: 'paid', now: new Date(Date.parse(view.now) - 60_000).toISOString() })}\n\n`],
  ['garbage', () => 'event: checkout\ndata: <html>\n\n'],
  ['a line of ten megabytes', () => `event: checkout\ndata: ${'x'.repeat(10 << 20)}`],
]) {
  scenario(`a stream that brings ${name} changes nothing, and the page moves by polling`, async ({ buyer, sandbox }) => {
    let view;
    await buyer.page.route('**/events', (route) => (view
      ? route.fulfill({ contentType: 'text/event-stream', body: body(view) })
      : route.fulfill({ status: 503, contentType: 'application/json', body: '{}' })));
    buyer.expectsNetworkTrouble = true;
    const asked = [];
    buyer.page.on('request', (request) => { if (view && request.url().endsWith('/events')) asked.push(request.url()); });
    await buyer.visitsShop();
    await buyer.picks('USDT_TRX');
    view = await buyer.now();
    await buyer.page.waitForTimeout(20_000);
    assert.ok(asked.length > 0, 'the hostile stream was heard');
    assert.equal(await buyer.element.getAttribute('data-state'), 'awaiting');
    assert.equal(await buyer.address(), view.invoice.address);
    assert.equal((await buyer.events('error')).length, 0);
    await sandbox.deposit(view.invoice.address, view.invoice.amount, 'confirmed');
    await buyer.isThanked();
  });
}

scenario('a page whose connections break, and whose proxy is away for a while, moves all the same', async ({ buyer, demo, sandbox, merchant, t }) => {
  const port = Number(new URL(demo.origin).port);
  const balancer = await Balancer.start(port);
  t.after(() => balancer.stop());
  const { id } = await merchant.checkout();
  const chosen = await fetch(`${demo.origin}/v1/checkouts/${id}/invoice`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"currency":"USDT_TRX"}',
  });
  const { invoice } = await chosen.json();
  buyer.expectsNetworkTrouble = true;
  buyer.expectsStop = true;
  const seen = watched(buyer.page);
  await buyer.page.goto(`${balancer.origin}/pay/${id}`);
  await follows(buyer.page, seen);
  balancer.ports = [];
  balancer.cut();
  await buyer.page.waitForTimeout(5_000);
  assert.equal(await buyer.address(), invoice.address, 'what was shown stays');
  const deposit = await sandbox.deposit(invoice.address, invoice.amount, 'mempool');
  // The first replica is gone for good; the balancer finds the next.
  balancer.ports = [1, port];
  await buyer.sees('detected');
  await follows(buyer.page, seen);
  seen.polls = 0;
  await sandbox.move(deposit, 'confirmed');
  await buyer.isThanked();
  assert.equal(seen.polls, 0, 'a new stream tells');
});
