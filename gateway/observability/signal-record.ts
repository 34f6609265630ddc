import { Counter, Gauge } from 'prom-client';
import type { PeerRole } from '../protocol/signal/peer.ts';
import type { SignalErrorCode } from '../protocol/signal/signal-errors.ts';
import type { SignalObserver } from '../signal/signal-desk.ts';
import type { SignalSeat } from '../signal/signal-seat.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

export interface SignalRecord {
  readonly observer: SignalObserver;
  /** A message was not taken. */
  readonly refused: (code: SignalErrorCode) => void;
}

/** Log lines and figures of direct sessions. No line has a description or a candidate. */
export function recordSignalling(
  log: Logger,
  { registry }: Metrics,
  state: { readonly seats: () => Iterable<SignalSeat>; readonly isLinked: () => boolean | null },
): SignalRecord {
  const registers = [registry];
  new Gauge({
    name: 'pixelcast_signal_peers',
    help: 'Peers of direct sessions at this gateway, by role.',
    labelNames: ['role'] as const,
    registers,
    collect() {
      const counts: Record<PeerRole, number> = { sender: 0, receiver: 0, host: 0, client: 0 };
      for (const { member } of state.seats()) counts[member.role] += 1;
      for (const [role, count] of Object.entries(counts)) this.set({ role }, count);
    },
  });
  new Gauge({
    name: 'pixelcast_signal_redis_connected',
    help: '1 while peers of other gateways are found by Redis; absent without REDIS_URL.',
    registers,
    collect() {
      const linked = state.isLinked();
      if (linked === null) this.remove();
      else this.set(linked ? 1 : 0);
    },
  });
  const registrations = new Counter({
    name: 'pixelcast_signal_registrations_total',
    help: 'Peers that registered, anew or coming back.',
    labelNames: ['role', 'how'] as const,
    registers,
  });
  const partings = new Counter({
    name: 'pixelcast_signal_partings_total',
    help: 'Peers that have gone, by reason.',
    labelNames: ['reason'] as const,
    registers,
  });
  const messages = new Counter({
    name: 'pixelcast_signal_messages_total',
    help: 'Messages handed on from peer to peer; beyond: to another gateway.',
    labelNames: ['type', 'way'] as const,
    registers,
  });
  const errors = new Counter({
    name: 'pixelcast_signal_errors_total',
    help: 'Messages that were not taken, by code.',
    labelNames: ['code'] as const,
    registers,
  });
  return {
    observer: {
      registered(seat, isResumed) {
        const { role } = seat.member;
        registrations.inc({ role, how: isResumed ? 'resumed' : 'new' });
        log.info({ ...name(seat), isResumed }, 'peer registered');
      },
      parted(seat, reason) {
        partings.inc({ reason: reason ?? 'replaced' });
        log.info({ ...name(seat), reason: reason ?? 'replaced' }, 'peer left');
      },
      passed(type, way) {
        messages.inc({ type, way });
      },
    },
    refused: (code) => errors.inc({ code }),
  };
}

const name = ({ room, member, grant }: SignalSeat) => ({
  ...room.place,
  role: member.role,
  peer: member.peerId,
  subject: grant.subject,
  jti: grant.tokenId,
});
