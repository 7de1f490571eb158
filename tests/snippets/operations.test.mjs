// What docs/RUNBOOK.md says is done here as it stands there; and the files in ops/ start the program that is built, in ways it takes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { ROOT } from '../e2e/lib/places.mjs';
import { PROGRAMS, Session, free } from './lib/session.mjs';
import { allSnippets } from './lib/snippets.mjs';

const read = (name) => readFileSync(join(ROOT, name), 'utf8');
const snippets = allSnippets().filter(({ elsewhere }) => elsewhere === undefined);

/** The subcommands and options after the program's name are ones that it has. */
function understood(words) {
  const [program, command, ...options] = words;
  const help = execFileSync(join(PROGRAMS, program.split('/').pop()), [command, '--help'], { encoding: 'utf8' });
  for (const option of options.filter((word) => word.startsWith('--'))) assert.ok(help.includes(option), `${command} has no ${option}`);
}

test('the runbook followed literally', { timeout: 300_000 }, async () => {
  const sandbox = await free(0);
  const session = new Session(PROGRAMS, {
    CALYPSO_PROXY_LISTEN: `127.0.0.1:${await free(0)}`,
    CALYPSO_PROXY_GATEWAY__BASE_URL: `http://127.0.0.1:${sandbox}`,
    CALYPSO_PROXY_MERCHANT_KEY: 'a-merchant-key-of-a-test',
    CALYPSO_PROXY_GATEWAY__SECRET: 'sandbox-secret',
  });
  try {
    const configuration = snippets.find(({ file, language }) => file === 'README.md' && language === 'toml');
    session.write('calypso-proxy.toml', configuration.text);
    await session.run(`calypso-sandbox --port ${sandbox} 2>/dev/null &\ncalypso-proxy migrate --config calypso-proxy.toml`);
    const steps = snippets.filter(({ file, language }) => file === 'docs/RUNBOOK.md' && language === 'sh');
    assert.ok(steps.length >= 3, `${steps.length} steps`);
    for (const { text } of steps) console.log(await session.run(text));
    assert.match(session.output, /backup\.sqlite3: \d+ rows in \d+ tables/);
    assert.doesNotMatch(session.output, /^WRONG /m);
    // A second time nothing is overwritten.
    await assert.rejects(session.run('calypso-proxy backup --config calypso-proxy.toml --to backup.sqlite3'), /is there already/);
  } finally {
    await session.stop();
  }
});

test('the systemd unit starts the program, and leaves it little else', () => {
  const unit = read('ops/systemd/calypso-proxy.service');
  const start = unit.match(/^ExecStart=(.*)$/m)[1];
  understood(start.split(' '));
  // systemd looks for the program where the unit says, which is not where it was built.
  const here = unit.replace(start.split(' ')[0], join(PROGRAMS, 'calypso-proxy'));
  const session = new Session(PROGRAMS);
  session.write('calypso-proxy.service', here);
  const file = join(session.directory, 'calypso-proxy.service');
  const said = execFileSync('systemd-analyze', ['verify', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  assert.equal(said, '');
  const exposure = execFileSync('systemd-analyze', ['security', '--offline=yes', '--no-pager', file], { encoding: 'utf8' });
  const level = Number(exposure.match(/Overall exposure level for .*: ([\d.]+)/)[1]);
  assert.ok(level <= 2, `exposure ${level}; 0 is nothing, 10 is everything`);
  return session.stop();
});

test('the image starts the program, from files that the build makes', () => {
  const image = read('ops/container/Containerfile');
  const words = (name) => JSON.parse(image.match(new RegExp(`^${name} (\\[.*\\])$`, 'm'))[1]);
  understood([...words('ENTRYPOINT'), ...words('CMD')]);
  assert.match(image, /^USER (?!0$|root$)\d+$/m);
  const copied = [...image.matchAll(/^COPY (?:--\S+ )*(\S+) \S+$/gm)].map(([, from]) => from);
  assert.deepEqual(copied, ['target/release/calypso-proxy', 'dist/widget']);
  assert.ok(existsSync(join(PROGRAMS, 'calypso-proxy')));
});
