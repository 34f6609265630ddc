import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface TcpBalancerOptions {
  /** Ports of the gateways, on this machine. */
  readonly ports: readonly number[];
  /** Where it listens; loopback unless told. */
  readonly host?: string;
  readonly everyMs?: number;
  readonly timeoutMs?: number;
}

interface Target {
  readonly port: number;
  readonly sockets: Set<Socket>;
  isWell: boolean;
  failures: number;
}

const CONNECT_MS = 1_000;

/**
 * A balancer of TCP connections: each goes to the next gateway whose `/readyz` says 200, and those to
 * a gateway that fails twice are cut, as HAProxy does with `on-marked-down shutdown-sessions`.
 */
export class TcpBalancer {
  readonly #server: Server;
  readonly #targets: readonly Target[];
  readonly #timer: NodeJS.Timeout;
  readonly #timeoutMs: number;
  #turn = 0;

  private constructor({ ports, everyMs = 250, timeoutMs = 1_000 }: TcpBalancerOptions) {
    this.#timeoutMs = timeoutMs;
    this.#targets = ports.map((port) => ({
      ...{ port, sockets: new Set<Socket>(), isWell: true, failures: 0 },
    }));
    this.#server = createServer({ noDelay: true }, (near) => this.#pass(near, this.#order()));
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  static async open(options: TcpBalancerOptions): Promise<TcpBalancer> {
    const balancer = new TcpBalancer(options);
    balancer.#server.listen(0, options.host ?? '127.0.0.1');
    await once(balancer.#server, 'listening');
    return balancer;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** How many connections each gateway has now. */
  get connections(): readonly number[] {
    return this.#targets.map(({ sockets }) => sockets.size);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#server.close();
    for (const target of this.#targets) cut(target);
  }

  /** Those that are well in turn, then the others: one of them may be back by now. */
  #order(): Target[] {
    this.#turn += 1;
    const count = this.#targets.length;
    const turned = this.#targets.map((_, at) => this.#targets[(at + this.#turn) % count]);
    const all = turned.filter((target) => target !== undefined);
    return [...all.filter(({ isWell }) => isWell), ...all.filter(({ isWell }) => !isWell)];
  }

  #pass(near: Socket, [target, ...others]: Target[]): void {
    near.on('error', () => near.destroy());
    if (target === undefined || near.destroyed) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port: target.port, host: '127.0.0.1', noDelay: true });
    const timer = setTimeout(() => far.destroy(new Error('no connection')), CONNECT_MS);
    far.once('error', () => {
      if (far.bytesWritten === 0 && near.bytesRead === 0) this.#pass(near, others);
      else near.destroy();
    });
    far.once('connect', () => {
      clearTimeout(timer);
      far.removeAllListeners('error');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        target.sockets.add(from);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          target.sockets.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    });
  }

  #look(): void {
    for (const target of this.#targets) {
      const signal = AbortSignal.timeout(this.#timeoutMs);
      fetch(`http://127.0.0.1:${target.port}/readyz`, { signal })
        .then(async (reply) => {
          await reply.arrayBuffer();
          return reply.ok;
        })
        .catch(() => false)
        .then((isWell) => note(target, isWell))
        .catch(() => undefined);
    }
  }
}

function note(target: Target, isWell: boolean): void {
  target.failures = isWell ? 0 : target.failures + 1;
  if (isWell) target.isWell = true;
  if (target.failures < 2 || !target.isWell) return;
  target.isWell = false;
  cut(target);
}

function cut({ sockets }: Target): void {
  for (const socket of sockets) socket.destroy();
}
