// Whole payments: from the choice of a currency to the final screen, with every outcome money can have.
import assert from 'node:assert/strict';

import { minus, part, plus, same } from './lib/amounts.mjs';
import { scenario, withBrowser } from './lib/scenario.mjs';

withBrowser();

scenario('a buyer picks USDT on Tron, pays, and it becomes final', async ({ buyer, sandbox }) => {
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');

  const { invoice, price } = await buyer.now();
  assert.equal(invoice.currency, 'USDT_TRX');
  assert.equal(price.currency, 'EUR');
  assert.equal(await buyer.address(), invoice.address);
  assert.equal(await buyer.amount(), invoice.amount);
  assert.equal(await buyer.scans(), invoice.uri, 'the code on the screen is the invoice, read from its pixels');
  assert.equal(await buyer.copies('address'), invoice.address);
  assert.equal(await buyer.copies('amount'), invoice.amount);
  await buyer.reads(/Tron/);

  const deposit = await sandbox.deposit(invoice.address, invoice.amount, 'mempool');
  await buyer.sees('detected');
  assert.equal((await buyer.events('paid')).length, 0, 'seen is not paid');

  await sandbox.move(deposit, 'confirmed');
  await buyer.sees('paid');
  assert.equal(await buyer.scans(), null, 'nobody should pay again');

  await sandbox.advance(10);
  await buyer.sees('completed');

  const paid = await buyer.events('paid');
  assert.equal(paid.length, 1, 'the shop is told once');
  assert.equal(paid[0].detail.checkout.id, buyer.checkout.id);
  assert.equal(paid[0].element, 'calypso-pay');
  const states = (await buyer.events('change')).map(({ detail }) => detail.state);
  assert.deepEqual(
    states.filter((state) => !['loading', 'choosing'].includes(state)),
    ['awaiting', 'detected', 'paid', 'completed'],
  );
  assert.equal((await buyer.events('ready')).length, 1);
  assert.equal((await buyer.now()).state, 'completed');
});

scenario('too little is answered with what is still due, and paying that completes it', async ({ buyer, sandbox }) => {
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const { invoice } = await buyer.now();
  const half = part(invoice.amount, 500);
  await sandbox.deposit(invoice.address, half, 'confirmed');
  await buyer.sees('underpaid');

  const short = (await buyer.now()).invoice;
  assert.ok(same(short.received, half), `${short.received} was received, not ${half}`);
  assert.ok(same(short.due, minus(invoice.amount, half)));
  await buyer.reads(short.due);
  assert.equal(await buyer.address(), invoice.address);
  assert.equal(await buyer.scans(), short.uri);
  assert.match(short.uri, new RegExp(short.due.replace('.', '\\.')), 'the code asks for the rest only');

  await sandbox.deposit(invoice.address, short.due, 'confirmed');
  await buyer.isThanked();
  assert.equal((await buyer.events('paid')).length, 1);
});

scenario('too much is said plainly and not called paid', async ({ buyer, sandbox }) => {
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const { invoice } = await buyer.now();
  await sandbox.deposit(invoice.address, plus(invoice.amount, '5'), 'confirmed');
  await buyer.sees('overpaid');
  assert.equal((await buyer.events('paid')).length, 0);
  assert.equal(await buyer.scans(), null);
});

scenario('half a percent too little is enough', async ({ buyer, sandbox }) => {
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const { invoice } = await buyer.now();
  await sandbox.deposit(invoice.address, part(invoice.amount, 996), 'confirmed');
  await buyer.isThanked();
  assert.equal((await buyer.events('paid')).length, 1);
});

scenario('after picking another currency, paying the first invoice still counts', async ({ buyer, sandbox }) => {
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const first = (await buyer.now()).invoice;
  await buyer.part('back').click();
  await buyer.picks('BTC');
  const second = (await buyer.now()).invoice;
  assert.notEqual(second.address, first.address);
  assert.equal(await buyer.address(), second.address);
  assert.equal(await buyer.scans(), second.uri);

  await sandbox.deposit(first.address, first.amount, 'confirmed');
  await buyer.isThanked();
  assert.equal((await buyer.now()).invoice.currency, 'USDT_TRX');
  assert.equal((await buyer.events('paid')).length, 1);
});

scenario('going back and picking the same currency keeps the invoice', async ({ buyer, sandbox }) => {
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const first = await buyer.address();
  await buyer.part('back').click();
  await buyer.picks('USDT_TRX');
  assert.equal(await buyer.address(), first);
  assert.equal(await sandbox.invoicesAskedFor(), 1);
});

scenario('a reload in the middle goes on where the buyer was', async ({ buyer, sandbox }) => {
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const { invoice } = await buyer.now();
  const { id } = buyer.checkout;
  const deposit = await sandbox.deposit(invoice.address, invoice.amount, 'mempool');
  await buyer.sees('detected');

  await buyer.page.reload();
  await buyer.sees('detected');
  assert.equal(buyer.checkout.id, id, 'it is the same checkout');
  await sandbox.move(deposit, 'confirmed');
  await buyer.isThanked();

  await buyer.page.reload();
  await buyer.isThanked();
  assert.equal(buyer.checkout.id, id);
  assert.equal(await sandbox.invoicesAskedFor(), 1);
});

scenario('a double click makes one checkout and one invoice', async ({ buyer, sandbox }) => {
  const asked = [];
  buyer.page.on('request', (request) => {
    if (request.method() === 'POST') asked.push(new URL(request.url()).pathname);
  });
  await buyer.visitsShop();
  await buyer.sees('choosing');
  await buyer.element.locator('[data-currency="USDT_TRX"]').dblclick();
  await buyer.sees('awaiting');
  await buyer.part('address').waitFor();
  assert.equal(await sandbox.invoicesAskedFor(), 1);
  assert.equal(new Set(buyer.checkouts.map(({ id }) => id)).size, 1);
  assert.equal(asked.filter((path) => path === '/v1/checkouts').length, 1);
});

scenario('a payment under review, then declined, is never shown as paid', async ({ buyer, sandbox }) => {
  await buyer.visitsShop();
  await buyer.picks('USDT_TRX');
  const { invoice } = await buyer.now();
  const deposit = await sandbox.deposit(invoice.address, invoice.amount, 'mempool');
  await buyer.sees('detected');
  await sandbox.move(deposit, 'review');
  await buyer.sees('reviewing');
  await sandbox.move(deposit, 'declined');
  await buyer.sees('declined');
  assert.equal((await buyer.events('paid')).length, 0);
});
