import type { Grant } from '../auth/grant.ts';
import type { IceServer } from '../protocol/ice.ts';
import type { IceSourceName, IceSourceView } from '../protocol/ice-sources.ts';

/** Servers, and until when their credentials are good (epoch milliseconds; Infinity without end). */
export interface IceList {
  readonly servers: readonly IceServer[];
  readonly expiresAt: number;
}

export const NO_SERVERS: IceList = { servers: [], expiresAt: Infinity };

/** What a source says of itself. */
export type IceSourceStatus = Omit<IceSourceView, 'source' | 'probes'>;

/** Why a grant has no right any more; undefined while it has. */
export type ReasonToEnd = (grant: Grant) => 'expired' | 'revoked' | undefined;

/** One provider of STUN and TURN servers. Nothing of it throws. */
export interface IceSource {
  readonly name: IceSourceName;
  start(): void;
  close(): void;
  /** What it has for a grant now; credentials that have run out are never in it. */
  current(grant: Grant): IceList;
  /** Asks for what is missing or old; resolves when `current` has all that is to be had at present. */
  settle(grant: Grant): Promise<void>;
  /** Takes back what was issued for grants that have no right any more. */
  sweep(reasonToEnd: ReasonToEnd): void;
  status(): IceSourceStatus;
}
