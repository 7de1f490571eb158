// §2.20, §3.7, §5.6, §7.3: customers, their permanent addresses and what arrives on them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { assertAddress } from './lib/addresses.mjs';
import { plain } from './lib/amounts.mjs';
import { CURRENCIES } from './lib/currencies.mjs';
import { write } from './lib/exact-json.mjs';
import { amountOf, assertRefused, millis } from './lib/shapes.mjs';
import { startSandbox } from './lib/sandbox.mjs';
import { assertSigned, nameOf, openShop } from './lib/shop.mjs';

const DAY = 86_400;
const CUSTOMER = { email: 'client@shop.example', description: 'client 7', externalId: 'user-7' };

test('a customer is made and changed', async (t) => {
  const { calypso } = await startSandbox(t);
  const { id, ...made } = await calypso.createCustomer(CUSTOMER);
  assert.equal(typeof id, 'string');
  assert.deepEqual(made, { ...CUSTOMER, blocked: false });
  const changed = await calypso.updateCustomer({ id, email: 'other@shop.example', description: 'moved' });
  assert.deepEqual(changed, { id, email: 'other@shop.example', description: 'moved', externalId: 'user-7', blocked: false });
  assert.notEqual((await calypso.createCustomer({})).id, id, 'nothing is required of a customer');
  await assertRefused('004', calypso.updateCustomer({ id: randomUUID(), email: 'x@shop.example' }));
  await assertRefused('001', calypso.updateCustomer({ email: 'x@shop.example' }));
});

test('one address for each family of blockchains, the same each time', async (t) => {
  const { calypso } = await startSandbox(t);
  const { id } = await calypso.createCustomer(CUSTOMER);
  const families = new Map();
  for (const { name, network } of [...CURRENCIES, ...CURRENCIES]) {
    const { address } = await calypso.customerAddress(id, name);
    assertAddress(network, address);
    if (families.has(network)) assert.equal(address, families.get(network), name);
    families.set(network, address);
  }
  assert.equal(new Set(families.values()).size, families.size);
  const other = await calypso.createCustomer({});
  assert.notEqual((await calypso.customerAddress(other.id, 'ETH')).address, families.get('evm'), 'nobody else has it');
});

test('an address wants a customer and a currency that exist', async (t) => {
  const { calypso } = await startSandbox(t);
  const { id } = await calypso.createCustomer(CUSTOMER);
  await assertRefused('004', calypso.customerAddress(randomUUID(), 'ETH'));
  await assertRefused('001', calypso.customerAddress(id, 'NOPE'));
  await assertRefused('001', calypso.customerAddress(id, undefined));
  await assertRefused('001', calypso.customerAddress(undefined, 'ETH'));
});

/** A customer with an address, and a shop that hears of both. */
async function customerWith(t, currency) {
  const sandbox = await startSandbox(t);
  const { calypso } = sandbox;
  const shop = await openShop(t);
  const subscription = await calypso.subscribe({ requestId: randomUUID(), url: shop.url, notificationServiceTypes: ['CUSTOMER_PURSE'] });
  const customer = await calypso.createCustomer(CUSTOMER);
  const { address } = await calypso.customerAddress(customer.id, currency);
  const hears = async (...names) => {
    const deliveries = await shop.expects(...names);
    for (const delivery of deliveries) {
      assertSigned(delivery, subscription);
      const { requestId, service, level, createdDate, data } = delivery.event;
      assert.equal(requestId, subscription.requestId);
      assert.equal(service, 'CUSTOMER_PURSE');
      assert.match(level, /^(SUCCESS|INFO|WARNING)$/);
      millis(createdDate);
      assert.equal(data.type ?? nameOf(delivery), nameOf(delivery));
      assert.equal(data.customerId, customer.id);
      assert.equal(data.customerBlocked, false);
      assert.equal(data.address, address);
      assert.equal(typeof data.purseId, 'string');
    }
    return deliveries.map(({ event }) => event.data);
  };
  const transactions = async (query) => (await calypso.findPurseTransactions({ customerId: customer.id, ...query })).result;
  return { ...sandbox, customer, address, hears, transactions };
}

test('a deposit goes through its states, heard and read', async (t) => {
  const { calypso, control, address, hears, transactions } = await customerWith(t, 'USDT_TRX');
  const from = 'TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX';
  const deposit = await control.deposit({ address, amount: '100.000001', stage: 'mempool', from });
  const [seen] = await hears('CUSTOMER_PURSE_MEM_POOL_FOUND');
  assert.equal(seen.currency, 'USDT_TRX');
  assert.equal(plain(amountOf(seen.amount, 'amount')), '100.000001');
  assert.equal(typeof seen.transactionId, 'string');
  const read = async () => {
    const transaction = await calypso.purseTransaction(seen.transactionId);
    assert.equal(transaction.id, seen.transactionId);
    assert.equal(plain(transaction.amount), '100.000001');
    assert.equal(transaction.addressFrom, from);
    assert.equal(transaction.currency, 'USDT_TRX');
    assert.equal(transaction.transactionHash, deposit.transactionHash);
    millis(transaction.createdDate);
    assert.equal(write(await transactions()), write([transaction]), 'find shows the same');
    return `${transaction.transactionState} ${transaction.complianceState} ${transaction.translationToAccountCompleted}`;
  };
  assert.equal(await read(), 'MEM_POOL_FOUND UNCHECKED false');
  await control.move(deposit.id, 'confirmed');
  await hears('CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE');
  assert.equal(await read(), 'CONFIRMED CHECKED false');
  await control.advance(6);
  await hears('CUSTOMER_PURSE_TRANSLATION_TO_ACCOUNT_COMPLETED');
  assert.equal(await read(), 'CONFIRMED CHECKED true');
});

