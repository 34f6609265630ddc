import { randomBytes } from 'node:crypto';
import type { SessionKind } from '../protocol/session-kind.ts';
import type { RoomId, SourceId } from '../protocol/ids.ts';
import type { Session } from './session.ts';

/** A node may wait 30 s for earlier hooks of other receivers before it calls ours. */
const LIFETIME_MS = 40_000;

/** What a hook says about the session that it asks for. */
export interface TicketUse {
  readonly ticket: string;
  readonly kind: SessionKind;
  readonly room: string;
  readonly source: string;
}

/**
 * One-time proofs that an offer came through the gateway: 128 random bits in the upstream URL,
 * handed back by the node's hook. One that was used, aged or is for something else is worth
 * nothing.
 */
export class Tickets {
  readonly #open = new Map<string, { session: Session; expiresAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Tickets of offers that are under way. */
  get size(): number {
    return this.#open.size;
  }

  issue(session: Session): string {
    const ticket = randomBytes(16).toString('hex');
    this.#open.set(ticket, { session, expiresAt: this.#now() + LIFETIME_MS });
    return ticket;
  }

  /** The session that a ticket was issued for, once; else undefined. */
  redeem(use: TicketUse): Session | undefined {
    const open = this.#open.get(use.ticket);
    if (open === undefined) return undefined;
    const { session } = open;
    const fits =
      session.kind === use.kind &&
      session.room === (use.room as RoomId) &&
      session.source === (use.source as SourceId);
    if (!fits) return undefined;
    this.#open.delete(use.ticket);
    return open.expiresAt > this.#now() && !session.ended ? session : undefined;
  }

  /** Takes a ticket back, used or not. */
  revoke(ticket: string): void {
    this.#open.delete(ticket);
  }
}
