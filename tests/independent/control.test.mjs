// The control side of the sandbox, as the project's design describes it: deposits, clock, rates, faults, requests, reset.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { plain } from './lib/amounts.mjs';
import { digits } from './lib/exact-json.mjs';
import { assertRefused, seconds } from './lib/shapes.mjs';
import { startSandbox } from './lib/sandbox.mjs';

const SINGLE = { amount: digits('1'), currency: 'ETH', description: 'x' };

/** A control call that must be refused with a 4xx. */
const refused = (call) => call.then(() => assert.fail('accepted'), ({ message }) => assert.match(message, /HTTP 4\d\d/));

test('a deposit answers 201 with its id, its hash and its stage', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const { invoiceAddress } = await calypso.createSingleInvoice(SINGLE);
  const deposit = await control.deposit({ address: invoiceAddress, amount: '1', stage: 'mempool' });
  assert.deepEqual(Object.keys(deposit).sort(), ['id', 'stage', 'transactionHash']);
  assert.equal(deposit.stage, 'mempool');
  assert.match(deposit.transactionHash, /^0x[0-9a-f]{64}$/);
  assert.equal((await control.pay((await calypso.createSingleInvoice(SINGLE)).invoiceAddress, '1')).stage, 'confirmed');
});

test('impossible deposits and moves are refused', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const { invoiceAddress: address } = await calypso.createSingleInvoice(SINGLE);
  const deposit = { address, amount: '1', stage: 'mempool' };
  for (const change of [{ amount: '0' }, { amount: '-1' }, { amount: '1e3' }, { amount: 'x' }, { stage: 'dropped' }, { stage: 'x' }, { address: undefined }, { address: '0x0000000000000000000000000000000000000001' }]) {
    await refused(control.deposit({ ...deposit, ...change }));
  }
  const made = await control.deposit(deposit);
  await refused(control.move(made.id, 'x'));
  await refused(control.move(randomUUID(), 'confirmed'));
  await control.move(made.id, 'dropped');
  await refused(control.move(made.id, 'confirmed'));
  const paid = await control.pay(address, '1');
  for (const stage of ['dropped', 'review', 'declined']) await refused(control.move(paid.id, stage));
});

test('the clock runs with the wall clock, and jumps ahead when told', async (t) => {
  const { control } = await startSandbox(t);
  const [before, wall] = [await control.clock(), Date.now()];
  assert.ok(Math.abs(Date.parse(before.now) - wall) < 60_000);
  assert.match(before.now, /Z$/);
  await control.advance(3600);
  const after = await control.clock();
  const jumped = seconds(before.now, after.now);
  assert.ok(jumped >= 3600 && jumped < 3660, `${jumped} s`);
  await refused(control.advance(-1));
  await refused(control.advance('soon'));
  assert.ok(seconds(after.now, (await control.clock()).now) < 60);
});

test('a fixed rate holds for its pair alone', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const of = async (from, to) => plain((await calypso.rates([from], [to]))[0].rates);
  const [dollars, bitcoin] = [await of('ETH', 'USD'), await of('BTC', 'EUR')];
  await control.fixRate('ETH', 'EUR', '2500.5');
  assert.equal(await of('ETH', 'EUR'), '2500.5');
  assert.notEqual(dollars, '2500.5');
  assert.notEqual(bitcoin, '2500.5');
  await control.advance(3600);
  assert.equal(await of('ETH', 'EUR'), '2500.5');
  for (const rate of ['0', '-1', 'x']) await refused(control.fixRate('ETH', 'EUR', rate));
});

test('a fault hits as many calls as told, on its path', async (t) => {
  const { calypso, control } = await startSandbox(t);
  await control.fault({ path: '/api/v1/rate', kind: 'error500', times: 2 });
  await calypso.createSingleInvoice(SINGLE);
  for (let count = 0; count < 2; count += 1) await assert.rejects(calypso.rates(['BTC'], ['EUR']), ({ status }) => status === 500);
  await calypso.rates(['BTC'], ['EUR']);

  await control.fault({ kind: 'error500', times: 1 });
  await assert.rejects(calypso.createSingleInvoice(SINGLE), ({ status }) => status === 500);
  await calypso.createSingleInvoice(SINGLE);
  await refused(control.fault({ kind: 'no such fault', times: 1 }));
});

test('every call is kept with its body and its answer, refused ones too', async (t) => {
  const { calypso, control } = await startSandbox(t);
  assert.deepEqual(await control.requests(), []);
  const invoice = await calypso.createSingleInvoice({ ...SINGLE, amount: digits('0.000042'), externalId: 'order-1' });
  await assertRefused('004', calypso.invoice({ id: randomUUID() }));
  const [made, missed, ...more] = await control.requests();
  assert.deepEqual(more, []);
  assert.equal(made.path, '/api/v1/invoice/single/create');
  assert.equal(made.body.payload.amount.text, '0.000042');
  assert.equal(made.answer.status.text, '200');
  assert.equal(made.answer.body.id, invoice.id);
  assert.ok(Math.abs(Date.parse(made.receivedAt) - Date.now()) < 60_000);
  assert.equal(missed.path, '/api/v1/invoice');
  assert.equal(missed.answer.status.text, '400');
  assert.equal(missed.answer.body.errorCode, '004');
});

test('reset empties everything', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const { id, invoiceAddress } = await calypso.createSingleInvoice(SINGLE);
  await control.pay(invoiceAddress, '1');
  await control.fixRate('ETH', 'EUR', '1.25');
  await calypso.subscribe({ requestId: randomUUID(), url: 'http://127.0.0.1:9/hooks', notificationServiceTypes: ['INVOICE'] });
  await control.fault({ kind: 'error500', times: 100 });
  await control.reset();
  assert.deepEqual(await control.requests(), []);
  await assertRefused('004', calypso.invoice({ id }));
  assert.deepEqual(await calypso.subscriptions(), []);
  assert.notEqual(plain((await calypso.rates(['ETH'], ['EUR']))[0].rates), '1.25');
  await refused(control.pay(invoiceAddress, '1'));
});
