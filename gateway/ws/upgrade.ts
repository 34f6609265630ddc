import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import { LIMITS } from '../limits/limits.ts';

/** A connection whose request asked for a WebSocket and passed every check. */
export interface Upgrade {
  readonly req: IncomingMessage;
  readonly socket: Duplex;
  /** What came behind the request. */
  readonly head: Buffer;
}

/** One kind of WebSocket: its subprotocol, and how much a message of it may have. */
export class Handshake {
  readonly #server: WebSocketServer;

  constructor({ subprotocol, messageBytes }: { subprotocol: string; messageBytes: number }) {
    const options: ServerOptions & { readonly closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      // A compressed message of 1 KiB can hold 1 MiB.
      perMessageDeflate: false,
      maxPayload: messageBytes,
      maxFragments: LIMITS.socketFragments,
      closeTimeout: LIMITS.socketCloseMs,
      // Pongs are counted and queued as everything else that is sent.
      autoPong: false,
      handleProtocols: () => subprotocol,
    };
    this.#server = new WebSocketServer(options);
  }

  /** The socket; undefined when the client has gone meanwhile. */
  accept({ req, socket, head }: Upgrade): WebSocket | undefined {
    let accepted: WebSocket | undefined;
    this.#server.handleUpgrade(req, socket, head, (webSocket) => {
      accepted = webSocket;
    });
    return accepted;
  }
}
