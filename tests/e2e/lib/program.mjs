// One of the real programs as a child process.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { PROGRAMS } from './places.mjs';

const START_LIMIT_MS = 60_000;

export class Program {
  /** Starts one, and waits until it has written what `ready` matches. Nothing of our environment reaches it. */
  static async start(name, args, environment, ready) {
    const program = new Program(spawn(join(PROGRAMS, name), args, {
      stdio: ['ignore', 'pipe', 'pipe'], env: { RUST_LOG: 'info', NO_COLOR: '1', ...environment },
    }));
    try {
      program.ready = await program.#says(ready);
    } catch (error) {
      await program.kill();
      throw error;
    }
    return program;
  }

  /** Runs one to its end; what it wrote. */
  static async run(name, args, environment) {
    const program = new Program(spawn(join(PROGRAMS, name), args, {
      stdio: ['ignore', 'pipe', 'pipe'], env: { RUST_LOG: 'info', NO_COLOR: '1', ...environment },
    }));
    const how = await program.ended;
    if (how !== 'ended with 0') throw new Error(`${name} ${args.join(' ')} ${how}:\n${program.output}`);
    return program.output;
  }

  #child;

  constructor(child) {
    this.#child = child;
    this.output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => { this.output += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => { this.output += text; });
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(`did not start: ${error.message}`));
      child.once('close', (code, signal) => resolve(`ended with ${signal ?? code}`));
    });
  }

  async #says(ready) {
    let ended = null;
    this.ended.then((how) => { ended = how; });
    const limit = Date.now() + START_LIMIT_MS;
    while (Date.now() < limit) {
      const said = this.output.match(ready);
      if (said) return said;
      if (ended) throw new Error(`the program ${ended}:\n${this.output}`);
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
    throw new Error(`the program was not ready within ${START_LIMIT_MS} ms:\n${this.output}`);
  }

  /** Ends it at once, as a power cut does. */
  async kill() {
    this.#child.kill('SIGKILL');
    return this.ended;
  }
}
