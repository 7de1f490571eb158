// §2.8 to §2.11, §2.14, §4.2, §7.2: invoices priced in crypto, unlimited and bound ones; lists by external id; the archive.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { add, plain } from './lib/amounts.mjs';
import { CURRENCIES } from './lib/currencies.mjs';
import { digits, write } from './lib/exact-json.mjs';
import { amountOf, assertInvoice, assertRefused, seconds } from './lib/shapes.mjs';
import { startSandbox } from './lib/sandbox.mjs';

const DAY = 86_400;
const SINGLE = { amount: digits('0.001'), currency: 'ETH', description: 'invoice for client 1' };
const UNLIMITED = { currency: 'ETH', description: 'invoice for client 1' };
const BOUND = { currency: 'USDT', lowerBound: digits('10'), description: 'top-up', fiatAvailable: true };

test('a single invoice is over exactly the amount sent', async (t) => {
  const { calypso } = await startSandbox(t);
  const idempotencyKey = randomUUID();
  const invoice = assertInvoice(await calypso.createSingleInvoice({ ...SINGLE, idempotencyKey }), 'SINGLE');
  assert.equal(invoice.amount.text, '0.001');
  assert.equal(invoice.idempotencyKey, idempotencyKey);
  assert.equal(invoice.state, 'PENDING_PAYMENT');
  assert.equal(invoice.isInterventionResolved, true);
  for (const name of ['fiatAmount', 'fiatCurrency', 'lastFiatUpdated', 'lowerBound']) assert.ok(!(name in invoice), name);
  assert.equal(Math.round(seconds(invoice.createdDate, invoice.expiration)), DAY);
  assert.equal(write(await calypso.invoice({ idempotencyKey })), write(invoice));

  const leftover = await calypso.createSingleInvoice({ ...SINGLE, type: 'SINGLE' });
  assert.equal(leftover.type, 'SINGLE', 'the deprecated member of 1.0 is ignored');
});

test('its amount never changes, and decides as any other', async (t) => {
  const { calypso, control } = await startSandbox(t);
  for (const [amount, pays, state] of [
    ['10.234', '10.234', 'PAID'], ['10.234', '10.23', 'PAID'], ['10.234', '10', 'PENDING_INTERVENTION'], ['0.00000001', '0.00000001', 'PAID'], ['0.00000001', '0.00000002', 'PENDING_INTERVENTION'],
    ['123456789.12345678', '123456789.12345678', 'PAID'], ['123456789.12345678', '123456789.12345679', 'PENDING_INTERVENTION'],
  ]) {
    const { id, invoiceAddress } = await calypso.createSingleInvoice({ ...SINGLE, amount: digits(amount) });
    await control.fixRate('ETH', 'EUR', '1');
    await control.advance(3600);
    assert.equal(plain((await calypso.invoice({ id })).amount), amount);
    await control.pay(invoiceAddress, pays);
    const after = assertInvoice(await calypso.invoice({ id }), 'SINGLE');
    assert.equal(after.state, state, `${pays} of ${amount}`);
    assert.equal(plain(after.totalDebitAmount), pays);
  }
});

test('every currency takes amounts to its scale and refuses one digit more', async (t) => {
  const { calypso } = await startSandbox(t);
  for (const { name, scale } of CURRENCIES) {
    const fits = `1.${'1'.repeat(scale)}`;
    assert.equal((await calypso.createSingleInvoice({ ...SINGLE, currency: name, amount: digits(fits) })).amount.text, fits, name);
    await assertRefused('001', calypso.createSingleInvoice({ ...SINGLE, currency: name, amount: digits(`${fits}1`) }), new RegExp(`payload\\.amount=\\[Scale incorrect\\. Must be less than or equal to ${scale}\\]`));
    await assertRefused('001', calypso.createBoundInvoice({ ...BOUND, currency: name, lowerBound: digits(`${fits}1`) }), new RegExp(`payload\\.lowerBound=\\[Scale incorrect\\. Must be less than or equal to ${scale}\\]`));
  }
});

