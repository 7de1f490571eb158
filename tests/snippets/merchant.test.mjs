// docs/MERCHANT.md, followed: the five shops take orders on the real proxy, believe its events and nothing else, and ship each order once.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Webhook } from 'standardwebhooks';

import { ROOT } from '../e2e/lib/places.mjs';
import { HEADERS, counted, mutated } from './lib/mutated.mjs';
import { PROGRAMS, Session, free } from './lib/session.mjs';
import { LANGUAGE_NAMES, Shop } from './lib/shop.mjs';
import { snippetsOf } from './lib/snippets.mjs';

const KEY = 'a-merchant-key-of-a-test';
/** How many changed copies each reference library refuses, and how many of them each shop is sent; more of both with the variable. */
const COPIES = Number(process.env.CALYPSO_MUTATED_EVENTS ?? 2_000);
const SENT = process.env.CALYPSO_MUTATED_EVENTS ? Math.min(COPIES, 10_000) : 150;

const snippets = snippetsOf('docs/MERCHANT.md', readFileSync(join(ROOT, 'docs/MERCHANT.md'), 'utf8'));
const block = (language, number = 0) => snippets.filter((snippet) => snippet.language === language)[number].text;

let session;
let recorder;
let secret;
let sandbox;
let proxy;
const shops = [];
/** Every delivery of the proxy, as it came. */
const heard = [];

/** Takes every delivery, keeps it, and hands it to all shops; a shop that does not take it has it come again. */
async function record(port) {
  const server = createServer(async (request, response) => {
    // `check` asks for the head of what stands here, and tells nothing.
    if (request.method !== 'POST') return response.writeHead(405).end();
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const delivery = { headers: Object.fromEntries(HEADERS.map((name) => [name, request.headers[name]])), body: Buffer.concat(pieces) };
    heard.push(delivery);
    delivery.statuses = await Promise.all(shops.map((shop) => shop.hear(delivery.headers, delivery.body)));
    return response.writeHead(Math.max(204, ...delivery.statuses)).end();
  });
  await new Promise((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  return server;
}

before(async () => {
  const [events, at, gateway] = [await free(8000), await free(8085), await free(8090)];
  session = new Session(PROGRAMS, { CALYPSO_PROXY_MERCHANT_KEY: KEY, CALYPSO_PROXY_GATEWAY__SECRET: 'sandbox-secret' });
  proxy = `http://127.0.0.1:${at}`;
  sandbox = `http://127.0.0.1:${gateway}`;
  await session.run(block('sh', 0));
  secret = readFileSync(join(session.directory, 'calypso-event-secret'), 'utf8').trim();
  session.write('calypso-proxy.toml', `listen = "127.0.0.1:${at}"\npublic_url = "${proxy}"\ndatabase = "shop.sqlite3"\n`
    + `[gateway]\nbase_url = "${sandbox}"\naccount = "0x5a4db0c0ffee00000000000000000000000a11ce"\nkey = "sandbox-key"\n`
    + `[pace]\nwatch_ms = 5000\nawaiting_ms = 1000\nmoving_ms = 1000\n${block('toml').replace(':8000/', `:${events}/`)}`);
  const answers = (url) => `curl --silent --show-error --retry 9 --retry-connrefused ${url}\n`;
  await session.run(`calypso-sandbox --port ${gateway} &\n${answers(`${sandbox}/sandbox/v1/clock`)}`
    + 'calypso-proxy serve --config calypso-proxy.toml &\n'
    + answers(`${proxy}/integrity.json`));
  const environment = { CALYPSO_URL: proxy, CALYPSO_KEY: KEY, CALYPSO_EVENT_SECRETS: secret };
  for (const language of LANGUAGE_NAMES) {
    shops.push(await Shop.start(language, block(language), session.directory, environment));
  }
  recorder = await record(events);
}, { timeout: 300_000 });

after(async () => {
  recorder?.closeAllConnections();
  recorder?.close();
  for (const shop of shops) await shop.stop();
  await session?.stop();
});

/** An event as the specification's own library signs it, to say what the proxy would not. */
function signed(event, { id = `evt_${Math.random().toString(36).slice(2)}`, at = new Date(), by = secret } = {}) {
  const body = Buffer.from(JSON.stringify(event));
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)), 'webhook-signature': new Webhook(by).sign(id, at, body.toString()) };
  return { headers, body };
}

const about = (type, checkout) => ({ type, timestamp: new Date().toISOString(), data: { checkout } });

