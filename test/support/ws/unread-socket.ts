import { EventEmitter } from 'node:events';

/** The library's socket as far as a channel uses it; nobody reads what is sent. */
export class UnreadSocket extends EventEmitter {
  bufferedAmount = 0;
  terminated = false;
  closed: number | null = null;
  readonly pings: string[] = [];
  pongs = 0;

  send(data: Buffer): void {
    this.bufferedAmount += data.length;
  }

  ping(data: string): void {
    this.pings.push(data);
  }

  pong(data: Buffer): void {
    this.pongs += 1;
    this.bufferedAmount += data.length;
  }

  close(code: number): void {
    this.closed = code;
  }

  terminate(): void {
    this.terminated = true;
  }
}