test('incorrect input is 001', async (t) => {
  const { calypso } = await startSandbox(t);
  for (const change of [{ amount: undefined }, { amount: digits('0') }, { amount: digits('-1') }, { amount: 'some' }, { currency: undefined }, { currency: 'EUR' }, { description: undefined }]) {
    await assertRefused('001', calypso.createSingleInvoice({ ...SINGLE, ...change }));
  }
  for (const change of [{ currency: undefined }, { currency: 'NOPE' }, { description: undefined }]) await assertRefused('001', calypso.createUnlimitedInvoice({ ...UNLIMITED, ...change }));
  for (const change of [{ lowerBound: undefined }, { lowerBound: digits('-1') }, { currency: undefined }, { description: undefined }]) await assertRefused('001', calypso.createBoundInvoice({ ...BOUND, ...change }));
});

test('an idempotency key is one invoice on every path, 016 for another payload', async (t) => {
  const { calypso } = await startSandbox(t);
  for (const [create, change] of [
    [(more) => calypso.createSingleInvoice({ ...SINGLE, ...more }), { amount: digits('0.002') }],
    [(more) => calypso.createUnlimitedInvoice({ ...UNLIMITED, ...more }), { currency: 'BTC' }],
    [(more) => calypso.createBoundInvoice({ ...BOUND, ...more }), { lowerBound: digits('11') }],
  ]) {
    const idempotencyKey = randomUUID();
    const { id } = await create({ idempotencyKey });
    assert.equal((await create({ idempotencyKey })).id, id);
    await assertRefused('016', create({ idempotencyKey, ...change }));
  }
});

test('an unlimited invoice has no amount and takes money again and again', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const invoice = assertInvoice(await calypso.createUnlimitedInvoice({ ...UNLIMITED, externalId: 'client-2' }), 'UNLIMITED');
  assert.ok(!('amount' in invoice));
  assert.ok(!('fiatAmount' in invoice));
  amountOf(invoice.fee, 'fee');
  assert.equal(plain(invoice.totalDebitAmount), '0');
  let total = '0';
  for (const [amount, from] of [['0.00000001', undefined], ['5', '0xf127e5b7666f51aa346f374213113298014f5969'], ['0.000042', '0x00000000219ab540356cBB839Cbe05303d7705Fa'], ['0.1', undefined]]) {
    await control.pay(invoice.invoiceAddress, amount, from && { from });
    await control.advance(6);
    total = add(total, amount);
    const now = assertInvoice(await calypso.invoice({ id: invoice.id }), 'UNLIMITED');
    assert.equal(now.state, 'PENDING_PAYMENT', 'it stays open');
    assert.equal(plain(now.totalDebitAmount), total);
    assert.ok(!('interventionType' in now));
  }
});

test('an unlimited invoice is archived three months after its last deposit', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const { id, invoiceAddress } = await calypso.createUnlimitedInvoice(UNLIMITED);
  const state = async () => (await calypso.invoice({ id })).state;
  await control.advance(80 * DAY);
  await control.pay(invoiceAddress, '1');
  assert.equal(await state(), 'PENDING_PAYMENT');
  await control.advance(80 * DAY);
  assert.equal(await state(), 'PENDING_PAYMENT', 'counted from the deposit');
  await control.advance(15 * DAY);
  assert.equal(await state(), 'ARCHIVED');
});

test('a bound invoice takes any one amount from its lower bound up', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const fresh = assertInvoice(await calypso.createBoundInvoice(BOUND), 'BOUND');
  assert.equal(fresh.lowerBound.text, '10');
  assert.equal(fresh.state, 'PENDING_PAYMENT');
  for (const pays of ['10', '10.000001', '5000']) {
    const { id, invoiceAddress } = await calypso.createBoundInvoice(BOUND);
    await control.pay(invoiceAddress, pays);
    assert.equal((await calypso.invoice({ id })).state, 'PAID', pays);
    await control.advance(6);
    const { state, totalDebitAmount } = await calypso.invoice({ id });
    assert.equal(state, 'COMPLETED');
    assert.equal(plain(totalDebitAmount), pays);
  }
});

