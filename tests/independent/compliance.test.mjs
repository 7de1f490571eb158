// §3.1, §4.1: a deposit under review, let through or declined.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { digits } from './lib/exact-json.mjs';
import { assertInvoice } from './lib/shapes.mjs';
import { startSandbox } from './lib/sandbox.mjs';

async function underReview(t, stages) {
  const { calypso, control } = await startSandbox(t);
  const { id, invoiceAddress, amount } = await calypso.createSingleFiatInvoice({ currency: 'USDT_TRX', fiatAmount: digits('100'), fiatCurrency: 'EUR', description: 'Order 1001' });
  const deposit = await control.deposit({ address: invoiceAddress, amount: amount.text, stage: 'mempool' });
  const states = [];
  for (const stage of stages) {
    await control.move(deposit.id, stage);
    states.push(assertInvoice(await calypso.invoice({ id }), 'SINGLE_FIAT').state);
  }
  return { states, later: async (seconds) => {
    await control.advance(seconds);
    return (await calypso.invoice({ id })).state;
  } };
}

test('reviewed and let through', async (t) => {
  const { states, later } = await underReview(t, ['review', 'confirmed']);
  assert.deepEqual(states, ['PENDING_COMPLIANCE_CHECK', 'PAID']);
  assert.equal(await later(6), 'COMPLETED');
});

test('reviewed and declined, for good', async (t) => {
  const { states, later } = await underReview(t, ['review', 'declined']);
  assert.deepEqual(states, ['PENDING_COMPLIANCE_CHECK', 'DECLINED']);
  assert.equal(await later(7 * 86_400), 'DECLINED');
});

test('a review takes its time: it does not expire', async (t) => {
  const { states, later } = await underReview(t, ['review']);
  assert.deepEqual(states, ['PENDING_COMPLIANCE_CHECK']);
  assert.equal(await later(2 * 86_400), 'PENDING_COMPLIANCE_CHECK');
});
