// Every snippet of the README and of docs/ works as it stands there: files are taken, commands run, pages show the widget.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { launch } from '../e2e/lib/scenario.mjs';
import { ROOT } from '../e2e/lib/places.mjs';
import { PROGRAMS, Session, free } from './lib/session.mjs';
import { allSnippets, place, snippetsOf } from './lib/snippets.mjs';


/** The hosts of the README's live pages, and where a test finds them. */
const SHOP = 'https://shop.example';
const PAY = 'https://pay.shop.example';
const PATIENCE_MS = 60_000;

const snippets = allSnippets();
const here = snippets.filter(({ elsewhere }) => elsewhere === undefined);
const of = (language, file) => here.filter((snippet) => snippet.language === language && (!file || snippet.file === file));

/** The documents whose commands and files are followed in their order. */
const FOLLOWED = ['README.md', 'docs/POSTGRESQL.md', 'docs/RUNBOOK.md'];

/** Ports of the README, where they are taken on this computer. */
const ports = new Map();
const literal = (text) => [...ports].reduce((done, [wished, port]) => done.replaceAll(`:${wished}`, `:${port}`).replaceAll(`--port ${wished}`, `--port ${port}`), text);

let session;
let browser;

before(async () => {
  for (const wished of [8085, 8090]) ports.set(wished, await free(wished));
  session = new Session(PROGRAMS);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await session?.stop();
});

test('every snippet is run, or says why not', () => {
  const known = ['html', 'http', 'js', 'json', 'rust', 'python'];
  const followed = ({ file, language }) => ['sh', 'toml', 'sql'].includes(language) && FOLLOWED.includes(file);
  const unknown = here.filter((snippet) => !known.includes(snippet.language) && !followed(snippet)).map((snippet) => `${place(snippet)} (${snippet.language || 'no language'})`);
  assert.deepEqual(unknown, [], 'no runner; say a language, or `<!-- snippet: not run, because … -->` before the block');
  const elsewhere = snippets.filter((snippet) => snippet.elsewhere);
  for (const snippet of elsewhere) console.log(`${place(snippet)}: ${snippet.elsewhere}`);
  console.log(`${here.length} snippets are run here, ${elsewhere.length} are not`);
  for (const { elsewhere: why, ...snippet } of elsewhere.filter(({ elsewhere: why }) => why.startsWith('run by '))) {
    const file = why.slice('run by '.length).split(' ')[0];
    assert.ok(existsSync(join(ROOT, file)), `${place(snippet)} names ${file}, which is not there`);
  }
});

test('a block without a language or with an unknown one is found', () => {
  const text = '```\na\n```\n\n<!-- snippet: not run, because it is a test -->\n```sh\nb\n```\n\n```text\nc\n```\n';
  const found = snippetsOf('x.md', text).map(({ language, elsewhere }) => [language, elsewhere]);
  assert.deepEqual(found, [['', undefined], ['sh', 'not run, because it is a test']]);
});

test('every example of JSON can be read', () => {
  const examples = of('json');
  assert.ok(examples.length > 20, `only ${examples.length} examples were found`);
  for (const snippet of examples) assert.doesNotThrow(() => JSON.parse(snippet.text), place(snippet));
});

