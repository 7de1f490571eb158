// Top-ups and deposit addresses: any amount, any number of times, each deposit listed once and the sum exact.
import assert from 'node:assert/strict';

import { scenario, withBrowser } from './lib/scenario.mjs';

withBrowser();

/** The deposits on the screen, from the oldest on, and their sum: digits only. */
async function listed(buyer) {
  const digits = (text) => text.replaceAll(/\s/g, ' ').match(/^[\d.]+(?= )/)?.[0];
  const amounts = await buyer.part('deposit').locator('dd').allInnerTexts();
  return { amounts: amounts.map(digits), received: digits(await buyer.part('received').innerText()) };
}

/** Waits until the screen lists exactly these amounts with this sum. */
async function waitsForList(buyer, amounts, received) {
  const limit = Date.now() + 30_000;
  let shown;
  while (Date.now() < limit) {
    shown = await listed(buyer);
    if (shown.received === received && shown.amounts.length === amounts.length) break;
    await buyer.page.waitForTimeout(50);
  }
  assert.deepEqual(shown, { amounts, received });
}

async function opens(buyer, merchant, wanted) {
  const made = await merchant.makes(wanted);
  await buyer.page.goto(made.url);
  await buyer.sees('choosing');
  return made;
}

scenario('a top-up lists three deposits as they arrive, with the exact sum', async ({ buyer, merchant, sandbox }) => {
  await opens(buyer, merchant, { kind: 'topup', description: 'Top up your account' });
  await buyer.reads('Top up your account');
  await buyer.picks('USDT_TRX');

  const { receiving, price, invoice } = await buyer.now();
  assert.deepEqual([price, invoice, receiving.deposits], [null, null, []]);
  assert.equal(await buyer.address(), receiving.address);
  assert.equal(await buyer.copies('address'), receiving.address);
  assert.equal(await buyer.scans(), receiving.uri, 'the code names the address and no amount');
  assert.doesNotMatch(receiving.uri, /amount/);
  await buyer.reads('Send only USDT on Tron (TRC-20).');
  await buyer.reads('Send any amount, as often as you like');
  assert.equal(await buyer.part('countdown').count(), 0, 'nothing runs out');
  assert.equal(await buyer.part('amount').count(), 0, 'nothing is asked for');
  await waitsForList(buyer, [], '0');

  const amounts = [];
  for (const [amount, received] of [['0.1', '0.1'], ['0.2', '0.3'], ['1000000.000001', '1000000.300001']]) {
    const { transactionHash } = await sandbox.deposit(receiving.address, amount, 'confirmed');
    amounts.push(amount);
    await waitsForList(buyer, amounts, received);
    const link = buyer.part('deposit').last().locator('a');
    assert.match(await link.getAttribute('href'), new RegExp(transactionHash));
    assert.match(await buyer.part('deposit').last().innerText(), /20\d\d/, 'with its time');
    await sandbox.advance(60);
  }
  await buyer.sees('awaiting');
  await buyer.page.reload();
  await waitsForList(buyer, amounts, '1000000.300001');

  // Another currency is another address and another sum; the first is still there.
  await buyer.part('back').click();
  await buyer.picks('BTC');
  await waitsForList(buyer, [], '0');
  assert.notEqual(await buyer.address(), receiving.address);
  await buyer.part('back').click();
  await buyer.picks('USDT_TRX');
  await waitsForList(buyer, amounts, '1000000.300001');
  assert.equal((await buyer.events('paid')).length, 0, 'it is never finished');
});

scenario('a deposit address is permanent and lists three deposits as they arrive', async ({ buyer, merchant, sandbox }) => {
  const wanted = { kind: 'deposit', customer: 'user-7', description: 'Your deposit address' };
  await opens(buyer, merchant, wanted);
  await buyer.picks('USDT_BSC');
  const { receiving } = await buyer.now();
  const { address } = receiving;
  assert.equal(await buyer.address(), address);
  assert.equal(await buyer.scans(), receiving.uri);
  assert.match(receiving.uri, /^ethereum:0x[\da-fA-F]{40}@56\/transfer\?address=/);
  await waitsForList(buyer, [], '0');

  await sandbox.depositIn('USDT_BSC', address, '0.1', 'confirmed');
  await waitsForList(buyer, ['0.1'], '0.1');
  await sandbox.advance(60);
  const second = await sandbox.depositIn('USDT_BSC', address, '0.2', 'mempool');
  await waitsForList(buyer, ['0.1', '0.2'], '0.1');
  await buyer.reads('Payment seen');
  await sandbox.move(second, 'confirmed');
  await waitsForList(buyer, ['0.1', '0.2'], '0.3');
  await sandbox.advance(60);
  // Money in another currency of the same address is another sum.
  await sandbox.depositIn('BNB', address, '5', 'confirmed');
  await sandbox.depositIn('USDT_BSC', address, '7.000001', 'confirmed');
  await waitsForList(buyer, ['0.1', '0.2', '7.000001'], '7.300001');
  await buyer.sees('awaiting');

  await opens(buyer, merchant, wanted);
  await buyer.picks('BNB');
  assert.equal(await buyer.address(), address, 'the same customer, the same family of networks');
  await waitsForList(buyer, ['5'], '5');
  await opens(buyer, merchant, { ...wanted, customer: 'user-8' });
  await buyer.picks('BNB');
  assert.notEqual(await buyer.address(), address, 'somebody else');
  await waitsForList(buyer, [], '0');
});
