import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Published } from './answer.ts';
import { Refusal, type ModelRequest } from './message.ts';

export const TOKEN = 'a-token-of-the-model';

export interface ModelSession {
  readonly secret: string;
  readonly kind: 'publish' | 'watch';
  readonly offer: string;
  readonly mediaId: string;
  etag: string;
}

/** Real media behind the answers. */
export interface ModelMedia {
  open(kind: 'publish' | 'watch', offer: string): Promise<{ sdp: string; mediaId: string }>;
  close(mediaId: string): void;
}

/** The model's only room, with its sessions and its publisher. */
export class ModelRoom {
  /** `published` when a publisher comes or goes, `ended` with a session. */
  readonly changes = new EventEmitter();
  readonly restarts: boolean;
  /** Secrets that were deleted by request. */
  readonly deleted = new Set<string>();
  readonly media: ModelMedia | null;
  readonly #secretBytes: number;
  readonly #sessions = new Map<string, ModelSession>();

  constructor(given: {
    readonly restarts?: boolean;
    readonly secretBytes?: number;
    readonly media?: ModelMedia;
  }) {
    this.restarts = given.restarts ?? false;
    this.#secretBytes = given.secretBytes ?? 24;
    this.media = given.media ?? null;
    this.changes.setMaxListeners(0);
  }

  get published(): Published | null {
    const publisher = [...this.#sessions.values()].find(({ kind }) => kind === 'publish');
    return publisher === undefined ? null : { audio: publisher.offer.includes('\r\nm=audio') };
  }

  get viewers(): number {
    return [...this.#sessions.values()].filter(({ kind }) => kind === 'watch').length;
  }

  session(secret: string): ModelSession | undefined {
    return this.#sessions.get(secret);
  }

  /** A new publisher takes the place of the old one. */
  open(kind: 'publish' | 'watch', offer: string, mediaId: string): ModelSession {
    const old = [...this.#sessions.values()].find((session) => session.kind === 'publish');
    if (kind === 'publish' && old !== undefined) this.end(old);
    const secret = randomBytes(this.#secretBytes).toString('base64url');
    const session = { secret, kind, offer, mediaId, etag: `"${randomBytes(8).toString('hex')}"` };
    this.#sessions.set(secret, session);
    if (kind === 'publish') this.changes.emit('published');
    return session;
  }

  end(session: ModelSession): void {
    if (!this.#sessions.delete(session.secret)) return;
    this.media?.close(session.mediaId);
    this.changes.emit('ended', session.secret);
    if (session.kind === 'publish') this.changes.emit('published');
  }

  /** The media side has lost its peer. */
  lost(mediaId: string): void {
    const session = [...this.#sessions.values()].find((known) => known.mediaId === mediaId);
    if (session !== undefined) this.end(session);
  }

  /** @throws Refusal 401, or 400 for two tokens */
  authorize({ headers, query }: ModelRequest): void {
    const { authorization } = headers;
    if (authorization === undefined) {
      throw new Refusal(401, 'Send a token.', { 'www-authenticate': 'Bearer realm="model"' });
    }
    if (query.has('access_token')) throw new Refusal(400, 'One token is enough.');
    if (/^bearer +(\S+)$/i.exec(authorization)?.[1] === TOKEN) return;
    const challenge = 'Bearer realm="model", error="invalid_token"';
    throw new Refusal(401, 'The token is not valid.', { 'www-authenticate': challenge });
  }
}
