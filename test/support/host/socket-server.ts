import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { HOST_PROTOCOL, type HostMessage } from '../../../gateway/protocol/host.ts';
import { waitFor } from '../wait-for.ts';

/** A host's connection as a server sees it. */
export interface HostConnection {
  readonly socket: WebSocket;
  readonly authorization: string;
  readonly messages: HostMessage[];
  /** Code of its end. */
  closed: number | null;
}

/** A bare server of host sockets, which says what a test tells it to; closed after the test. */
export class SocketServer {
  readonly connections: HostConnection[] = [];
  /** Answers upgrades instead of taking them. */
  refuse: { status: number; body: object | string; headers?: Record<string, string> } | null = null;
  /** Speaks no subprotocol. */
  isForeign = false;
  attempts = 0;
  readonly #server = createServer();

  static async open(): Promise<SocketServer> {
    const server = new SocketServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  private constructor() {
    const upgrades = new WebSocketServer({
      noServer: true,
      handleProtocols: () => (this.isForeign ? false : HOST_PROTOCOL),
    });
    this.#server.on('upgrade', (request: IncomingMessage, socket, head) => {
      this.attempts += 1;
      if (this.refuse !== null) {
        const response = { ...this.refuse };
        const body =
          typeof response.body === 'string' ? response.body : JSON.stringify(response.body);
        const headers = Object.entries(response.headers ?? {})
          .map(([name, value]) => `${name}: ${value}\r\n`)
          .join('');
        socket.end(
          `HTTP/1.1 ${response.status} No\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        );
        return;
      }
      upgrades.handleUpgrade(request, socket, head, (webSocket) => {
        const { authorization = '' } = request.headers;
        const one: HostConnection = {
          socket: webSocket,
          authorization,
          messages: [],
          closed: null,
        };
        this.connections.push(one);
        webSocket.on('message', (data: Buffer) => {
          one.messages.push(JSON.parse(data.toString()) as HostMessage);
        });
        webSocket.on('close', (code) => {
          one.closed = code;
        });
      });
    });
    onTestFinished(() => {
      for (const { socket } of this.connections) socket.terminate();
      this.#server.closeAllConnections();
      this.#server.close();
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ws/host/demo/main`;
  }

  /** The nth connection, from 1, once it has said hello. */
  greeted(count = 1): Promise<HostConnection> {
    return waitFor(
      () => {
        const one = this.connections[count - 1];
        return one?.messages[0]?.type === 'host/hello' && one;
      },
      { timeoutMs: 15_000, what: `connection ${count}` },
    );
  }
}
