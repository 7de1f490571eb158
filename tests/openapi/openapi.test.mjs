// The proxy's OpenAPI document: sound by its own specification, and true by a fuzzer that sends what it allows and what it forbids.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { readFileSync, writeFileSync } from 'node:fs';

import { PROGRAMS, Session, free } from '../snippets/lib/session.mjs';

/** Python with the packages of tests/python-packages.txt; `cargo xtask test` tells. */
const PYTHON = process.env.CALYPSO_PYTHON;
const KEY = 'a-merchant-key-of-the-fuzzer';
/** How many requests for each call and phase; a long run sets more. */
const EXAMPLES = process.env.CALYPSO_FUZZ_EXAMPLES ?? '8';
const SEED = process.env.CALYPSO_FUZZ_SEED ?? '7';

/**
 * What is held against each answer. Left out are: that data the document allows are always taken (JSON Schema cannot say that a top-up has no
 * price), and that a wrong key is always 401 (many of them are 429).
 */
const CHECKS = [
  'not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance', 'response_headers_conformance',
  'unsupported_method', 'allow_header_conformance', 'negative_data_rejection', 'use_after_free', 'ensure_resource_availability',
].join(',');

let session;
let base;
let id;

before(async () => {
  assert.ok(PYTHON, 'CALYPSO_PYTHON is not set: `cargo xtask test --only openapi` sets it');
  const [sandbox, proxy] = [await free(0), await free(0)];
  base = `http://127.0.0.1:${proxy}`;
  session = new Session(PROGRAMS, { CALYPSO_PROXY_MERCHANT_KEY: KEY, CALYPSO_PROXY_GATEWAY__SECRET: 'sandbox-secret', RUST_LOG: 'warn' });
  session.write('orders.key', randomBytes(32).toString('base64url'));
  session.write('proxy.toml', `
listen = "127.0.0.1:${proxy}"
public_url = "${base}"
database = "proxy.sqlite3"
assets = "dist/widget"
[gateway]
base_url = "http://127.0.0.1:${sandbox}"
pay_url = "http://127.0.0.1:${sandbox}"
account = "0x5a4db0c0ffee00000000000000000000000a11ce"
key = "sandbox-key"
[order_tokens]
algorithm = "HS256"
key_file = "orders.key"
[limits]
network_checkouts_per_hour = 0
network_choices_per_hour = 0
product_checkouts_per_hour = 0
invoices_per_hour = 0
[[products]]
key = "coffee-beans"
price = "25.00"
currency = "EUR"
description = "Coffee beans, 1 kg"
`);
  await session.run(`calypso-sandbox --port ${sandbox} 2>/dev/null &\ncalypso-proxy serve --config proxy.toml &`);
  await session.run(`curl --silent --retry 20 --retry-connrefused ${base}/integrity.json > /dev/null`);
  const made = await fetch(`${base}/v1/checkouts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', 'idempotency-key': 'order-1001' },
    body: JSON.stringify({ price: { amount: '25.00', currency: 'EUR' }, description: 'Order 1001', externalId: '1001' }),
  });
  assert.equal(made.status, 201);
  ({ id } = await made.json());
  // So that calls about one checkout find one.
  writeFileSync(join(session.directory, 'schemathesis.toml'), `[parameters]\nid = "${id}"\nexternalId = "1001"\n`);
});

after(() => session?.stop());

const run = (module, words) => execFileSync(PYTHON, ['-m', module, ...words], { cwd: session.directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

test('the document is sound OpenAPI 3.1', async () => {
  const answer = await fetch(`${base}/openapi.json`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/json');
  writeFileSync(join(session.directory, 'openapi.json'), Buffer.from(await answer.arrayBuffer()));
  assert.match(run('openapi_spec_validator', ['openapi.json']), /OK/);
});

/** Streams of events do not end by themselves, and a fuzzer waits for the end. */
const CALLS = ['--exclude-path-regex', '/events$'];

for (const [who, headers] of [['the merchant', ['-H', `Authorization: Bearer ${KEY}`]], ['a buyer', ['--phases', 'fuzzing']]]) {
  test(`${EXAMPLES} requests for each call by ${who}: no answer is against the document, and none a server error`, { timeout: 3_600_000 }, async () => {
    const words = ['run', 'openapi.json', '--url', base, ...headers, '--checks', CHECKS, '--seed', SEED, '-n', EXAMPLES, ...CALLS,
      '--request-timeout', '10', '--continue-on-failure', '--no-color', '--warnings', 'off'];
    const fuzzer = spawn(join(dirname(PYTHON), 'st'), words, { cwd: session.directory, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    fuzzer.stdout.setEncoding('utf8').on('data', (text) => { said += text; });
    const code = await new Promise((resolve) => { fuzzer.once('close', resolve); });
    assert.equal(code, 0, said);
    const tested = Number(said.match(/Tested: (\d+)/)?.[1]);
    const calls = Object.values(JSON.parse(readFileSync(join(session.directory, 'openapi.json'), 'utf8'))['paths']).flatMap(Object.keys).length;
    assert.ok(tested >= calls - 2, `${tested} of ${calls} calls were tested`);
    console.log(said.match(/\d+ generated, .*/)?.[0]);
    // It goes on as if nothing had been.
    const shown = await fetch(`${base}/v1/checkouts/${id}`);
    assert.equal(shown.status, 200);
  });
}
