import { readDescription, valuesOf, type Description } from './description.ts';
import { FRAGMENT, fragmentOf, type IceCredentials } from './fragment.ts';
import { header, type HttpClient, type Reply, type Sending } from './http-client.ts';
import type { Kind } from './kind.ts';

/** A WHIP or WHEP session that the server has opened, as its client sees it. */
export class Session {
  readonly kind: Kind;
  /** The 201. */
  readonly reply: Reply;
  readonly offer: string;
  readonly url: string;
  readonly etag: string | undefined;
  readonly answer: Description;
  readonly #http: HttpClient;
  readonly #authorization: Readonly<Record<string, string>>;
  ended = false;

  constructor(given: {
    readonly kind: Kind;
    readonly reply: Reply;
    readonly offer: string;
    readonly http: HttpClient;
    readonly authorization: Readonly<Record<string, string>>;
  }) {
    this.kind = given.kind;
    this.reply = given.reply;
    this.offer = given.offer;
    this.url = new URL(header(given.reply, 'location') ?? '', given.reply.url).href;
    this.etag = header(given.reply, 'etag');
    this.answer = readDescription(given.reply.body);
    this.#http = given.http;
    this.#authorization = given.authorization;
  }

  /** The client's side of ICE, from the offer. */
  get ice(): IceCredentials {
    const lines = this.offer.split(/\r?\n/);
    return {
      ufrag: valuesOf(lines, 'a=ice-ufrag:')[0] ?? '',
      pwd: valuesOf(lines, 'a=ice-pwd:')[0] ?? '',
    };
  }

  /** A request with the token and what is given. */
  ask(method: string, given: Partial<Sending> = {}): Promise<Reply> {
    return this.#http.send({
      ...given,
      method,
      url: this.url,
      headers: { ...this.#authorization, ...given.headers },
      about: `${this.kind} session`,
    });
  }

  /** A trickle PATCH as the text has it, but for what is given; `ifMatch: null` leaves it out. */
  patch(
    given: {
      readonly body?: string;
      readonly type?: string;
      readonly ifMatch?: string | null;
      readonly once?: boolean;
    } = {},
  ): Promise<Reply> {
    const { body = fragmentOf(this.ice), type = FRAGMENT, once = false } = given;
    const ifMatch = given.ifMatch === undefined ? (this.etag ?? '*') : given.ifMatch;
    const condition = ifMatch === null ? {} : { 'If-Match': ifMatch };
    return this.ask('PATCH', { body, once, headers: { 'Content-Type': type, ...condition } });
  }

  async delete(headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const reply = await this.ask('DELETE', { headers });
    this.ended = true;
    return reply;
  }
}
