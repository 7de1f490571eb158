// The real demo server as a child process: one port for shop, proxy and sandbox, a fresh SQLite file each time.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Merchant } from './merchant.mjs';
import { DEMO, SHOP, WIDGET } from './places.mjs';
import { Sandbox } from './sandbox.mjs';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;

export class Demo {
  /** Starts a demo on a free port and waits until it says that it is ready. */
  static async start({ widget = WIDGET, port = 0, environment = {} } = {}) {
    const store = mkdtempSync(join(tmpdir(), 'calypso-demo-'));
    const child = spawn(
      DEMO,
      ['--port', String(port), '--assets', widget, '--shop', SHOP, '--data', store],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, RUST_LOG: 'debug,hyper=info', ...environment } },
    );
    const demo = new Demo(child, store);
    try {
      await demo.#ready();
    } catch (error) {
      await demo.stop();
      throw error;
    }
    return demo;
  }

  #child;
  #ended;

  constructor(child, store) {
    this.#child = child;
    /** The directory of the SQLite file. */
    this.store = store;
    /** Everything the process wrote, for searching it. */
    this.output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => { this.output += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => { this.output += text; });
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(`did not start: ${error.message}`));
      child.once('exit', (code, signal) => resolve(`ended with ${signal ?? code}`));
    });
  }

  async #ready() {
    let ended = null;
    this.#ended.then((how) => { ended = how; });
    const limit = Date.now() + START_LIMIT_MS;
    while (Date.now() < limit) {
      const ready = this.output.match(/^demo ready: (http:\/\/127\.0\.0\.1:\d+\/)$/m);
      const key = this.output.match(/merchant key:? +(\S+)/);
      if (ready && key) {
        this.url = ready[1];
        this.origin = new URL(this.url).origin;
        this.sandbox = new Sandbox(this.origin);
        this.merchant = new Merchant(this.origin, key[1]);
        return;
      }
      if (ended) throw new Error(`the demo ${ended}:\n${this.output}`);
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
    throw new Error(`the demo was not ready within ${START_LIMIT_MS} ms:\n${this.output}`);
  }

  /** Ends the process as Ctrl-C does, and removes its store. */
  async stop() {
    const late = setTimeout(() => this.#child.kill('SIGKILL'), STOP_LIMIT_MS);
    this.#child.kill('SIGINT');
    this.how = await this.#ended;
    clearTimeout(late);
    rmSync(this.store, { recursive: true, force: true });
  }
}
