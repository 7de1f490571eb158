// docs/ORDERS.md, followed: orders signed in three languages become checkouts of the real proxy, one each, at the price that was signed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { ROOT } from '../e2e/lib/places.mjs';
import { PROGRAMS, Session, free } from './lib/session.mjs';
import { snippetsOf } from './lib/snippets.mjs';

const SHOP = 'https://shop.example';
const snippets = snippetsOf('docs/ORDERS.md', readFileSync(join(ROOT, 'docs/ORDERS.md'), 'utf8'));
const block = (language) => snippets.find((snippet) => snippet.language === language).text;

/** How the file of a language is called, and what runs it. */
const LANGUAGES = {
  js: ['order.mjs', process.execPath],
  php: ['order.php', process.env.CALYPSO_PHP ?? 'php'],
  python: ['order.py', process.env.CALYPSO_PYTHON ?? 'python3'],
};

let session;
let proxy;
let key;

before(async () => {
  const [at, gateway] = [await free(0), await free(0)];
  session = new Session(PROGRAMS, { CALYPSO_PROXY_MERCHANT_KEY: 'a-merchant-key-of-a-test', CALYPSO_PROXY_GATEWAY__SECRET: 'sandbox-secret' });
  proxy = `http://127.0.0.1:${at}`;
  await session.run(block('sh'));
  key = readFileSync(join(session.directory, 'calypso-order-key'), 'utf8').trim();
  session.write('calypso-proxy.toml', `listen = "127.0.0.1:${at}"\npublic_url = "${proxy}"\ndatabase = "shop.sqlite3"\nallowed_origins = ["${SHOP}"]\n`
    + `[gateway]\nbase_url = "http://127.0.0.1:${gateway}"\naccount = "0x5a4db0c0ffee00000000000000000000000a11ce"\nkey = "sandbox-key"\n${block('toml')}`);
  await session.run(`calypso-sandbox --port ${gateway} &\n`
    + 'calypso-proxy check --config calypso-proxy.toml\n'
    + 'calypso-proxy serve --config calypso-proxy.toml &\n'
    + `curl --silent --retry 9 --retry-connrefused ${proxy}/integrity.json`);
}, { timeout: 120_000 });

after(() => session?.stop());

function token(language, order, amount) {
  const [name, program] = LANGUAGES[language];
  const file = join(session.directory, name);
  writeFileSync(file, block(language));
  return execFileSync(program, [file, order, amount], { encoding: 'utf8', env: { PATH: process.env.PATH, CALYPSO_ORDER_KEY: key } }).trim();
}

async function show(order, origin = SHOP) {
  const answer = await fetch(`${proxy}/v1/checkouts`, { method: 'POST', headers: { 'content-type': 'application/json', origin }, body: JSON.stringify({ order }) });
  return { status: answer.status, ...await answer.json() };
}

test('each language signs what the proxy takes, at the price that was signed', async () => {
  for (const language of Object.keys(LANGUAGES)) {
    const made = await show(token(language, `order-of-${language}`, '19.90'));
    assert.equal(made.status, 201, `${language}: ${JSON.stringify(made)}`);
    assert.deepEqual(made.price, { amount: '19.90', currency: 'EUR' }, language);
    const again = await show(token(language, `order-of-${language}`, '19.90'));
    assert.equal(again.id, made.id, language);
    const changed = await show(token(language, `order-of-${language}`, '1.00'));
    assert.deepEqual([changed.status, changed.error.code], [409, 'order_changed'], language);
  }
  assert.ok(!session.output.includes(key), 'the key was said');
});

test('an order is one checkout whichever language has signed it', async () => {
  const ids = await Promise.all(Object.keys(LANGUAGES).map(async (language) => (await show(token(language, 'order-of-all', '7'))).id));
  assert.equal(new Set(ids).size, 1);
});

test('another key, another origin and a changed byte are refused', async () => {
  const good = token('js', 'order-1', '7');
  const other = good.replace(/.(.{20})$/, (all, rest) => (all[0] === 'A' ? 'B' : 'A') + rest);
  assert.equal((await show(other)).error.code, 'order_token_wrong');
  assert.equal((await show(good, 'https://evil.example')).error.code, 'origin_not_allowed');
  assert.equal((await show(`${good}.`)).error.code, 'order_token_malformed');
});
