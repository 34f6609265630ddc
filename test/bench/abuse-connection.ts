import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** Where an attacker comes from and what it attacks. */
export interface Target {
  readonly port: number;
  /** Loopback address of the attacker. */
  readonly from: string;
}

/** One connection of an attacker: bytes out, statuses back, as cheap as can be. */
export class AbuseConnection {
  readonly #socket: Socket;
  #received = '';
  #waiting: ((status: number) => void) | undefined;
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed = true;
      this.#waiting?.(0);
    });
  }

  /** Resolves also when the server closes at once; see `closed`. */
  static async open({ port, from }: Target): Promise<AbuseConnection> {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    const connection = new AbuseConnection(socket);
    await once(socket, 'connect').catch(() => undefined);
    return connection;
  }

  get closed(): boolean {
    return this.#closed;
  }

  write(text: string): void {
    if (!this.#closed) this.#socket.write(text);
  }

  /** One request and the status of its answer; 0 when the server closed instead. */
  async send(text: string): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    if (this.#closed) return 0;
    this.#waiting = resolve;
    this.#socket.write(text);
    const status = await promise;
    this.#waiting = undefined;
    return status;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#received += text;
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#received.slice(0, end);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    if (this.#received.length < end + 4 + length) return;
    this.#received = this.#received.slice(end + 4 + length);
    this.#waiting?.(Number(head.slice(9, 12)));
  }
}