test('the test event of the real proxy is believed by every shop', async () => {
  assert.doesNotMatch(await session.run('calypso-proxy check --config calypso-proxy.toml'), /^WRONG /m);
  assert.equal(heard.length, 0, 'nothing is told by looking');
  const said = await session.run(block('sh', 1));
  assert.match(said, /: taken \(204\)/);
  assert.deepEqual(heard.at(-1).statuses, shops.map(() => 204));
  for (const shop of shops) assert.equal(shop.row(`seen-${heard.at(-1).headers['webhook-id']}`), 'event.test', shop.language);
  assert.ok(!session.output.includes(secret.slice(6)), 'the secret was said');
});

test('the reference libraries and every shop refuse changed copies of it', { timeout: 3_600_000 }, async () => {
  const { headers, body } = heard.at(-1);
  const copies = mutated({ headers, body }, COPIES);
  const npm = new Webhook(secret);
  npm.verify(body.toString(), headers);
  for (const copy of copies) assert.throws(() => npm.verify(copy.body, copy.headers), `npm took ${copy.what}`);
  const lines = [{ headers, body }, ...copies].map((copy) => JSON.stringify({ secret, headers: copy.headers, body: copy.body.toString('base64') }));
  const python = spawnSync(process.env.CALYPSO_PYTHON ?? 'python3', [join(ROOT, 'tests/snippets/lib/verify_events.py')], { input: `${lines.join('\n')}\n`, encoding: 'utf8', maxBuffer: 1 << 26 });
  const [right, ...wrong] = python.stdout.trim().split('\n');
  assert.equal(right, '1', `PyPI's library refused the delivery itself: ${python.stderr}`);
  assert.equal(wrong.length, copies.length);
  const taken = copies.filter((_, at) => wrong[at] !== '0');
  assert.deepEqual(taken.map(({ what }) => what), [], 'PyPI took a copy');
  console.log(`npm and PyPI each refused ${copies.length}:`, counted(copies));
  // Each shop gets every kind, and every n-th of those of which there are many.
  const step = Math.max(1, Math.floor(copies.length / SENT));
  const few = Object.entries(counted(copies)).filter(([, count]) => count < 20).map(([what]) => what);
  const sent = copies.filter(({ what }, at) => at % step === 0 || few.includes(what));
  await Promise.all(shops.map(async (shop) => {
    const before = shop.rows('');
    for (const copy of sent) assert.equal(await shop.hear(copy.headers, copy.body), 400, `${shop.language} took ${copy.what}: ${JSON.stringify(copy.headers)}`);
    assert.deepEqual(shop.rows(''), before, shop.language);
  }));
  console.log(`each of ${shops.length} shops refused ${sent.length}:`, counted(sent));
});

test('a shop ships for its own order, its amount and its state, and once', async () => {
  for (const [at, shop] of shops.entries()) {
    const number = String(7000 + at);
    const url = await shop.order(number);
    assert.equal(await shop.order(number), url, `${shop.language}: one order has one checkout`);
    const checkout = { id: url.split('/').at(-1), externalId: number, state: 'completed', price: { amount: '25.00', currency: 'EUR' } };
    const tell = (event, how) => { const { headers, body } = signed(event, how); return shop.hear(headers, body); };
    const nothing = () => assert.deepEqual([shop.row(`shipped-${number}`), shop.row(`paid-${number}`)], [null, null], shop.language);
    const completed = about('checkout.completed', checkout);
    // Signed, and about something else: taken, so that it does not come again, and nothing is shipped.
    for (const other of [
      { ...checkout, price: { amount: '2.50', currency: 'EUR' } }, { ...checkout, price: { amount: '25.00', currency: 'USD' } },
      { ...checkout, price: { amount: '25.0', currency: 'EUR' } }, { ...checkout, id: '00000000-0000-4000-8000-000000000000' },
      { ...checkout, externalId: '999999' }, { ...checkout, externalId: '../../etc/passwd' }, { ...checkout, externalId: null }, { ...checkout, externalId: '' },
      { ...checkout, state: 'awaiting' }, { ...checkout, state: 'underpaid' }, { ...checkout, state: 'expired' },
    ]) {
      assert.equal(await tell(about('checkout.completed', other)), 204, `${shop.language}: ${JSON.stringify(other)}`);
      nothing();
    }
    assert.notEqual(shop.row(`review-${number}`), null, `${shop.language} keeps what does not fit for a person`);
    for (const type of ['checkout.detected', 'checkout.underpaid', 'checkout.expired', 'checkout.unheard_of', 'event.test']) {
      assert.equal(await tell(about(type, checkout)), 204, type);
      nothing();
    }
    // Not signed by us, or not now.
    const other = `whsec_${Buffer.from('another secret of 32 bytes in all').toString('base64')}`;
    assert.equal(await tell(completed, { by: other }), 400);
    for (const seconds of [-301, -3600, 360, 86_400]) assert.equal(await tell(completed, { at: new Date(Date.now() + seconds * 1000) }), 400, `${shop.language} ${seconds}`);
    nothing();
    // While secrets are exchanged there are two signatures, and either place will do.
    const [first, second] = [signed(completed, { id: `evt_two_${at}`, by: other }), signed(completed, { id: `evt_two_${at}` })];
    const both = [first, second].map(({ headers }) => headers['webhook-signature']).join(' ');
    // It comes out of order: completed, and only then paid; then all of it again.
    assert.equal(await shop.hear({ ...second.headers, 'webhook-signature': both }, second.body), 204);
    assert.equal(shop.row(`shipped-${number}`), checkout.id, shop.language);
    for (const again of [second, signed(completed), signed(about('checkout.paid', { ...checkout, state: 'paid' })), signed(about('checkout.expired', { ...checkout, state: 'expired' })), second]) {
      assert.equal(await shop.hear(again.headers, again.body), 204, shop.language);
    }
    assert.deepEqual([shop.rows('shipped'), shop.rows('paid')], [[`shipped-${number}`], [`paid-${number}`]], shop.language);
  }
});

