import type { WebSocket } from 'ws';
import { LIMITS } from '../limits/limits.ts';

/** Asks a peer whether it is there, measures the way to it, and tells when it is not. */
export class Heartbeat {
  readonly #socket: WebSocket;
  readonly #onSilent: () => void;
  readonly #timer: NodeJS.Timeout;
  #heardAt = performance.now();
  #rttMs: number | null = null;

  constructor(socket: WebSocket, onSilent: () => void) {
    this.#socket = socket;
    this.#onSilent = onSilent;
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
    if (performance.now() - this.#heardAt > LIMITS.socketSilentMs) this.#onSilent();
    else this.#ping();
  }

  #ping(): void {
    this.#socket.ping(performance.now().toFixed(3));
  }

  #hear(data: Buffer): void {
    const now = performance.now();
    this.#heardAt = now;
    const sentAt = Number(data.toString('latin1'));
    // What is no answer to a ping of ours measures nothing.
    if (sentAt > 0 && sentAt <= now) this.#rttMs = Math.round((now - sentAt) * 10) / 10;
  }
}
