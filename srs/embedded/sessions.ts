import type { Dvr } from './dvr/dvr.ts';
import type { Edge } from './edge.ts';
import type { HookSubject, Hooks } from './hooks.ts';
import type { Log } from './log.ts';
import {
  MediaError,
  type Media,
  type MediaEnd,
  type MediaOffer,
  type OpenedMedia,
} from './media.ts';
import { randomText } from './random-text.ts';
import type { ClientEntry, Roster } from './roster.ts';
import { SrsError } from './srs-error.ts';
import type { StreamName } from './stream-name.ts';

/** A WHIP or WHEP request, parsed. */
export interface SessionRequest {
  readonly offer: Omit<MediaOffer, 'key'>;
  readonly name: StreamName;
  readonly param: string;
  readonly ip: string;
  /** Tells whether the client still waits for the answer. */
  readonly isWaiting: () => boolean;
}

export interface OpenedSession {
  readonly sdp: string;
  readonly token: string;
  /** `<server ufrag>:<client ufrag>`, as the Location carries it. */
  readonly username: string;
}

interface Session extends OpenedSession {
  readonly client: ClientEntry;
}

interface Parts {
  readonly media: Media;
  readonly hooks: Hooks;
  readonly roster: Roster;
  readonly edge: Edge;
  readonly log: Log;
  /** Null: nothing can be recorded. */
  readonly dvr: Dvr | null;
}

/** Opens and ends WHIP and WHEP sessions in SRS's order: who is asked, what is told, and when. */
export class Sessions {
  readonly #parts: Parts;
  readonly #byMediaId = new Map<string, Session>();
  readonly #byUsername = new Map<string, Session>();
  /** Streams that have a publisher, or are about to: claimed before anything is awaited. */
  readonly #published = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws SrsError */
  open(request: SessionRequest): Promise<OpenedSession> {
    return request.offer.kind === 'publish' ? this.#publish(request) : this.#play(request);
  }

  /** Ends what a Location names; unknown sessions are fine. @throws SrsError 5036 on a wrong token. */
  remove(username: string, token: string): void {
    const session = this.#byUsername.get(username);
    if (token === '') throw new SrsError(5036, 'token empty');
    if (session === undefined) return;
    if (session.token !== token) throw new SrsError(5036, 'token does not match');
    this.#close(session, 'deleted');
  }

  /** Ends a client's session; false when there is no such client. */
  kick(clientId: string): boolean {
    const mediaId = this.#parts.roster.client(clientId)?.mediaId;
    const session = mediaId === undefined ? undefined : this.#byMediaId.get(mediaId);
    if (session === undefined) return false;
    this.#close(session, 'kicked');
    return true;
  }

  /** From the media side: DTLS is up. */
  handleConnected(mediaId: string): void {
    const session = this.#byMediaId.get(mediaId);
    if (session === undefined) return;
    this.#parts.roster.activate(session.client);
    if (session.client.kind === 'publish') this.#parts.dvr?.published(session.client);
  }

  /** From the media side: the session ended by itself. */
  handleEnded(mediaId: string, reason: MediaEnd): void {
    const session = this.#byMediaId.get(mediaId);
    if (session === undefined) return;
    if (reason === 'fault') this.#parts.roster.errorsEver += 1;
    this.#forget(session, reason);
    this.#tellEnd(session);
  }

  /** SRS makes the session, then asks: the hook carries the stream's id, and the name is taken. */
  async #publish(request: SessionRequest): Promise<OpenedSession> {
    const { edge, hooks } = this.#parts;
    const { key } = request.name;
    if (this.#published.has(key)) throw this.#toSrsError(new MediaError(5020, 'stream is busy'));
    this.#published.add(key);
    const session = await this.#openMedia(request, randomText(8)).catch((error: unknown) => {
      this.#published.delete(key);
      throw error;
    });
    try {
      await hooks.ask('publish', this.#subject(session.client));
    } catch (error) {
      if (!edge.refusedPublishHoldsName) this.#drop(session);
      throw edge.line === 6 ? error : new SrsError(1102, messageOf(error));
    }
    this.#assertAlive(session, request);
    return session;
  }

  /** SRS asks first: a refused viewer leaves nothing behind. */
  async #play(request: SessionRequest): Promise<OpenedSession> {
    const { hooks, roster } = this.#parts;
    const clientId = randomText(8);
    const stream = roster.stream(request.name.key);
    await hooks.ask('play', {
      clientId,
      ip: request.ip,
      name: request.name,
      param: request.param,
      stream: stream === undefined ? null : { id: stream.id, clients: stream.clientIds.size },
    });
    const session = await this.#openMedia(request, clientId);
    this.#assertAlive(session, request);
    return session;
  }

  async #openMedia(request: SessionRequest, clientId: string): Promise<Session> {
    const { media, roster, log } = this.#parts;
    const { offer, name, ip, param } = request;
    let opened: OpenedMedia;
    try {
      opened = await media.open({ ...offer, key: name.key });
    } catch (error) {
      throw error instanceof MediaError ? this.#toSrsError(error) : error;
    }
    const client = roster.join(
      { id: clientId, kind: offer.kind, ip, param, mediaId: opened.id },
      name,
    );
    const session: Session = {
      client,
      sdp: opened.sdp,
      token: randomText(12),
      username: `${opened.localUfrag}:${opened.remoteUfrag}`,
    };
    this.#byMediaId.set(opened.id, session);
    this.#byUsername.set(session.username, session);
    log.info({ client: client.id, kind: offer.kind, stream: name.url }, 'session opened');
    return session;
  }

  #toSrsError({ code, message }: MediaError): SrsError {
    // 7.0.62 and later notice a busy name by a token of its own, hence another code.
    return new SrsError(code === 5020 && this.#parts.edge.line === 7 ? 1028 : code, message);
  }

  /** Nobody has the Location of a session whose client left before the answer: it ends here. */
  #assertAlive(session: Session, request: SessionRequest): void {
    const alive = this.#byMediaId.get(session.client.mediaId) === session;
    if (alive && request.isWaiting()) return;
    if (alive) this.#close(session, 'client left before the answer');
    throw new SrsError(5036, 'session ended before its answer');
  }

  #close(session: Session, reason: string): void {
    this.#drop(session, reason);
    this.#tellEnd(session);
  }

  #drop(session: Session, reason = 'refused'): void {
    this.#forget(session, reason);
    this.#parts.media.close(session.client.mediaId);
  }

  #forget(session: Session, reason: string): void {
    const { roster, log, dvr } = this.#parts;
    const { client } = session;
    dvr?.unpublished(client);
    roster.leave(client);
    this.#byMediaId.delete(client.mediaId);
    if (this.#byUsername.get(session.username) === session)
      this.#byUsername.delete(session.username);
    if (client.kind === 'publish') this.#published.delete(client.stream.name.key);
    log.info(
      { client: client.id, kind: client.kind, stream: client.stream.name.url, reason },
      'session ended',
    );
  }

  #tellEnd({ client }: Session): void {
    this.#parts.hooks.tell(client.kind === 'publish' ? 'unpublish' : 'stop', this.#subject(client));
  }

  #subject(client: ClientEntry): HookSubject {
    const { id, ip, param, stream } = client;
    const clients = stream.clientIds.size;
    return { clientId: id, ip, name: stream.name, param, stream: { id: stream.id, clients } };
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