test('an event before the row of its checkout comes again', async () => {
  for (const [at, shop] of shops.entries()) {
    const number = String(8000 + at);
    writeFileSync(join(shop.data, `order-${number}`), '25.00 EUR');
    const checkout = { id: '00000000-0000-4000-8000-000000000000', externalId: number, state: 'completed', price: { amount: '25.00', currency: 'EUR' } };
    const { headers, body } = signed(about('checkout.completed', checkout));
    assert.equal(await shop.hear(headers, body), 503, shop.language);
    assert.equal(shop.row(`seen-${headers['webhook-id']}`), null, shop.language);
  }
});

/** Waits for something that has to come; what it came to. */
async function until(what, look) {
  const limit = Date.now() + 120_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert.ok(Date.now() < limit, `${what} did not come:\n${session.output.slice(-4000)}`);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

test('an order that is paid is told by the proxy itself, and shipped once, by the shop whose it is', { timeout: 300_000 }, async () => {
  await session.run('calypso-proxy webhook register --config calypso-proxy.toml');
  const call = async (url, body) => {
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${url} answered ${answer.status}: ${await answer.clone().text()}`);
    return answer.json();
  };
  const orders = await Promise.all(shops.map(async (shop, at) => {
    const number = String(9000 + at);
    const id = (await shop.order(number)).split('/').at(-1);
    const { invoice } = await call(`${proxy}/v1/checkouts/${id}/invoice`, { currency: 'USDT_TRX' });
    await call(`${sandbox}/sandbox/v1/deposits`, { address: invoice.address, amount: invoice.due, stage: 'confirmed' });
    return { shop, number, id };
  }));
  for (const { shop, number, id } of orders) {
    await until(`the event that ${shop.language} ships on`, () => shop.row(`shipped-${number}`));
    assert.deepEqual([shop.row(`paid-${number}`), shop.row(`shipped-${number}`), shop.row(`review-${number}`)], [id, id, null], shop.language);
    for (const other of shops.filter((other) => other !== shop)) assert.ok(!other.rows('').some((name) => name.endsWith(`-${number}`)), `${other.language} knows ${number}`);
    const told = heard.map((delivery) => ({ ...delivery, event: JSON.parse(delivery.body) })).filter(({ event }) => event.data.checkout?.id === id);
    const types = told.map(({ event }) => event.type);
    assert.deepEqual(types.filter((type) => ['checkout.paid', 'checkout.completed'].includes(type)), ['checkout.paid', 'checkout.completed'], 'each once, and in this order');
    assert.equal(new Set(told.map(({ headers }) => headers['webhook-id'])).size, told.length, 'no id twice');
    // Everything again, the last first, to every shop.
    const before = shops.map((one) => one.rows(''));
    for (const { headers, body } of told.reverse()) for (const one of shops) assert.equal(await one.hear(headers, body), 204, one.language);
    assert.deepEqual(shops.map((one) => one.rows('')), before);
  }
});