test('a deposit under review is let through or declined', async (t) => {
  const { control, address, hears, transactions } = await customerWith(t, 'ETH');
  for (const [stage, last, expected] of [
    ['confirmed', 'CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE', 'CONFIRMED CHECKED'], ['declined', 'CUSTOMER_PURSE_COMPLIANCE_DECLINED', 'DECLINED DECLINE'],
  ]) {
    const deposit = await control.deposit({ address, amount: '0.5', stage: 'mempool' });
    const state = async () => {
      const { transactionState, complianceState } = (await transactions()).find(({ transactionHash }) => transactionHash === deposit.transactionHash);
      return `${transactionState} ${complianceState}`;
    };
    await control.move(deposit.id, 'review');
    await hears('CUSTOMER_PURSE_MEM_POOL_FOUND', 'CUSTOMER_PURSE_PENDING_COMPLIANCE');
    assert.equal(await state(), 'PENDING_COMPLIANCE_CHECK IN_PROGRESS');
    await control.move(deposit.id, stage);
    await hears(last);
    assert.equal(await state(), expected);
    await control.advance(6);
    if (stage === 'confirmed') await hears('CUSTOMER_PURSE_TRANSLATION_TO_ACCOUNT_COMPLETED');
  }
});

test('transactions are filtered and paged', async (t) => {
  const { calypso, control, address, customer, transactions } = await customerWith(t, 'ETH');
  for (const amount of ['1', '2', '3']) await control.pay(address, amount);
  await control.deposit({ address, amount: '4', stage: 'mempool' });
  const { address: bitcoin } = await calypso.customerAddress(customer.id, 'BTC');
  await control.pay(bitcoin, '5');
  const amounts = (found) => found.map(({ amount }) => plain(amount)).sort().join(' ');
  assert.equal(amounts(await transactions()), '1 2 3 4 5');
  assert.equal(amounts(await transactions({ currencyFilter: { equals: 'BTC' } })), '5');
  assert.equal(amounts(await transactions({ currencyFilter: { notEquals: 'BTC' } })), '1 2 3 4');
  assert.equal(amounts(await transactions({ currencyFilter: { in: ['BTC', 'ETH'] } })), '1 2 3 4 5');
  assert.equal(amounts(await transactions({ currencyFilter: { notIn: ['ETH'] } })), '5');
  assert.equal(amounts(await transactions({ transactionStateFilter: { equals: 'MEM_POOL_FOUND' } })), '4');
  assert.equal(amounts(await transactions({ transactionStateFilter: { in: ['CONFIRMED'] }, currencyFilter: { equals: 'ETH' } })), '1 2 3');
  const pages = [await transactions({ pageNumber: 0, pageSize: 2 }), await transactions({ pageNumber: 1, pageSize: 2 }), await transactions({ pageNumber: 2, pageSize: 2 })];
  assert.deepEqual(pages.map(({ length }) => length), [2, 2, 1]);
  assert.equal(amounts(pages.flat()), '1 2 3 4 5');

  const other = await calypso.createCustomer({});
  assert.deepEqual((await calypso.findPurseTransactions({ customerId: other.id })).result, [], 'nobody sees another one\'s');
  await assertRefused('004', calypso.purseTransaction(randomUUID()));
});

test('an unused address expires after 30 days, a used one 365 days after its last deposit', async (t) => {
  const unused = await customerWith(t, 'BTC');
  await unused.control.advance(29 * DAY);
  assert.equal((await unused.calypso.customerAddress(unused.customer.id, 'BTC')).address, unused.address);
  await unused.control.advance(2 * DAY);
  await unused.hears('CUSTOMER_PURSE_EXPIRED');

  const used = await customerWith(t, 'BTC');
  await used.control.advance(20 * DAY);
  await used.control.pay(used.address, '0.1');
  await used.control.advance(6);
  await used.hears('CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE', 'CUSTOMER_PURSE_TRANSLATION_TO_ACCOUNT_COMPLETED');
  await used.control.advance(364 * DAY);
  assert.equal((await used.calypso.customerAddress(used.customer.id, 'BTC')).address, used.address);
  await used.control.advance(2 * DAY);
  await used.hears('CUSTOMER_PURSE_EXPIRED');
});
