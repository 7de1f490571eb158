// A shop of docs/MERCHANT.md as a running program: the block is written to a file, built where its language wants that, and started.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';

import { ROOT } from '../../e2e/lib/places.mjs';
import { free } from './session.mjs';

const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');
const LIMIT_MS = 60_000;

/** Rust's shop is built with the workspace; the block is held against its source. */
const RUST = 'proxy/examples/shop.rs';

/** How the file of a language is called, and which command serves it. */
const LANGUAGES = {
  js: ['shop.mjs', (file) => [process.execPath, [file]]],
  php: ['shop.php', (file, port) => [process.env.CALYPSO_PHP ?? 'php', ['-S', `127.0.0.1:${port}`, file]]],
  python: ['shop.py', (file) => [process.env.CALYPSO_PYTHON ?? 'python3', [file]]],
  go: ['shop.go', (file) => {
    const built = join(file, '../shop-of-go');
    const environment = { ...process.env, GOCACHE: join(TARGET, 'tools/go-cache'), GOPROXY: 'off', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod' };
    execFileSync(process.env.CALYPSO_GO ?? 'go', ['build', '-o', built, file], { env: environment, cwd: join(file, '..'), timeout: 4 * LIMIT_MS });
    return [built, []];
  }],
  rust: ['shop.rs', (file) => {
    if (readFileSync(file, 'utf8') !== readFileSync(join(ROOT, RUST), 'utf8')) throw new Error(`the block in docs/MERCHANT.md is not ${RUST}`);
    return [join(TARGET, 'debug/examples/shop'), []];
  }],
};

export const LANGUAGE_NAMES = Object.keys(LANGUAGES);

export class Shop {
  /** Starts the shop that a block holds, and waits until it takes connections. */
  static async start(language, text, directory, environment) {
    const shop = new Shop(language, join(directory, language), await free(0));
    mkdirSync(shop.data, { recursive: true });
    const [name, serve] = LANGUAGES[language];
    const file = join(directory, language, name);
    writeFileSync(file, text);
    const [program, given] = serve(file, shop.port);
    shop.#child = spawn(program, given, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, SHOP_PORT: String(shop.port), SHOP_DATA: shop.data, ...environment },
    });
    for (const stream of [shop.#child.stdout, shop.#child.stderr]) stream.setEncoding('utf8').on('data', (said) => { shop.output += said; });
    shop.#ended = new Promise((resolve) => { shop.#child.once('close', resolve); shop.#child.once('error', resolve); });
    const limit = Date.now() + LIMIT_MS;
    while (!await shop.#listens()) {
      if (Date.now() > limit || shop.#child.exitCode !== null) throw new Error(`the shop in ${language} does not listen:\n${shop.output}`);
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
    return shop;
  }

  #child;

  #ended;

  constructor(language, directory, port) {
    this.language = language;
    this.data = join(directory, 'data');
    this.port = port;
    this.output = '';
  }

  #listens() {
    return new Promise((resolve) => {
      const socket = createConnection(this.port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
      socket.once('error', () => resolve(false));
    });
  }

  /** Orders, as the buyer's page does; where the buyer is led. */
  async order(number) {
    const answer = await fetch(`http://127.0.0.1:${this.port}/orders/${number}`, { method: 'POST', redirect: 'manual' });
    if (answer.status !== 303) throw new Error(`the shop in ${this.language} answered ${answer.status}:\n${this.output}`);
    return answer.headers.get('location');
  }

  /** Hands it an event; the status of its answer. */
  async hear(headers, body) {
    const request = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body };
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = await fetch(`http://127.0.0.1:${this.port}/calypso-events`, request);
        await answer.arrayBuffer();
        return answer.status;
      } catch (error) {
        // A shop that closes each connection leaves no port free for a while, and one that closes an idle one may just meet us: it comes again.
        if (tries > 600 || !['EADDRNOTAVAIL', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(error.cause?.code)) throw error;
        await new Promise((resolve) => { setTimeout(resolve, 200); });
      }
    }
  }

  /** Its rows whose names begin so. */
  rows(kind) {
    return readdirSync(this.data).filter((name) => name.startsWith(`${kind}-`)).sort();
  }

  /** One of its rows; null where there is none. */
  row(name) {
    return existsSync(join(this.data, name)) ? readFileSync(join(this.data, name), 'utf8') : null;
  }

  async stop() {
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }
}
