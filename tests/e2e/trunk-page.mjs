// Looks at the page that `trunk serve` shows: node trunk-page.mjs TRUNK. The widget on it must reach its first screen.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';

import { Demo } from './lib/demo.mjs';
import { ROOT } from './lib/places.mjs';
import { launch } from './lib/scenario.mjs';

const LIMIT_MS = 600_000;
/** Both as Trunk.toml has them. */
const SHOP = 'http://127.0.0.1:8081/';
const PROXY_PORT = 8080;

const trunk = process.argv[2];
assert.ok(trunk, 'the path of trunk was expected');
const demo = await Demo.start({ port: PROXY_PORT });
const environment = { ...process.env };
// Trunk takes it for a flag of its own and stops at the value that everybody else uses, 1.
delete environment.NO_COLOR;
const server = spawn(trunk, ['serve'], {
  cwd: ROOT, env: environment, stdio: ['ignore', 'inherit', 'inherit'],
});
const browser = await launch();
try {
  const page = await browser.newPage();
  const limit = Date.now() + LIMIT_MS;
  for (;;) {
    const served = await fetch(SHOP).then((response) => response.ok, () => false);
    if (served) break;
    assert.equal(server.exitCode, null, 'trunk serve ended');
    assert.ok(Date.now() < limit, 'trunk serve does not answer');
    await new Promise((resolve) => { setTimeout(resolve, 500); });
  }
  const complaints = [];
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(SHOP);
  await page.locator('calypso-pay[data-state="choosing"]').first().waitFor({ timeout: 60_000 })
    .catch((error) => { throw new Error(`the widget does not reach its first screen: ${complaints.join('; ')}`, { cause: error }); });
  console.log('trunk serve shows the widget');
} finally {
  await browser.close();
  server.kill('SIGINT');
  await demo.stop();
}
