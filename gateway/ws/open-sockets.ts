import type { SocketEnd } from './json-channel.ts';

export type SocketKind = 'host' | 'viewer' | 'media-viewer' | 'media-publisher' | 'signal';

interface Closable {
  close(code: number, sentence: string, end: SocketEnd): void;
}

/** All WebSockets that are open. */
export class OpenSockets {
  readonly #channels: Record<SocketKind, Set<Closable>> = {
    host: new Set(),
    viewer: new Set(),
    'media-viewer': new Set(),
    'media-publisher': new Set(),
    signal: new Set(),
  };
  readonly #onChange: (kind: SocketKind, count: number, end?: SocketEnd) => void;

  /** `onChange` is told how many of a kind there are, and why one ended. */
  constructor(onChange: (kind: SocketKind, count: number, end?: SocketEnd) => void) {
    this.#onChange = onChange;
  }

  get size(): number {
    return Object.values(this.#channels).reduce((sum, { size }) => sum + size, 0);
  }

  /** Counts a socket; call the result when it has ended. */
  add(kind: SocketKind, channel: Closable): (end: SocketEnd) => void {
    const channels = this.#channels[kind];
    channels.add(channel);
    this.#onChange(kind, channels.size);
    return (end) => {
      if (channels.delete(channel)) this.#onChange(kind, channels.size, end);
    };
  }

  /** Sends all away: the gateway stops, come again. */
  close(): void {
    for (const channels of Object.values(this.#channels)) {
      for (const channel of [...channels]) {
        channel.close(1001, 'The gateway stops. Come again.', 'shutdown');
      }
    }
  }
}