test('below the bound nothing is paid', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const { id, invoiceAddress } = await calypso.createBoundInvoice(BOUND);
  await control.pay(invoiceAddress, '9.9');
  await control.advance(60);
  assert.ok(!['PAID', 'COMPLETED'].includes((await calypso.invoice({ id })).state));
});

test('invoices of one external id come in pages, in either direction', async (t) => {
  const { calypso } = await startSandbox(t);
  const made = [];
  for (let count = 0; count < 5; count += 1) made.push((await calypso.createSingleInvoice({ ...SINGLE, externalId: 'order-7' })).id);
  await calypso.createSingleInvoice({ ...SINGLE, externalId: 'order-70' });
  await calypso.createSingleInvoice(SINGLE);
  const page = async (query) => {
    const answer = await calypso.invoicesByExternalId({ externalId: 'order-7', ...query });
    for (const invoice of answer.result) assert.equal(assertInvoice(invoice, 'SINGLE').externalId, 'order-7');
    return { ...answer, ids: answer.result.map(({ id }) => id) };
  };
  const all = await page({ pageNumber: 0, size: 10, direction: 'ASC' });
  assert.deepEqual(all.ids, made);
  assert.equal(all.totalElements.text, '5');
  assert.deepEqual((await page({ pageNumber: 0, size: 10, direction: 'DESC' })).ids, made.slice().reverse());
  const [first, second, third] = [await page({ pageNumber: 0, size: 2, direction: 'ASC' }), await page({ pageNumber: 1, size: 2, direction: 'ASC' }), await page({ pageNumber: 2, size: 2, direction: 'ASC' })];
  assert.deepEqual([...first.ids, ...second.ids, ...third.ids], made);
  assert.equal(second.page.text, '1');
  assert.equal(second.size.text, '2');
  assert.equal((await calypso.invoicesByExternalId({ externalId: 'nobody' })).result.length, 0);
});

test('an unpaid invoice can be archived, by id or key, and then takes nothing', async (t) => {
  const { calypso, control } = await startSandbox(t);
  for (const [type, create] of [['SINGLE', () => calypso.createSingleInvoice(SINGLE)], ['UNLIMITED', () => calypso.createUnlimitedInvoice(UNLIMITED)], ['BOUND', () => calypso.createBoundInvoice({ ...BOUND, currency: 'ETH' })]]) {
    const { id, idempotencyKey, invoiceAddress } = await create();
    const archived = assertInvoice(await calypso.archive(type === 'BOUND' ? { idempotencyKey } : { id }), type);
    assert.equal(archived.id, id);
    assert.equal(archived.state, 'ARCHIVED');
    await control.pay(invoiceAddress, '20');
    const after = await calypso.invoice({ id });
    assert.equal(after.state, 'ARCHIVED');
    assert.equal(plain(after.totalDebitAmount), '0');
  }
});

test('an invoice with money on it cannot be archived: 006', async (t) => {
  const { calypso, control } = await startSandbox(t);
  const { id, invoiceAddress } = await calypso.createSingleInvoice(SINGLE);
  const deposit = await control.deposit({ address: invoiceAddress, amount: '0.001', stage: 'mempool' });
  await assertRefused('006', calypso.archive({ id }));
  await control.move(deposit.id, 'confirmed');
  await assertRefused('006', calypso.archive({ id }));
  await control.advance(6);
  await assertRefused('006', calypso.archive({ id }));
  assert.equal((await calypso.invoice({ id })).state, 'COMPLETED');
  await assertRefused('004', calypso.archive({ id: randomUUID() }));
});
