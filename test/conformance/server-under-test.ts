import { setTimeout as delay } from 'node:timers/promises';
import { readDescription, type Description } from './description.ts';
import { header, HttpClient, isSuccess, retryAfterMs } from './http-client.ts';
import type { Manners, Reply, Sending } from './http-client.ts';
import { LivePublisher } from './live-publisher.ts';
import { chromium } from './offers.ts';
import { PROTOCOL, type Endpoint, type Kind } from './kind.ts';
import { NotApplicable } from './not-applicable.ts';
import { Session } from './session.ts';

export interface ServerOptions {
  readonly endpoints: Readonly<Partial<Record<Kind, Endpoint>>>;
  readonly manners: Manners;
  /** A web origin that the server lets in. */
  readonly origin: string;
  /** Whether to send and receive media. */
  readonly media: boolean;
  /** How long to wait for what a server may take its time for. */
  readonly patienceMs: number;
}

/** An offer to be posted; without `offer` one that every server takes. */
export interface Posting extends Partial<Sending> {
  readonly offer?: string;
  readonly type?: string | null;
  /** Without the token. */
  readonly anonymous?: boolean;
}

/** One ordinary session from its POST over a trickle PATCH to its DELETE. */
export interface Sample {
  readonly reply: Reply;
  readonly answer: Description;
  readonly session: Session | null;
  readonly patch: Reply | null;
  readonly delete: Reply | null;
}

const REDIRECTS = [301, 302, 303, 307, 308];
const WATCH_RETRY_MS = 6000;
/** A name that is not free yet: some servers say so, SRS 6 closes the connection. */
const HELD = [409];
const HELD_OR_CLOSED = [409, 0];

/** The server, its endpoints, and everything that was opened there and must be closed again. */
export class ServerUnderTest {
  readonly http: HttpClient;
  readonly options: ServerOptions;
  readonly publisher = new LivePublisher(this);
  readonly #samples = new Map<Kind, Promise<Sample>>();
  readonly #opened: Session[] = [];
  readonly #closers: (() => void)[] = [];
  /** False once waiting has led to nothing: it would for every rule. */
  #worthWaiting = true;

  constructor(options: ServerOptions) {
    this.options = options;
    this.http = new HttpClient(options.manners);
  }

  has(kind: Kind): boolean {
    return this.options.endpoints[kind] !== undefined;
  }

  /** @throws NotApplicable when there is none of this kind */
  endpoint(kind: Kind): Endpoint {
    const endpoint = this.options.endpoints[kind];
    if (endpoint === undefined) throw new NotApplicable(`no ${PROTOCOL[kind]} URL`);
    return endpoint;
  }

  authorization(kind: Kind): Readonly<Record<string, string>> {
    const { token } = this.endpoint(kind);
    return token === null ? {} : { Authorization: `Bearer ${token}` };
  }

  /** A request to the endpoint, with the token unless `anonymous`. */
  async ask(kind: Kind, method: string, given: Posting = {}): Promise<Reply> {
    const { anonymous = false, headers, ...rest } = given;
    const authorization = anonymous ? {} : this.authorization(kind);
    return this.http.send({
      about: `${kind} endpoint`,
      ...rest,
      method,
      url: rest.url ?? this.endpoint(kind).url,
      headers: { ...authorization, ...headers },
    });
  }

  /** Posts an offer or what is given for it. A session that comes of it is removed at once. */
  async post(kind: Kind, given: Posting = {}): Promise<Reply> {
    const { reply, session } = await this.#post(kind, given, HELD);
    await session?.delete();
    return reply;
  }

  /** Opens a session that lasts until the rule is done. @throws NotApplicable when it is refused */
  async open(kind: Kind, given: Posting = {}): Promise<Session> {
    const { reply, session } = await this.#post(kind, given, HELD_OR_CLOSED);
    if (session === null) {
      throw new NotApplicable(`no session: ${PROTOCOL[kind]} POST was answered ${reply.status}`);
    }
    this.#opened.push(session);
    return session;
  }

  /** The ordinary session, had once and remembered. */
  sample(kind: Kind): Promise<Sample> {
    const known = this.#samples.get(kind) ?? this.#takeSample(kind);
    this.#samples.set(kind, known);
    return known;
  }

  /** Is done when the rule is. */
  defer(close: () => void): void {
    this.#closers.push(close);
  }

  /** Ends what the last rule left open. */
  async tidy(): Promise<void> {
    for (const close of this.#closers.splice(0)) close();
    for (const session of this.#opened.splice(0)) {
      if (!session.ended && session !== this.publisher.session) await quietly(session.delete());
    }
  }

  async close(): Promise<void> {
    await this.tidy();
    await quietly(this.publisher.stop());
    this.http.close();
  }

  async #takeSample(kind: Kind): Promise<Sample> {
    const { reply, session } = await this.#post(kind, {}, HELD_OR_CLOSED);
    const answer = readDescription(reply.body);
    if (session === null) return { reply, answer, session, patch: null, delete: null };
    const patch = await session.patch();
    return { reply, answer, session, patch, delete: await session.delete() };
  }

  async #post(
    kind: Kind,
    given: Posting,
    held: readonly number[],
  ): Promise<{ reply: Reply; session: Session | null }> {
    const { offer = chromium(kind), type = 'application/sdp', headers, once = false } = given;
    if (!once) await this.publisher[kind === 'publish' ? 'stop' : 'ensure']();
    const typed = type === null ? {} : { 'Content-Type': type };
    const posting = { body: offer, ...given, headers: { ...typed, ...headers } };
    const giveUpAt = once ? 0 : performance.now() + this.#patienceMs(kind);
    let reply = await this.#follow(kind, posting);
    while (held.includes(reply.status) && performance.now() < giveUpAt) {
      await delay(Math.min(2000, retryAfterMs(reply)));
      reply = await this.#follow(kind, posting);
    }
    if (!once && held.includes(reply.status)) this.#worthWaiting = false;
    return { reply, session: this.#sessionOf(kind, reply, { ...given, offer }) };
  }

  /** A name may be held for a while after its last publisher, and a publisher take a while to count. */
  #patienceMs(kind: Kind): number {
    if (!this.has('publish') || !this.#worthWaiting) return 0;
    return kind === 'watch' ? WATCH_RETRY_MS : this.options.patienceMs;
  }

  async #follow(kind: Kind, posting: Posting): Promise<Reply> {
    let reply = await this.ask(kind, 'POST', posting);
    for (let hops = 0; hops < 3 && REDIRECTS.includes(reply.status); hops += 1) {
      const url = new URL(header(reply, 'location') ?? '', reply.url).href;
      reply = await this.ask(kind, 'POST', { ...posting, url });
    }
    return reply;
  }

  #sessionOf(kind: Kind, reply: Reply, { offer = '', anonymous }: Posting): Session | null {
    if (!isSuccess(reply) || header(reply, 'location') === undefined) return null;
    const authorization = anonymous === true ? {} : this.authorization(kind);
    return new Session({ kind, reply, offer, http: this.http, authorization });
  }
}

async function quietly(doing: Promise<unknown>): Promise<void> {
  await doing.catch(() => undefined);
}
