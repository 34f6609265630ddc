import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { anOffer, withMsid } from './sdp-offer.ts';
import { callSrs, type SrsCall, type SrsReply } from './srs-http.ts';
import type { SrsTarget } from './srs-target.ts';

export interface SrsListed {
  readonly id: string;
  readonly [member: string]: unknown;
}

interface Request extends SrsCall {
  /** More parameters, after app and stream. */
  readonly query?: string;
}

/** One test's client of a target; it deletes what the test left open. */
export class SrsCaller {
  readonly target: SrsTarget;
  readonly #locations: string[] = [];

  constructor(target: SrsTarget) {
    this.target = target;
  }

  /** A name that no other test has. */
  newStream(): string {
    return `s${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  }

  whip(stream: string, { query = '', ...call }: Request = {}): Promise<SrsReply> {
    const body = call.body ?? anOffer('publish');
    return this.post(`/rtc/v1/whip/?app=live&stream=${stream}${query}`, { ...call, body });
  }

  whep(stream: string, { query = '', ...call }: Request = {}): Promise<SrsReply> {
    const body = call.body ?? anOffer('play');
    return this.post(`/rtc/v1/whep/?app=live&stream=${stream}${query}`, { ...call, body });
  }

  /** Any path; a session that opens is deleted after the test. */
  async post(path: string, call: SrsCall): Promise<SrsReply> {
    const headers = { 'Content-Type': 'application/sdp', ...call.headers };
    const reply = await callSrs(this.target.origin, path, { method: 'POST', ...call, headers });
    if (reply.status === 201) this.#locations.push(locationOf(reply));
    return reply;
  }

  /** The Location of a request that must succeed. */
  async opened(reply: Promise<SrsReply>): Promise<string> {
    const answer = await reply;
    expect(answer.status).toBe(201);
    return locationOf(answer);
  }

  /** For a media peer: posts its offer, hands back the answer. */
  exchange(kind: 'publish' | 'play', stream: string): (offer: string) => Promise<string> {
    return async (offer) => {
      const call = { body: withMsid(offer) };
      const reply = await (kind === 'publish' ? this.whip(stream, call) : this.whep(stream, call));
      expect(reply.status).toBe(201);
      return reply.body;
    };
  }

  remove(location: string): Promise<SrsReply> {
    return callSrs(this.target.origin, location, { method: 'DELETE' });
  }

  /** A path of the JSON API, with the target's login. */
  api(path: string, call: SrsCall = {}): Promise<SrsReply> {
    return callSrs(this.target.origin, path, { login: this.target.login, ...call });
  }

  async apiJson(path: string, call: SrsCall = {}): Promise<Record<string, unknown>> {
    const reply = await this.api(path, call);
    expect(reply.status).toBe(200);
    return JSON.parse(reply.body) as Record<string, unknown>;
  }

  async clientsOf(stream: string): Promise<SrsListed[]> {
    const { clients } = await this.apiJson('/api/v1/clients/?count=10000');
    return (clients as SrsListed[]).filter((client) => client['name'] === stream);
  }

  async streamEntry(stream: string): Promise<SrsListed | undefined> {
    const { streams } = await this.apiJson('/api/v1/streams/?count=10000');
    return (streams as SrsListed[]).find((entry) => entry['name'] === stream);
  }

  async cleanUp(): Promise<void> {
    await Promise.all(this.#locations.map((location) => this.remove(location)));
  }
}

export const locationOf = (reply: SrsReply): string => String(reply.headers['location']);
