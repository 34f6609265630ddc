import type { Grant } from '../auth/grant.ts';
import type { IceServer } from '../protocol/ice.ts';
import type { IceSourceName } from '../protocol/ice-sources.ts';
import type { ProviderList } from './provider-list.ts';
import type { IceList } from './ice-source.ts';

/** What a provider gave, and when to ask it again. Epoch milliseconds. */
export interface Issued extends IceList {
  readonly renewAt: number;
}

/** A provider that can be asked by HTTP. */
export interface IceProvider {
  readonly name: IceSourceName;
  /** @throws anything; `describeFailure` says what is told of it */
  issue(wish: IssueWish, closing: AbortSignal): Promise<Issued>;
  /** Ends the credentials at the provider; absent where it cannot. */
  revoke?(servers: readonly IceServer[], closing: AbortSignal): Promise<void>;
}

/** For whom, and how long the credentials may live. */
export interface IssueWish {
  readonly subject: string;
  readonly lifetimeMs: number;
}

/** For providers that tell no end. */
const WITHOUT_TTL_MS = 24 * 3_600_000;
const RENEW_MS = { absent: 600_000, min: 1_000, max: 3_600_000 };

export interface IssueTerms {
  /** Freshness by HTTP; says nothing of the credentials' life. */
  readonly maxAgeSeconds?: number | undefined;
  /** The life that was asked for, where the provider keeps to it. */
  readonly lifetimeMs?: number;
  /** Before the request, so that our clock never gives more than was given. */
  readonly askedAt: number;
}

/** When an answer runs out, and when it is to be renewed: at half its life, or as HTTP says. */
export function issued(list: ProviderList, terms: IssueTerms): Issued {
  const { askedAt, maxAgeSeconds } = terms;
  const { ttlSeconds } = list;
  const told = ttlSeconds === undefined ? terms.lifetimeMs : ttlSeconds * 1000;
  const ends = list.servers.flatMap(({ username }) => endOf(username));
  const expiresAt = Math.min(
    askedAt + (told ?? WITHOUT_TTL_MS),
    askedAt + (terms.lifetimeMs ?? Infinity),
    ...ends,
  );
  const half = (expiresAt - askedAt) / 2;
  const isKnown = told !== undefined || ends.length > 0;
  const fresh =
    maxAgeSeconds === undefined || maxAgeSeconds === 0 ? undefined : maxAgeSeconds * 1000;
  const renewMs = Math.min(half, fresh ?? (isKnown ? half : RENEW_MS.absent));
  const bounded = isKnown ? renewMs : Math.min(renewMs, RENEW_MS.max);
  return {
    servers: list.servers,
    expiresAt,
    renewAt: askedAt + Math.max(bounded, RENEW_MS.min),
  };
}

/** `<epoch seconds>:<name>` of draft-uberti-behave-turn-rest. */
function endOf(username: string | undefined): number[] {
  const seconds = /^(\d{10}):/.exec(username ?? '')?.[1];
  return seconds === undefined ? [] : [Number(seconds) * 1000];
}

/** The time for which a grant may have credentials. */
export const lifetimeFor = (grant: Grant, lifetimeMs: number, now: number): number =>
  Math.floor(Math.min(lifetimeMs, grant.expiresAt - now) / 1000) * 1000;
