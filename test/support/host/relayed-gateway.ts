import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { UdpRelay } from '../net/udp-relay.ts';

/** A gateway whose answers lead media through a stretch of network that can be made worse. */
export class RelayedGateway {
  readonly url: string;
  #relay: UdpRelay | null = null;

  private constructor(url: string) {
    this.url = url;
  }

  /** Forwards all requests to a gateway; closed after the test. */
  static async open(gatewayUrl: string): Promise<RelayedGateway> {
    const server = createServer((request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const { authorization, 'content-type': type } = request.headers;
        const reply = await fetch(new URL(request.url ?? '/', gatewayUrl), {
          method: request.method ?? 'GET',
          headers: {
            ...(authorization === undefined ? {} : { authorization }),
            ...(type === undefined ? {} : { 'content-type': type }),
          },
          ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
        });
        const location = reply.headers.get('location');
        const sdp = await relayed.#reroute(await reply.text());
        response.writeHead(reply.status, location === null ? {} : { location }).end(sdp);
      })();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const relayed = new RelayedGateway(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    );
    onTestFinished(async () => {
      server.closeAllConnections();
      server.close();
      await relayed.#relay?.close();
    });
    return relayed;
  }

  /** The network that media of the last answer takes. */
  get relay(): UdpRelay {
    if (this.#relay === null) throw new Error('nothing was answered yet');
    return this.#relay;
  }

  async #reroute(answer: string): Promise<string> {
    const targetPort = Number(/^a=candidate:\S+ 1 udp \d+ \S+ (\d+) typ host/im.exec(answer)?.[1]);
    if (Number.isNaN(targetPort)) return answer;
    await this.#relay?.close();
    this.#relay = await UdpRelay.open({ targetPort });
    const { port } = this.#relay;
    return answer.replaceAll(/^(a=candidate:\S+ \d+ udp \d+ \S+) \d+ /gim, `$1 ${port} `);
  }
}
