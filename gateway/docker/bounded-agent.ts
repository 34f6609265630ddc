import { Agent, type ClientRequestArgs } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import type { Duplex } from 'node:stream';

/** A connection for each request, cut off when an answer is larger than any that is true. */
export function boundedAgent({ isTls, most }: { readonly isTls: boolean; readonly most: number }) {
  return isTls ? new BoundedTlsAgent(most) : new BoundedAgent(most);
}

type Callback = (error: Error | null, stream: Duplex) => void;

class BoundedAgent extends Agent {
  readonly #most: number;

  constructor(most: number) {
    super({ keepAlive: false });
    this.#most = most;
  }

  override createConnection(options: ClientRequestArgs, callback?: Callback) {
    return bounded(super.createConnection(options, callback), this.#most);
  }
}

class BoundedTlsAgent extends TlsAgent {
  readonly #most: number;

  constructor(most: number) {
    super({ keepAlive: false });
    this.#most = most;
  }

  override createConnection(options: ClientRequestArgs, callback?: Callback) {
    return bounded(super.createConnection(options, callback), this.#most);
  }
}

function bounded<S extends Duplex | null | undefined>(socket: S, most: number): S {
  let left = most;
  socket?.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) socket.destroy(new TooLarge());
  });
  return socket;
}

class TooLarge extends Error {
  readonly code = 'TOO_LARGE';
}
