import { createHash } from 'node:crypto';
import type { IceProbeView } from '../../protocol/ice-sources.ts';
import { readIceUrl } from '../ice-url.ts';
import { describeFailure, ProviderFailure } from '../provider-failure.ts';
import { StunConnection } from './stun-connection.ts';
import { ATTRIBUTE, METHOD, stunRequest, type StunAttributes } from './stun-message.ts';

/** For the whole probe, release included. */
const TIMEOUT_MS = 5_000;
/** UDP, as RFC 8656 §14.7 writes it. */
const RELAYED_UDP = Buffer.from([17, 0, 0, 0]);

export interface Login {
  readonly username: string;
  readonly credential: string;
}

export interface ProbeWish {
  readonly url: string;
  /** TURN needs it. */
  readonly login: Login | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly closing: AbortSignal;
}

/**
 * A STUN binding, or a TURN allocation that is released at once, from this machine. Never throws; what
 * it says of a failure has no credential in it.
 */
export async function probe({ url, login, now, closing }: ProbeWish): Promise<IceProbeView> {
  const begin = performance.now();
  const view = { url, probedAt: now() };
  try {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(TIMEOUT_MS)]);
    const address = readIceUrl(url);
    const connection = await StunConnection.open(address, signal);
    try {
      const attempt = new Attempt(connection, signal);
      const seen = address.kind === 'stun' ? await attempt.bind() : await attempt.relay(login);
      const roundTripMs = Math.round((performance.now() - begin) * 10) / 10;
      return { ...view, reachable: true, roundTripMs, address: seen, error: null };
    } finally {
      connection.close();
    }
  } catch (error) {
    const sentence = describeFailure(error);
    return { ...view, reachable: false, roundTripMs: null, address: null, error: sentence };
  }
}

class Attempt {
  readonly #connection: StunConnection;
  readonly #signal: AbortSignal;

  constructor(connection: StunConnection, signal: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
  }

  async bind(): Promise<string | null> {
    const answer = await this.#connection.request(stunRequest(METHOD.binding, []), this.#signal);
    if (!answer.isSuccess) throw refusal(answer.errorCode);
    return answer.address(ATTRIBUTE.xorMappedAddress);
  }

  async relay(login: Login | undefined): Promise<string | null> {
    const wish: StunAttributes = [[ATTRIBUTE.requestedTransport, RELAYED_UDP]];
    const asked = await this.#connection.request(stunRequest(METHOD.allocate, wish), this.#signal);
    const [realm, nonce] = [asked.get(ATTRIBUTE.realm), asked.get(ATTRIBUTE.nonce)];
    if (asked.isSuccess) throw new ProviderFailure('It relays for everybody, without a login.');
    if (asked.errorCode !== 401 || realm === undefined || nonce === undefined) {
      throw refusal(asked.errorCode);
    }
    if (login === undefined) throw new ProviderFailure('There is no login for it.');
    const key = createHash('md5')
      .update(`${login.username}:${realm.toString()}:${login.credential}`)
      .digest();
    const proof: StunAttributes = [
      [ATTRIBUTE.username, Buffer.from(login.username)],
      [ATTRIBUTE.realm, realm],
      [ATTRIBUTE.nonce, nonce],
    ];
    const allocate = stunRequest(METHOD.allocate, [...wish, ...proof], key);
    const answer = await this.#connection.request(allocate, this.#signal);
    if (!answer.isSuccess) throw refusal(answer.errorCode);
    const noLife: StunAttributes = [[ATTRIBUTE.lifetime, Buffer.alloc(4)]];
    const release = stunRequest(METHOD.refresh, [...noLife, ...proof], key);
    await this.#connection.request(release, this.#signal);
    return answer.address(ATTRIBUTE.xorRelayedAddress);
  }
}

/** RFC 8489 §14.8 and RFC 8656 §19; the server's own words are not repeated. */
const REASONS: Readonly<Record<number, string>> = {
  300: 'It sends us to another server (300).',
  401: 'It refuses the login (401).',
  403: 'It forbids this (403).',
  437: 'It has an allocation with another login (437).',
  438: 'It changed its nonce in between (438).',
  441: 'It refuses the login (441).',
  442: 'It does not relay UDP (442).',
  486: 'This login has too many allocations (486).',
  508: 'It has no ports left (508).',
};

const refusal = (code: number): ProviderFailure =>
  new ProviderFailure(REASONS[code] ?? `It answers with error ${code}.`);
