import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Passes TCP connections on to a port of this machine, until they are cut. */
export class TcpRelay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #held: ((chunk: Buffer) => void) | null = null;
  #bytesPerSecond = Infinity;

  static async open(targetPort: number): Promise<TcpRelay> {
    const relay = new TcpRelay(targetPort);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  private constructor(targetPort: number) {
    this.#server = createServer((near) => {
      const far = connect(targetPort, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
        from.on('data', (chunk: Buffer) => {
          if (this.#held === null) to.write(chunk);
          else this.#held(chunk);
          if (from !== far || this.#bytesPerSecond === Infinity) return;
          far.pause();
          setTimeout(() => far.resume(), (chunk.length / this.#bytesPerSecond) * 1000);
        });
      }
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on the target's answers pass at this rate. */
  limit(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Passes nothing on from now; resolves when somebody sends this. */
  hold(until: string): Promise<void> {
    return new Promise((resolve) => {
      this.#held = (chunk) => {
        if (chunk.includes(until)) resolve();
      };
    });
  }

  /** Passes on again what comes from now. */
  release(): void {
    this.#held = null;
  }

  /** Ends all connections without a word; new ones are passed on. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  close(): void {
    this.#server.close();
    this.cut();
  }
}
