// What the proxy signs, judged by JOSE libraries of others: they take what is good, and refuse what was changed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createPublicKey, verify as verifyEd25519 } from 'node:crypto';
import { promisify } from 'node:util';

import { compactVerify, importJWK } from 'jose';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = process.env.CALYPSO_MUTATIONS_BIN ?? join(root, 'target/debug/examples/mutations');
const PYTHON = process.env.CALYPSO_PYTHON ?? join(root, 'target/tools/python/bin/python');
/** 50 000 for the long form. `cargo test -p calypso-attest` refuses the same ones. */
const COUNT = process.env.CALYPSO_ATTESTATION_MUTATIONS ?? '3000';

let key;
let publicKey;
let goods;
let mutants;

before(async () => {
  assert.ok(existsSync(PROGRAM), `build it first (cargo build -p calypso-attest --example mutations); looked at ${PROGRAM}`);
  const { stdout } = await run(PROGRAM, [COUNT], { maxBuffer: 1 << 30 });
  const [first, ...lines] = stdout.trimEnd().split('\n');
  publicKey = first;
  key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: publicKey }, 'EdDSA');
  const all = lines.map((line) => line.split('\t')).map(([way, jws]) => ({ way, jws: JSON.parse(jws) }));
  goods = all.filter(({ way }) => way === 'good');
  mutants = all.filter(({ way }) => way !== 'good');
  assert.deepEqual([goods.length, mutants.length], [2, Number(COUNT)]);
});

const byJose = async (jws) => {
  try {
    await compactVerify(jws, key, { algorithms: ['EdDSA'] });
    return true;
  } catch {
    return false;
  }
};

/** Python's judgement of each. */
async function byPython(list) {
  const directory = await mkdtemp(join(tmpdir(), 'calypso-jose-'));
  try {
    const file = join(directory, 'all.json');
    await writeFile(file, JSON.stringify(list));
    const program = `import json, jwt, sys
key = jwt.PyJWK({"kty": "OKP", "crv": "Ed25519", "x": sys.argv[1]})
def taken(text):
    try:
        jwt.PyJWS().decode(text, key, algorithms=["EdDSA"])
        return True
    except Exception:
        return False
print(json.dumps([taken(text) for text in json.load(open(sys.argv[2], encoding="utf-8"))]))
`;
    const { stdout } = await run(PYTHON, ['-c', program, publicKey, file], { maxBuffer: 1 << 26 });
    return JSON.parse(stdout);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Whether it is what was signed but for how the signature is spelled, which none of these libraries looks at closely. */
function isSignedAlike(jws) {
  return goods.some((good) => {
    const [header, payload, signature] = good.jws.split('.');
    const prefix = `${header}.${payload}.`;
    if (!jws.startsWith(prefix)) return false;
    const bytes = (text) => Buffer.from(text.replace(/\s/g, ''), 'base64').subarray(0, 64);
    return bytes(jws.slice(prefix.length)).equals(bytes(signature));
  });
}

/** What a general library may take: the key has signed these bytes, or the signature is the same in another spelling. */
const mayTake = ({ way, jws }) => way === 'lenient: signed and spelled otherwise' || isSignedAlike(jws);

test('what is good is taken by all', async () => {
  assert.deepEqual(await Promise.all(goods.map(({ jws }) => byJose(jws))), [true, true]);
  assert.deepEqual(await byPython(goods.map(({ jws }) => jws)), [true, true]);
});

for (const [library, judge] of [
  ['jose', async (list) => Promise.all(list.map(byJose))],
  ['PyJWT', byPython],
]) {
  test(`${library} takes none either, but for other spellings of what the key has signed`, async () => {
    const taken = await judge(mutants.map(({ jws }) => jws));
    const all = mutants.filter((_, place) => taken[place]);
    const wrongly = all.filter((mutant) => !mayTake(mutant));
    assert.deepEqual(wrongly.slice(0, 3), [], `${wrongly.length} were taken`);
    const counts = {};
    for (const { way } of all) counts[way] = (counts[way] ?? 0) + 1;
    console.log(`${library}: ${mutants.length} changes, ${mutants.length - all.length} refused; taken although spelled otherwise: ${JSON.stringify(counts)}`);
    assert.ok(counts['lenient: signed and spelled otherwise'] > 0, 'the key has signed those');
  });
}

test('OpenSSL agrees about every signature that a standard gives, and takes no number that is not reduced', async () => {
  const { signatures } = JSON.parse(await readFile(new URL('../vectors/ed25519.json', import.meta.url), 'utf8'));
  const taken = (vector) => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(vector.key, 'hex').toString('base64url') };
    const bytes = (member) => Buffer.from(vector[member], 'hex');
    return verifyEd25519(null, bytes('message'), createPublicKey({ key: jwk, format: 'jwk' }), bytes('signature'));
  };
  for (const vector of signatures.filter(({ valid }) => valid)) assert.ok(taken(vector), vector.name);
  for (const vector of signatures.filter(({ name }) => /order$|S is|all |another|negated/.test(name))) assert.ok(!taken(vector), vector.name);
});

/** The blocks of a language in the document. */
async function blocks(language) {
  const text = await readFile(join(root, 'docs/ATTESTATION.md'), 'utf8');
  return [...text.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, block]) => block);
}

test('the lines of the document verify, in Node and in Python', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'calypso-attestation-'));
  t.after(() => rm(directory, { recursive: true }));
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
  for (const [language, name, program] of [['js', 'verify.mjs', process.execPath], ['python', 'verify.py', PYTHON]]) {
    const [block, ...more] = await blocks(language);
    assert.equal(more.length, 0);
    await writeFile(join(directory, name), block);
    for (const { jws } of goods) {
      const [header, payload] = jws.split('.').map((part) => Buffer.from(part, 'base64url').toString());
      const { stdout } = await run(program, [name, publicKey, jws], { cwd: directory });
      assert.equal(stdout, `${JSON.parse(header).typ} ${payload}\n`);
      const changed = jws.replace(/.(?=[^.]*\.[^.]*$)/, (c) => (c === 'A' ? 'B' : 'A'));
      await assert.rejects(run(program, [name, publicKey, changed], { cwd: directory }), language);
    }
  }
});
