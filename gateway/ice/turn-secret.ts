import { createHmac } from 'node:crypto';
import type { Grant } from '../auth/grant.ts';
import type { Secret } from '../config/secret.ts';
import type { IceServer } from '../protocol/ice.ts';
import { NO_SERVERS, type IceList, type IceSource, type IceSourceStatus } from './ice-source.ts';
import { subjectTag } from './subject-tag.ts';

export interface TurnSecretOptions {
  /** Of one's own TURN servers; STUN may be among them. */
  readonly urls: readonly string[];
  /** `static-auth-secret` of coturn. */
  readonly secret: Secret;
  readonly lifetimeMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * One's own TURN servers, with credentials made for each subject (draft-uberti-behave-turn-rest:
 * `use-auth-secret` of coturn). They end with the lifetime or the token, whichever is first.
 */
export class TurnSecret implements IceSource {
  readonly name = 'turn';
  readonly #options: TurnSecretOptions;
  readonly #since: number;

  constructor(options: TurnSecretOptions) {
    this.#options = options;
    this.#since = options.now();
  }

  start(): void {
    return;
  }

  close(): void {
    return;
  }

  current({ subject, expiresAt }: Grant): IceList {
    const { urls, secret, lifetimeMs, now } = this.#options;
    const end = Math.floor(Math.min(now() + lifetimeMs, expiresAt) / 1000);
    if (end * 1000 <= now()) return NO_SERVERS;
    const username = `${end}:${subjectTag(subject)}`;
    const credential = createHmac('sha1', secret.reveal()).update(username).digest('base64');
    const turn = urls.filter((url) => url.startsWith('turn'));
    const stun = urls.filter((url) => url.startsWith('stun'));
    const servers: IceServer[] = [
      ...(stun.length > 0 ? [{ urls: stun }] : []),
      ...(turn.length > 0 ? [{ urls: turn, username, credential }] : []),
    ];
    return { servers, expiresAt: end * 1000 };
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  /** coturn takes nothing back: credentials end with their lifetime. */
  sweep(): void {
    return;
  }

  status(): IceSourceStatus {
    return {
      ...{ urls: [...this.#options.urls], holders: null, refreshedAt: this.#since },
      ...{ expiresAt: null, failures: 0, failuresInAll: 0, lastError: null, lastErrorAt: null },
    };
  }
}
