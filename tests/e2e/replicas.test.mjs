// Two replicas of the proxy: what one is told, the other's pages see, and a page moves on when its replica dies.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Buyer } from './lib/buyer.mjs';
import { Replicas } from './lib/replicas.mjs';
import { launch } from './lib/scenario.mjs';
import { follows, watched } from './lib/stream.mjs';

const STORY_LIMIT_MS = 240_000;

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

/** A buyer with the checkout open at one of the two ways in, with a stream it relies on. */
async function arrives(replicas, origin, id, t) {
  const buyer = await Buyer.arrive(browser, { ...replicas, origin });
  t.after(() => buyer.leaves());
  const seen = watched(buyer.page);
  await buyer.page.goto(`${origin}/pay/${id}`);
  await follows(buyer.page, seen);
  return { buyer, seen };
}

test('two tabs at two replicas both move, and one whose replica is killed moves on at the other', { timeout: STORY_LIMIT_MS }, async (t) => {
  const replicas = await Replicas.start();
  t.after(() => replicas.stop());
  const { sandbox } = replicas;
  const { id } = await replicas.merchant.checkout();
  const chosen = await fetch(`${replicas.origin}/v1/checkouts/${id}/invoice`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"currency":"USDT_TRX"}',
  });
  const { invoice } = await chosen.json();
  const [one, two] = await Promise.all([
    arrives(replicas, replicas.origin, id, t),
    arrives(replicas, replicas.second, id, t),
  ]);
  for (const { seen } of [one, two]) Object.assign(seen, { polls: 0 });

  const deposit = await sandbox.deposit(invoice.address, invoice.amount, 'mempool');
  await Promise.all([one, two].map(({ buyer }) => buyer.sees('detected')));
  for (const { seen } of [one, two]) assert.deepEqual(seen, { streams: [200], polls: 0 }, 'nobody asked');

  one.buyer.expectsNetworkTrouble = true;
  assert.equal(await replicas.proxies[0].kill(), 'ended with SIGKILL');
  await follows(one.buyer.page, one.seen, 1);
  for (const { seen } of [one, two]) Object.assign(seen, { polls: 0 });
  await sandbox.move(deposit, 'confirmed');
  await Promise.all([one, two].map(({ buyer }) => buyer.isThanked()));
  assert.equal(one.seen.polls, 0, 'a new stream tells');
  assert.deepEqual(two.seen, { streams: [200], polls: 0 }, 'the other page has noticed nothing');
  assert.equal(await sandbox.invoicesAskedFor(), 1);
  for (const { buyer } of [one, two]) await buyer.assertNothingStrange();
});
