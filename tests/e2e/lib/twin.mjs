// A server that passes for a proxy: the built widget's files, and an API whose one checkout is always to be chosen. It remembers who
// asked for what. A shop page can be laid on it too.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

import { WIDGET } from './places.mjs';

const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.css': 'text/css', '.json': 'application/json' };
const ANYBODY = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'content-type, idempotency-key, if-none-match',
  'cross-origin-resource-policy': 'cross-origin',
};

function checkout(id) {
  const now = Date.now();
  return {
    id,
    state: 'choosing',
    description: 'Order 1001',
    price: { amount: '25.00', currency: 'EUR' },
    currencies: [{ code: 'USDT_TRX', symbol: 'USDT', name: 'Tether USD', network: 'Tron (TRC-20)', estimate: '27.31' }],
    invoice: null,
    expiresAt: new Date(now + 3_600_000).toISOString(),
    now: new Date(now).toISOString(),
    pollAfterMs: 5000,
    returnUrl: null,
    supportUrl: null,
    logoUrl: null,
    attestation: null,
  };
}

export class Twin {
  static ID = '0192f0c8-3b1e-7d4a-9c55-3f2a7be01d64';

  /**
   * Starts one on a free port. `refusesPages` leaves its API unreadable for pages of other origins, as a proxy without them on its list does;
   * `widget` is the directory the widget was built into.
   */
  static async start({ refusesPages = false, widget = WIDGET } = {}) {
    const twin = new Twin(refusesPages, widget);
    await new Promise((resolve) => { twin.#server.listen(0, '127.0.0.1', resolve); });
    twin.origin = `http://127.0.0.1:${twin.#server.address().port}`;
    return twin;
  }

  #server;
  #pages = new Map();
  #refusesPages;
  #widget;

  constructor(refusesPages, widget) {
    this.#refusesPages = refusesPages;
    this.#widget = widget;
    /** The paths asked for, in order. */
    this.asked = [];
    /** The origin that every question of a widget is sent on to, if any. */
    this.redirects = '';
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /** Lays a page at a path. */
  page(path, html, headers = {}) {
    this.#pages.set(path, { html, headers });
    return this.origin + path;
  }

  /** Whether a widget asked: for a part of itself or for a checkout. That markup loads a picture is not the widget's doing. */
  get wasAsked() {
    return this.asked.some((path) => path.includes('/v1/') || path.includes('/assets/'));
  }

  #answer(request, response) {
    const { pathname } = new URL(request.url, 'http://localhost');
    this.asked.push(pathname);
    const page = this.#pages.get(pathname);
    if (page) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers });
      response.end(page.html);
      return;
    }
    // Below any path, as somebody who wants to be asked would do it.
    if (pathname.includes('/v1/checkouts')) {
      const headers = this.#refusesPages ? {} : ANYBODY;
      if (request.method === 'OPTIONS') {
        response.writeHead(this.#refusesPages ? 403 : 204, headers).end();
        return;
      }
      if (this.redirects) {
        response.writeHead(307, { location: this.redirects + request.url, ...headers }).end();
        return;
      }
      response.writeHead(this.#refusesPages ? 403 : 200, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(this.#refusesPages ? {} : checkout(Twin.ID)));
      return;
    }
    const path = join(this.#widget, normalize(pathname));
    if (!TYPES[extname(path)] || !existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(path)], ...ANYBODY });
    response.end(readFileSync(path));
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => { this.#server.close(resolve); });
  }
}
