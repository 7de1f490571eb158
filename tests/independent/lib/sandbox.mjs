// The real sandbox as a process, and its control side: what a blockchain and a clock do to a gateway.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Calypso } from './client.mjs';
import { read, write } from './exact-json.mjs';

const BINARY = process.env.CALYPSO_SANDBOX_BIN ?? fileURLToPath(new URL('../../../target/debug/calypso-sandbox', import.meta.url));

// The credentials of the documentation's own signing example.
export const MERCHANT = {
  key: 'c529e14832b34b74972365cf7bf02430',
  secret: 'b823a6b9ea72408583cef9ec8d67fa52',
  account: '0xc195df92dd9db2a8f28e597981f113d6e7582f8b',
};

/** Starts a sandbox for one test, on a port of its own, and ends it when the test ends. */
export async function startSandbox(t, options = []) {
  assert.ok(existsSync(BINARY), `build the sandbox first (cargo build -p calypso-sandbox) or set CALYPSO_SANDBOX_BIN; looked at ${BINARY}`);
  const { key, secret, account } = MERCHANT;
  const child = spawn(BINARY, ['--port', '0', '--key', key, '--secret', secret, '--account', account, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill();
    await ended;
  };
  t.after(stop);
  return { ...sandboxAt(await announced(child)), stop };
}

function sandboxAt(baseUrl) {
  return { baseUrl, control: new Control(baseUrl), calypso: new Calypso({ baseUrl, ...MERCHANT }) };
}

function announced(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk) => {
      said += chunk;
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
      if (url) resolve(url);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the sandbox ended with ${code} and said: ${said}`)));
  });
}

/** The control side, call by call as the design page lists them. */
export class Control {
  constructor(baseUrl) {
    this.baseUrl = baseUrl;
  }

  deposit(deposit) { return this.post('deposits', deposit, 201); }
  move(id, stage) { return this.post(`deposits/${id}`, { stage }); }
  advance(advanceSeconds) { return this.post('clock', { advanceSeconds }); }
  clock() { return this.get('clock'); }
  fixRate(fromCurrency, toCurrency, rate) { return this.post('rates', { fromCurrency, toCurrency, rate }); }
  fault(fault) { return this.post('faults', fault); }
  async requests() { return (await this.get('requests')).requests; }
  reset() { return this.post('reset', {}); }

  // Beyond the design page, from the front page of the sandbox's documentation.
  choose(widgetKey, currency) { return this.post(`widgets/${widgetKey}/choose`, { currency }); }
  refund(invoiceId) { return this.post(`invoices/${invoiceId}/refund`, {}); }
  unblock(requestId) { return this.post(`webhooks/${requestId}/unblock`, {}); }

  /** A deposit confirmed at once. */
  pay(address, amount, more = {}) { return this.deposit({ address, amount, stage: 'confirmed', ...more }); }

  get(path) { return this.#exchange(path, {}); }
  post(path, body, status) {
    return this.#exchange(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: write(body) }, status);
  }

  async #exchange(path, request, status) {
    const answer = await fetch(`${this.baseUrl}/sandbox/v1/${path}`, request);
    const text = await answer.text();
    assert.ok(status ? answer.status === status : answer.ok, `control call ${path}: HTTP ${answer.status}, expected ${status ?? '2xx'}: ${text}`);
    return text === '' ? undefined : read(text);
  }
}
