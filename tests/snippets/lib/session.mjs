// One shell in a scratch directory in which the README's commands run in their order, with the built programs in its path.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { ROOT, WIDGET } from '../../e2e/lib/places.mjs';

/** The directory with the built programs; `cargo xtask test` tells. */
export const PROGRAMS = process.env.CALYPSO_PROGRAMS ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target'), 'debug');

const LIMIT_MS = 120_000;

/** A port nobody listens on: the wished one if it is free, so that the snippet runs as it stands; otherwise any. */
export async function free(wished) {
  for (const port of [wished, 0]) {
    const server = createServer();
    const taken = await new Promise((resolve) => {
      server.once('error', () => resolve(null));
      server.listen(port, '127.0.0.1', () => resolve(server.address().port));
    });
    if (taken !== null) {
      await new Promise((resolve) => { server.close(resolve); });
      return taken;
    }
  }
  throw new Error('no port is free');
}

export class Session {
  /** @param {string} programs the directory with calypso-proxy and calypso-sandbox */
  constructor(programs, environment = {}) {
    this.directory = mkdtempSync(join(tmpdir(), 'calypso-snippets-'));
    symlinkSync(dirname(WIDGET), join(this.directory, 'dist'));
    this.output = '';
    const path = [programs, process.env.PATH].join(delimiter);
    // A group of its own, so that what a snippet leaves running in the background ends with it.
    this.child = spawn('bash', ['-eu'], { cwd: this.directory, detached: true, env: { ...process.env, ...environment, PATH: path } });
    this.child.stdout.setEncoding('utf8').on('data', (text) => { this.output += text; });
    this.child.stderr.setEncoding('utf8').on('data', (text) => { this.output += text; });
    this.ended = new Promise((resolve) => { this.child.once('exit', resolve); });
  }

  write(name, text) {
    writeFileSync(join(this.directory, name), text);
  }

  /** Runs commands in the shell; gives back what they wrote, or fails with it. */
  async run(commands) {
    const from = this.output.length;
    const mark = `ended-${from}-${Math.random().toString(36).slice(2)}`;
    this.child.stdin.write(`${commands}\necho ${mark}\n`);
    let ended = false;
    this.ended.then(() => { ended = true; });
    const limit = Date.now() + LIMIT_MS;
    while (!this.output.includes(`${mark}\n`, from)) {
      if (ended || Date.now() > limit) throw new Error(`${ended ? 'it failed' : 'it did not end'}:\n${this.output.slice(from)}`);
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
    return this.output.slice(from);
  }

  async stop() {
    try {
      process.kill(-this.child.pid, 'SIGTERM');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
    await this.ended;
    rmSync(this.directory, { recursive: true, force: true });
  }
}
