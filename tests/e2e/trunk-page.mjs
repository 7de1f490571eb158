// Looks at the page that `trunk serve` shows: node trunk-page.mjs TRUNK. The widget on it must reach its first screen.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

import { Demo } from './lib/demo.mjs';
import { ROOT } from './lib/places.mjs';
import { launch } from './lib/scenario.mjs';

const LIMIT_MS = 600_000;

function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

const trunk = process.argv[2];
assert.ok(trunk, 'the path of trunk was expected');
const demo = await Demo.start({ port: 8080 });
const port = await freePort();
const environment = { ...process.env };
delete environment.NO_COLOR;
const server = spawn(trunk, ['serve', '--port', String(port), '--address', '127.0.0.1'], {
  cwd: ROOT, env: environment, stdio: ['ignore', 'inherit', 'inherit'],
});
const browser = await launch();
try {
  const page = await browser.newPage();
  const limit = Date.now() + LIMIT_MS;
  for (;;) {
    const served = await fetch(`http://127.0.0.1:${port}/`).then((response) => response.ok, () => false);
    if (served) break;
    assert.equal(server.exitCode, null, 'trunk serve ended');
    assert.ok(Date.now() < limit, 'trunk serve does not answer');
    await new Promise((resolve) => { setTimeout(resolve, 500); });
  }
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.locator('calypso-pay[data-state="choosing"]').first().waitFor({ timeout: 60_000 });
  console.log('trunk serve shows the widget');
} finally {
  await browser.close();
  server.kill('SIGINT');
  await demo.stop();
}
