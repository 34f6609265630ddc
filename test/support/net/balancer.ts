import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A load balancer of TCP connections: each goes to the first backend that takes it. */
export class Balancer {
  /** In the order of preference. */
  backends: readonly string[];
  readonly #server = createServer((client) => this.#serve(client, [...this.backends]));
  readonly #sockets = new Set<Socket>();

  private constructor(backends: readonly string[]) {
    this.backends = backends;
  }

  static async start(backends: readonly string[]): Promise<Balancer> {
    const balancer = new Balancer(backends);
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  #serve(client: Socket, rest: readonly string[]): void {
    this.#track(client);
    const [first, ...others] = rest;
    if (first === undefined || client.destroyed) {
      client.destroy();
      return;
    }
    const backend = connect(Number(new URL(first).port), '127.0.0.1');
    let isUp = false;
    this.#track(backend);
    backend.once('connect', () => {
      isUp = true;
      client.pipe(backend).pipe(client);
    });
    backend.once('close', () => {
      if (isUp) client.destroy();
      else this.#serve(client, others);
    });
    client.once('close', () => void backend.destroy());
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
