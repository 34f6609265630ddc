import type { WebSocket } from 'ws';
import { LIMITS } from '../limits/limits.ts';

/** Asks a peer whether it is there, measures the way to it, and tells when it is not. */
export class Heartbeat {
  readonly #socket: WebSocket;
  readonly #onSilent: () => void;
  readonly #isExcused: () => boolean;
  readonly #timer: NodeJS.Timeout;
  #heardAt = performance.now();
  #rttMs: number | null = null;
  /** Text of the ping that is not answered yet, and when it was sent. */
  #asked: string | null = null;
  #sentAt = 0;
  #count = 0;

  /** While a peer is excused its silence tells nothing: what it was sent is still on its way. */
  constructor(socket: WebSocket, onSilent: () => void, isExcused = (): boolean => false) {
    this.#socket = socket;
    this.#onSilent = onSilent;
    this.#isExcused = isExcused;
    this.#timer = setInterval(() => this.#beat(), LIMITS.socketPingMs).unref();
    socket.on('pong', (data: Buffer) => this.#hear(data));
    this.#ping();
  }

  get rttMs(): number | null {
    return this.#rttMs;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    if (this.#isExcused()) this.#heardAt = performance.now();
    if (performance.now() - this.#heardAt > LIMITS.socketSilentMs) this.#onSilent();
    else this.#ping();
  }

  #ping(): void {
    this.#sentAt = performance.now();
    this.#asked = String((this.#count += 1));
    this.#socket.ping(this.#asked);
  }

  #hear(data: Buffer): void {
    const now = performance.now();
    this.#heardAt = now;
    // What is no answer to our last ping measures nothing.
    if (data.toString('latin1') !== this.#asked) return;
    this.#asked = null;
    this.#rttMs = Math.round((now - this.#sentAt) * 10) / 10;
  }
}
