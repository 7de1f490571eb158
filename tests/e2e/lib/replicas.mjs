// Replicas: the real proxy twice, on one PostgreSQL database and one gateway, behind balancers that prefer one or the other.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Balancer } from './balancer.mjs';
import { Database } from './database.mjs';
import { Merchant } from './merchant.mjs';
import { WIDGET } from './places.mjs';
import { Program } from './program.mjs';
import { Sandbox } from './sandbox.mjs';

const ACCOUNT = '0x5a4db0c0ffee00000000000000000000000a11ce';
const KEY = 'merchant-key-of-two-replicas';

export class Replicas {
  static async start() {
    const replicas = new Replicas();
    try {
      await replicas.#start();
    } catch (error) {
      await replicas.stop();
      throw error;
    }
    return replicas;
  }

  #ends = [];

  async #start() {
    this.database = await Database.make();
    this.#ends.push(() => this.database.drop());
    const directory = mkdtempSync(join(tmpdir(), 'calypso-replicas-'));
    this.#ends.push(() => rmSync(directory, { recursive: true, force: true }));
    const gateway = await Program.start('calypso-sandbox', ['--port', '0'], {}, /^sandbox ready: (http:\/\/127\.0\.0\.1:\d+)\//m);
    this.#ends.push(() => gateway.kill());
    this.sandbox = new Sandbox(gateway.ready[1]);
    // Each prefers one replica. Buyers and the gateway come to the first one; the second is another way in.
    this.balancers = [await Balancer.start(), await Balancer.start()];
    this.#ends.push(...this.balancers.map((balancer) => () => balancer.stop()));
    [this.origin, this.second] = this.balancers.map((balancer) => balancer.origin);
    const config = join(directory, 'proxy.toml');
    // The watcher looks once an hour: what pages are told, a webhook has brought.
    writeFileSync(config, `listen = "127.0.0.1:0"
public_url = "${this.origin}"
allowed_origins = ["${this.second}"]
assets = "${WIDGET}"
currencies = ["USDT_TRX"]
[gateway]
base_url = "${gateway.ready[1]}"
account = "${ACCOUNT}"
key = "sandbox-key"
[pace]
watch_ms = 3600000
`);
    const environment = {
      CALYPSO_PROXY_DATABASE: this.database.url,
      CALYPSO_PROXY_MERCHANT_KEY: KEY,
      CALYPSO_PROXY_GATEWAY__SECRET: 'sandbox-secret',
    };
    await Program.run('calypso-proxy', ['migrate', '--config', config], environment);
    this.proxies = [];
    for (let number = 0; number < 2; number += 1) {
      const proxy = await Program.start('calypso-proxy', ['serve', '--config', config], environment, /address=127\.0\.0\.1:(\d+)/);
      this.#ends.push(() => proxy.kill());
      this.proxies.push(proxy);
    }
    const [one, two] = this.proxies.map((proxy) => Number(proxy.ready[1]));
    this.balancers[0].ports = [one, two];
    this.balancers[1].ports = [two, one];
    this.merchant = new Merchant(this.origin, KEY);
    await Program.run('calypso-proxy', ['webhook', 'register', '--config', config], environment);
  }

  /** Ends everything, the last that was started first. */
  async stop() {
    for (const end of this.#ends.splice(0).reverse()) await end();
  }
}
