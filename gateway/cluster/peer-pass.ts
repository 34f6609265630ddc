import { createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** Lower case, as node has it. Only gateways of the cluster may send it. */
export const PEER_HEADER = 'x-pixelcast-peer';

/** How far the clocks of two gateways may differ. */
const CLOCK_MS = 30_000;

/** The connection of a client as the gateway saw it that the client reached. */
export interface Entry {
  readonly address: string;
  readonly encrypted: boolean;
}

/** What a pass is good for: this request and no other. */
export interface PassedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly host: string;
}

/** By what gateways know each other: a key that all of them have, and nobody else. */
export class PeerPasses {
  readonly #key: KeyObject;
  readonly #now: () => number;

  /** `secret`: `CLUSTER_SECRET`, or what signs tokens. */
  constructor(secret: string, now: () => number) {
    const key = hkdfSync('sha256', secret, '', 'pixelcast cluster', 32);
    // Bytes are made a key anew by each sum: 43 µs in place of 6.
    this.#key = createSecretKey(Buffer.from(key));
    this.#now = now;
  }

  /** The value of the header for a request that is handed on. */
  issue(request: PassedRequest, { address, encrypted }: Entry): string {
    const claims = `${this.#now()} ${encrypted ? 's' : 'p'} ${address === '' ? '-' : address}`;
    return `${claims} ${this.#sign(claims, request)}`;
  }

  /** Undefined: it is none of ours, or too old. */
  read(header: string, request: PassedRequest): Entry | undefined {
    const [, claims = '', at = '', scheme, address = '', mac = ''] =
      /^((\d{1,15}) ([sp]) ([0-9A-Za-z.:%-]{1,64})) ([\w-]{43})$/.exec(header) ?? [];
    const [given, expected] = [Buffer.from(mac), Buffer.from(this.#sign(claims, request))];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    if (Math.abs(this.#now() - Number(at)) > CLOCK_MS) return undefined;
    return { address: address === '-' ? '' : address, encrypted: scheme === 's' };
  }

  /** Binds a name to its first part: 96 bits that nobody else can make. */
  seal(text: string): string {
    return createHmac('sha256', this.#key).update(`seal\n${text}`).digest('base64url').slice(0, 16);
  }

  #sign(claims: string, { method, url, host }: PassedRequest): string {
    const text = ['pass', claims, method, url, host].join('\n');
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}
