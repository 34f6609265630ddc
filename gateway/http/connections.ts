import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressKey } from '../limits/address-key.ts';

/** Counts a server's connections by address, and closes at once what is over its share. */
export class Connections {
  readonly #perAddress: number;
  readonly #isExempt: (address: string) => boolean;
  readonly #counts = new Map<string, number>();

  constructor(options: { perAddress: number; isExempt: (address: string) => boolean }) {
    this.#perAddress = options.perAddress;
    this.#isExempt = options.isExempt;
  }

  get addresses(): number {
    return this.#counts.size;
  }

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.#admit(socket));
  }

  #admit(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    if (this.#isExempt(address)) return;
    const key = addressKey(address);
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (count > this.#perAddress) {
      socket.destroy();
      return;
    }
    this.#counts.set(key, count);
    socket.once('close', () => this.#release(key));
  }

  #release(key: string): void {
    const count = (this.#counts.get(key) ?? 1) - 1;
    if (count === 0) this.#counts.delete(key);
    else this.#counts.set(key, count);
  }
}
