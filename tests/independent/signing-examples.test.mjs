// docs/SIGNING.md: its examples, taken from the page as they stand, against the vectors and a sandbox.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { MERCHANT, startSandbox } from './lib/sandbox.mjs';

const run = promisify(execFile);
const page = await readFile(new URL('../../docs/SIGNING.md', import.meta.url), 'utf8');
const { secret, vectors } = JSON.parse(await readFile(new URL('../vectors/signatures.json', import.meta.url), 'utf8'));

/** The two blocks of a language: what signs and calls, and what makes an invoice with it. */
function blocks(language) {
  const found = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code]) => code);
  assert.equal(found.length, 2, `two blocks of ${language}`);
  return found;
}

/** Writes the blocks as files into a directory that goes when the test ends. */
async function project(t, language, extension) {
  const directory = await mkdtemp(join(tmpdir(), 'signing-'));
  t.after(() => rm(directory, { recursive: true }));
  const [library, order] = blocks(language);
  await writeFile(join(directory, `calypso.${extension}`), library);
  await writeFile(join(directory, `order.${extension}`), order);
  return directory;
}

/** The environment of an order to this sandbox. */
const environment = (sandbox, changes = {}) => ({
  ...process.env,
  CALYPSO_URL: sandbox.baseUrl, CALYPSO_KEY: MERCHANT.key, CALYPSO_SECRET: MERCHANT.secret, CALYPSO_ACCOUNT: MERCHANT.account,
  ...changes,
});

/** Runs the order against a sandbox: once as it should be, once with another secret. */
async function orders(t, program, file, directory) {
  const sandbox = await startSandbox(t);
  const { stdout } = await run(program, [file], { cwd: directory, env: environment(sandbox) });
  const [, amount, address] = /^pay ([0-9.]+) USDT_TRX to (T\w+)\n$/.exec(stdout) ?? assert.fail(stdout);
  const requests = (await sandbox.control.requests()).filter(({ path }) => path === '/api/v1/invoice/single-fiat/create');
  assert.equal(requests.length, 1);
  const made = requests[0].answer.body;
  assert.deepEqual([made.amount.text, made.invoiceAddress, made.description], [amount, address, 'Order №1001']);
  const refused = run(program, [file], { cwd: directory, env: environment(sandbox, { CALYPSO_SECRET: `${MERCHANT.secret} ` }) });
  await assert.rejects(refused, /the gateway refused invoice\/single-fiat\/create: .*"003"/);
}

test('the JavaScript of the page signs every vector', async (t) => {
  const directory = await project(t, 'js', 'mjs');
  const { sign, verify, readJson } = await import(pathToFileURL(join(directory, 'calypso.mjs')));
  for (const { name, body, sign: expected } of vectors) {
    assert.equal(sign(secret, body), expected, name);
    assert.ok(verify(secret, Buffer.from(body), expected), name);
    for (const wrong of ['', expected.slice(1), `${expected}0`, expected.replace(/^./, (digit) => (digit === '0' ? '1' : '0')), undefined]) {
      assert.ok(!verify(secret, Buffer.from(body), wrong), `${name}: ${wrong}`);
    }
  }
  const read = readJson('{"a":0.000000000000000001,"b":[-1,1e3],"c":"at 5:30, \\"12\\" of 1","d":null,"e":true,"12":12345678901234567890}');
  assert.deepEqual(read, { a: '0.000000000000000001', b: ['-1', '1e3'], c: 'at 5:30, "12" of 1', d: null, e: true, 12: '12345678901234567890' });
});

test('the JavaScript of the page makes an invoice', async (t) => {
  await orders(t, process.execPath, 'order.mjs', await project(t, 'js', 'mjs'));
});

test('the Python of the page signs every vector', async (t) => {
  const directory = await project(t, 'python', 'py');
  const check = `import json, sys
from calypso import sign, verify
data = json.load(open(sys.argv[1], encoding="utf-8"))
for vector in data["vectors"]:
    body = vector["body"].encode()
    assert sign(data["secret"], body) == vector["sign"], vector["name"]
    assert verify(data["secret"], body, vector["sign"])
    for wrong in ("", vector["sign"][1:], vector["sign"] + "0", "№"):
        assert not verify(data["secret"], body, wrong)
print(len(data["vectors"]))
`;
  await writeFile(join(directory, 'check.py'), check);
  const file = new URL('../vectors/signatures.json', import.meta.url);
  const { stdout } = await run('python3', ['check.py', file.pathname], { cwd: directory });
  assert.equal(Number(stdout), vectors.length);
});

test('the Python of the page makes an invoice', async (t) => {
  await orders(t, 'python3', 'order.py', await project(t, 'python', 'py'));
});
