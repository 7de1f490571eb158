// What stands between a buyer and the replicas of a proxy: bytes go to the first replica that takes the connection.
import { connect, createServer } from 'node:net';

export class Balancer {
  /** Starts one on a free port, before servers at these ports of loopback. */
  static async start(...ports) {
    const balancer = new Balancer(ports);
    await new Promise((resolve) => { balancer.#server.listen(0, '127.0.0.1', resolve); });
    balancer.origin = `http://127.0.0.1:${balancer.#server.address().port}`;
    return balancer;
  }

  #server;
  #open = new Set();

  constructor(ports) {
    /** The replicas, the preferred one first. None is a server that is down. */
    this.ports = ports;
    this.#server = createServer((buyer) => this.#join(buyer, [...this.ports]));
  }

  #join(buyer, [port, ...rest]) {
    if (port === undefined) {
      buyer.destroy();
      return;
    }
    const replica = connect(port, '127.0.0.1');
    buyer.on('error', () => replica.destroy());
    replica.once('error', () => {
      if (replica.bytesRead + replica.bytesWritten === 0 && !buyer.destroyed) this.#join(buyer, rest);
      else buyer.destroy();
    });
    replica.once('connect', () => {
      this.#open.add(buyer);
      buyer.once('close', () => { this.#open.delete(buyer); replica.destroy(); });
      replica.once('close', () => buyer.destroy());
      buyer.pipe(replica);
      replica.pipe(buyer);
    });
  }

  /** Breaks every connection, as a network or a dying server does. */
  cut() {
    for (const buyer of this.#open) buyer.resetAndDestroy();
  }

  async stop() {
    this.cut();
    await new Promise((resolve) => { this.#server.close(resolve); });
  }
}
