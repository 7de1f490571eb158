// The shop's side of webhooks: a real HTTP server that keeps what it is sent, byte for byte, and answers as it is told.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';

import { verify } from './client.mjs';
import { read } from './exact-json.mjs';

// Far more than any delivery takes: the bound only turns a delivery that never comes into a failure.
const PATIENCE_MS = 15_000;

/** Opens a shop for one test; `answer(delivery, count)` gives the status, 200 unless told. */
export async function openShop(t, answer = () => 200) {
  const shop = new Shop(answer);
  const server = createServer((request, response) => shop.receive(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  }));
  shop.url = `http://127.0.0.1:${server.address().port}/hooks`;
  return shop;
}

class Shop {
  received = [];
  #seen = 0;
  #waiting = [];

  constructor(answer) {
    this.answer = answer;
  }

  async receive(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { method, url, headers } = request;
    const delivery = { method, url, headers, body, event: read(body.toString('utf8')) };
    this.received.push(delivery);
    response.writeHead(await this.answer(delivery, this.received.length));
    response.end();
    // Only an answered delivery counts: whoever waits for it may move the clock at once.
    response.once('close', () => this.#wake());
  }

  #wake() {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** The next delivery not yet taken. */
  async next() {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    while (this.received.length <= this.#seen) {
      await new Promise((resolve, reject) => {
        this.#waiting.push(resolve);
        deadline.onabort = () => reject(new Error(`no delivery ${this.#seen + 1} within ${PATIENCE_MS} ms; so far: ${this.received.map(nameOf).join(', ') || 'none'}`));
      });
    }
    const delivery = this.received[this.#seen];
    this.#seen += 1;
    return delivery;
  }

  /** The next deliveries, which must be these events in this order. */
  async expects(...names) {
    const deliveries = [];
    for (const name of names) {
      const delivery = await this.next();
      assert.equal(nameOf(delivery), name, `after ${deliveries.map(nameOf).join(', ') || 'nothing'}`);
      deliveries.push(delivery);
    }
    return deliveries;
  }
}

/** §5.2: the event's name is `eventType`, else `data.type`. */
export const nameOf = ({ event }) => event.eventType ?? event.data.type;

/** §5.1 to §5.3: a POST of JSON with the subscription's own key and a signature over the raw bytes. */
export function assertSigned(delivery, subscription) {
  assert.equal(delivery.method, 'POST');
  assert.match(delivery.headers['content-type'], /^application\/json\b/);
  assert.equal(delivery.headers.key, subscription.publicKey);
  assert.match(delivery.headers.sign, /^[0-9a-f]{128}$/);
  assert.ok(verify(subscription.secretKey, delivery.body, delivery.headers.sign), 'the signature is of the raw bytes, under the subscription\'s secret');
}
