import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer, type RawData } from 'ws';

/** What the path does with a message: it comes, comes late by so many milliseconds, or never. */
export type Fate = 'comes' | 'lost' | number;

const HOP_HEADERS = /^(host|connection|upgrade|sec-websocket-.*)$/i;

/** The path to a gateway, which loses and delays WebSocket messages, is cut and falls silent. */
export class ChaosRelay {
  readonly #server: Server;
  readonly #upstream: URL;
  readonly #fate: (text: string) => Fate;
  readonly #pairs = new Set<readonly [WebSocket, WebSocket]>();
  #isSilent = false;

  static async open(upstream: string, fate: (text: string) => Fate): Promise<ChaosRelay> {
    const relay = new ChaosRelay(upstream, fate);
    await new Promise<void>((listening) => relay.#server.listen(0, '127.0.0.1', listening));
    return relay;
  }

  private constructor(upstream: string, fate: (text: string) => Fate) {
    this.#upstream = new URL(upstream);
    this.#fate = fate;
    const sockets = new WebSocketServer({
      noServer: true,
      handleProtocols: (offered) => [...offered][0] ?? false,
    });
    this.#server = createServer((incoming, response) => {
      const outgoing = request(this.#urlOf(incoming), {
        method: incoming.method,
        headers: { ...incoming.headers, host: this.#upstream.host },
      });
      outgoing.on('response', (reply) => {
        response.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(response);
      });
      outgoing.on('error', () => response.destroy());
      incoming.pipe(outgoing);
    });
    this.#server.on('upgrade', (incoming, socket: Duplex, head: Buffer) => {
      socket.on('error', () => undefined);
      const above = this.#dial(incoming);
      above.once('open', () => {
        sockets.handleUpgrade(incoming, socket, head, (below) => this.#join(below, above));
      });
      above.once('error', () => socket.destroy());
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts every connection, without a goodbye. */
  cut(): void {
    for (const [below, above] of this.#pairs) {
      below.terminate();
      above.terminate();
    }
  }

  /** From now on nothing passes, though the connections stay; or everything again. */
  silence(isSilent: boolean): void {
    this.#isSilent = isSilent;
  }

  close(): void {
    this.cut();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #urlOf({ url = '/' }: IncomingMessage): URL {
    return new URL(url, this.#upstream);
  }

  #dial(incoming: IncomingMessage): WebSocket {
    const url = this.#urlOf(incoming);
    url.protocol = 'ws:';
    const protocols = (incoming.headers['sec-websocket-protocol'] ?? '').split(', ');
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).filter(([name]) => !HOP_HEADERS.test(name)),
    ) as Record<string, string>;
    return new WebSocket(url, protocols, { headers });
  }

  #join(below: WebSocket, above: WebSocket): void {
    const pair = [below, above] as const;
    this.#pairs.add(pair);
    below.on('message', (data: RawData) => this.#pass(above, textOf(data)));
    above.on('message', (data: RawData) => this.#pass(below, textOf(data)));
    const part = (from: WebSocket, to: WebSocket): void => {
      from.on('error', () => undefined);
      from.on('close', (code, reason) => {
        this.#pairs.delete(pair);
        if (code === 1005 || code === 1006) to.terminate();
        else to.close(code, reason);
      });
    };
    part(below, above);
    part(above, below);
  }

  #pass(to: WebSocket, text: string): void {
    if (this.#isSilent) return;
    const fate = this.#fate(text);
    if (fate === 'comes') send(to, text);
    else if (fate !== 'lost') setTimeout(() => send(to, text), fate);
  }
}

function send(socket: WebSocket, text: string): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(text);
}

const textOf = (data: RawData): string => (data as Buffer).toString('utf8');
