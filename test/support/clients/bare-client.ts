import { waitFor } from '../wait-for.ts';
import type { GatewayProcess } from '../stage/gateway-process.ts';
import type { SessionView } from '../../../gateway/protocol/api/sessions.ts';

/** What a 201 said. */
export interface Answered {
  readonly location: string;
  readonly etag: string;
  readonly sdp: string;
}

/** Speaks WHIP and WHEP with a gateway as a program without a browser does. */
export class BareClient {
  readonly #gateway: GatewayProcess;
  /** The newest 201. */
  answered: Answered | null = null;

  constructor(gateway: GatewayProcess) {
    this.#gateway = gateway;
  }

  async post(kind: 'whip' | 'whep', room: string, offer: string): Promise<Response> {
    const token = this.#gateway.token({ sub: kind, room, can: ['publish', 'watch'] });
    const reply = await fetch(`${this.#gateway.url}/${kind}/${room}`, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp', authorization: `Bearer ${token}` },
      body: offer,
    });
    if (reply.status === 201) {
      this.answered = {
        location: reply.headers.get('location') ?? '',
        etag: reply.headers.get('etag') ?? '',
        sdp: await reply.clone().text(),
      };
    }
    return reply;
  }

  /** An exchange for the test peers: their offer, as `write` turns it, for the answer of the 201. */
  exchange(kind: 'whip' | 'whep', room: string, write: (offer: string) => string = same) {
    return async (offer: string): Promise<string> => {
      const reply = await this.post(kind, room, write(offer));
      if (reply.status !== 201) throw new Error(`${reply.status} ${await reply.text()}`);
      return (this.answered as Answered).sdp;
    };
  }

  async delete(headers: Readonly<Record<string, string>> = {}): Promise<number> {
    const { status } = await fetch(this.answered?.location ?? '', { method: 'DELETE', headers });
    return status;
  }

  async waitForPublisher(room: string): Promise<void> {
    await waitFor(
      async () => {
        const reply = await this.#gateway.api('GET', `/api/v1/sessions?room=${room}`);
        return (reply as { items: SessionView[] }).items.some(({ state }) => state === 'live');
      },
      { timeoutMs: 15_000, what: 'a live publisher' },
    );
  }
}

const same = (offer: string): string => offer;