test('what is installed is there under its path and name', () => {
  const commands = snippets.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.split('\n'));
  const installs = commands.map((line) => line.match(/cargo install .*--path (\S+)\s+# (\S+)/)).filter(Boolean);
  assert.equal(installs.length, 2, 'proxy and sandbox are installed by path');
  for (const [, path, name] of installs) {
    const manifest = readFileSync(join(ROOT, path, 'Cargo.toml'), 'utf8');
    assert.match(manifest, new RegExp(`^name = "${name}"$`, 'm'));
    assert.ok(existsSync(join(PROGRAMS, name)), `${name} is built`);
  }
});

test('the links of the README lead somewhere', () => {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
  for (const [, target] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
    if (!/^https?:/.test(target)) assert.ok(existsSync(join(ROOT, target)), `${target} is not there`);
  }
});

/** Files and commands of the README in their order, in one shell, as somebody would follow them. */
test('the README followed literally', { timeout: 300_000 }, async (t) => {
  let ran = 0;
  for (const snippet of here.filter(({ file, language }) => file === 'README.md' && ['sh', 'toml'].includes(language))) {
    await t.test(`${place(snippet)} (${snippet.language})`, async () => {
      if (snippet.language === 'toml') {
        const name = snippet.text.match(/^# ([\w.-]+\.toml)\b/)?.[1];
        assert.ok(name, 'its first line names the file');
        session.write(name, literal(snippet.text));
      } else {
        console.log(await session.run(literal(snippet.text)));
      }
    });
    ran += 1;
  }
  assert.ok(ran >= 5, `${ran} steps`);
  assert.match(session.output, /^ok {4}gateway: .* accepts key, signature and account/m, '`check` has proved the account');
  assert.doesNotMatch(session.output, /^WRONG /m);
  assert.match(session.output, /"state":"(paid|completed)"/, 'the order was paid');
});

/** As the administrator of the server, and then as the merchant, with the names of a database of this test alone. */
test('the way to PostgreSQL followed literally', { timeout: 300_000 }, async () => {
  const cluster = process.env.CALYPSO_TEST_POSTGRES;
  assert.ok(cluster, 'CALYPSO_TEST_POSTGRES is not set: `cargo xtask postgres` starts a cluster and prints the line that sets it');
  const own = `calypso_snippets_${process.pid}`;
  const administer = (sql) => execFileSync('psql', ['-Xq', '-v', 'ON_ERROR_STOP=1', '-d', cluster, '-f', '-'], { input: sql, timeout: PATIENCE_MS });
  const file = 'docs/POSTGRESQL.md';
  const [made] = of('sql', file);
  const [moved] = of('sh', file);
  const [configuration] = of('toml', 'README.md');
  // The server of the tests is on this computer and speaks no TLS.
  const url = 'postgres://calypso:…@db-1:5432/calypso?sslmode=verify-full';
  assert.ok(moved.text.includes(url), 'the commands name the database');
  const other = new Session(PROGRAMS, {
    CALYPSO_PROXY_LISTEN: `127.0.0.1:${await free(0)}`,
    CALYPSO_PROXY_MERCHANT_KEY: 'a-merchant-key-of-a-test',
    CALYPSO_PROXY_GATEWAY__SECRET: 'sandbox-secret',
  });
  try {
    administer(made.text.replaceAll('calypso', own));
    other.write('calypso-proxy.toml', literal(configuration.text));
    const here = `postgres://${own}:${encodeURIComponent('…')}@${new URL(cluster).host}/${own}`;
    const said = await other.run(moved.text.replaceAll(url, here));
    assert.match(said, /read back/, 'each row was read back');
    assert.match(said, /^ok {4}database: /m);
    assert.doesNotMatch(said, /^WRONG /m);
  } finally {
    await other.stop();
    administer(`DROP DATABASE IF EXISTS ${own} WITH (FORCE); `);
    administer(`DROP ROLE IF EXISTS ${own};`);
  }
});

/** A page of the shop with the proxy beside it, both under the names the README uses. */
async function shopPage(html, policy) {
  const context = await browser.newContext();
  const problems = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') problems.push(message.text()); });
  const proxy = `http://127.0.0.1:${ports.get('live')}`;
  await context.route(`${PAY}/**`, async (route) => {
    const request = route.request();
    const url = new URL(request.url());
    const headers = await request.allHeaders();
    for (const name of Object.keys(headers)) if (name.startsWith(':') || ['host', 'content-length'].includes(name)) delete headers[name];
    const answer = await fetch(`${proxy}${url.pathname}${url.search}`, { method: request.method(), headers, body: request.postData() ?? undefined });
    const kept = Object.fromEntries([...answer.headers].filter(([name]) => !['content-encoding', 'content-length', 'transfer-encoding'].includes(name)));
    await route.fulfill({ status: answer.status, headers: kept, body: Buffer.from(await answer.arrayBuffer()) });
  });
  await context.route(`${SHOP}/**`, (route) => route.fulfill({
    status: 200,
    contentType: 'text/html; charset=utf-8',
    headers: policy ? { 'content-security-policy': policy } : {},
    body: `<!doctype html><html lang="en"><head><title>Shop</title></head><body>${html}</body></html>`,
  }));
  await page.goto(`${SHOP}/`);
  await page.waitForFunction(() => document.querySelector('calypso-pay')?.dataset.state === 'choosing', null, { timeout: PATIENCE_MS })
    .catch(() => { throw new Error(`the widget did not get as far as «choosing»: ${problems.join('\n')}`); });
  return { page, context, problems };
}

test('the pages of the README show the widget', { timeout: 300_000 }, async (t) => {
  // The configuration of the README with the names of a live shop, as its comments say.
  const live = await free(8086);
  ports.set('live', live);
  await session.run(literal([
    `CALYPSO_PROXY_LISTEN=127.0.0.1:${live} CALYPSO_PROXY_PUBLIC_URL=${PAY} CALYPSO_PROXY_ALLOWED_ORIGINS=${SHOP}`
      + ' CALYPSO_PROXY_DATABASE=live.sqlite3 calypso-proxy serve --config calypso-proxy.toml &',
    `curl --silent --retry 9 --retry-connrefused http://127.0.0.1:${live}/integrity.json > /dev/null`,
  ].join('\n')));
  const policy = of('http').map(({ text }) => text.match(/^Content-Security-Policy: (.*)$/m)?.[1]).find(Boolean);
  assert.ok(policy, 'the README has a policy');
  for (const snippet of of('html')) {
    for (const [name, given] of [['without a policy', null], ['under the README\'s policy', policy]]) {
      await t.test(`${place(snippet)} ${name}`, async () => {
        const { context, problems } = await shopPage(snippet.text, given);
        assert.deepEqual(problems, []);
        await context.close();
      });
    }
  }
  for (const snippet of of('js').filter(({ text }) => text.includes('document.'))) {
    await t.test(`${place(snippet)} (in the page)`, async () => {
      const { page, context, problems } = await shopPage(of('html')[0].text, null);
      await page.evaluate(snippet.text);
      assert.deepEqual(problems, []);
      await context.close();
    });
  }
});

test('programs in other languages run', async (t) => {
  const runners = { js: (name) => [process.execPath, [name]], python: (name) => ['python3', [name]] };
  for (const snippet of here.filter(({ language, text }) => language in runners && !text.includes('document.'))) {
    await t.test(place(snippet), () => {
      const name = `snippet-${snippet.line}.${snippet.language === 'js' ? 'mjs' : 'py'}`;
      session.write(name, literal(snippet.text));
      const [program, given] = runners[snippet.language](name);
      execFileSync(program, given, { cwd: session.directory, stdio: 'inherit', timeout: PATIENCE_MS });
    });
  }
});

test('Rust is compiled as a documentation example', () => {
  const hooks = { 'README.md': 'crates/calypso/src/lib.rs' };
  for (const { file } of of('rust')) {
    assert.ok(hooks[file], `${file} has Rust; let a crate's documentation include it, and say so here`);
    assert.ok(readFileSync(join(ROOT, hooks[file]), 'utf8').includes(`include_str!("../../../${file}")`), `${hooks[file]} includes ${file}`);
  }
});
