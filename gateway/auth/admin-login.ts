import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../config/secret.ts';
import type { Grant } from './grant.ts';

/** Longest user and password that are compared, in base64 characters. */
const MAX_LENGTH = 1024;

/** The one administrator who comes with a password (HTTP Basic, RFC 7617) instead of a token. */
export class AdminLogin {
  readonly #key = randomBytes(32);
  readonly #expected: Buffer;
  readonly #grant: Grant;

  constructor({ user, password }: { readonly user: string; readonly password: Secret }) {
    this.#expected = this.#digest(`${user}:${password.reveal()}`);
    this.#grant = {
      subject: user,
      room: '*',
      sources: undefined,
      can: ['admin'],
      expiresAt: Infinity,
      issuedAt: undefined,
      tokenId: undefined,
    };
  }

  /**
   * The grant of an administrator of everything, for the base64 part of the header; undefined when
   * user or password is wrong. Takes as long for the one as for the other.
   */
  check(credentials: string): Grant | undefined {
    if (credentials.length > MAX_LENGTH) return undefined;
    const given = this.#digest(Buffer.from(credentials, 'base64').toString('utf8'));
    return timingSafeEqual(given, this.#expected) ? this.#grant : undefined;
  }

  /** Digests of one length, under a key of this process: comparing them tells nothing. */
  #digest(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text.normalize('NFC')).digest();
  }
}
