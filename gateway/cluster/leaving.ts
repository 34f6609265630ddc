import type { Logger } from '../observability/logger.ts';
import type { RoomId } from '../protocol/ids.ts';
import type { HomeKeeper, HomeObserver } from './homes.ts';

/** Longest wait for offers that are under way. */
const OFFERS_MS = 3_000;

export interface LeavingParts {
  readonly homes: Pick<HomeKeeper, 'rooms' | 'isHere' | 'release'>;
  readonly kept: { flush(): Promise<boolean> };
  readonly observer: Pick<HomeObserver, 'lost' | 'rewrite'>;
  /** Takes no new sessions any more; resolves when no offer is under way. */
  readonly settle: () => Promise<void>;
  readonly log: Logger;
}

/**
 * Gives the rooms of a gateway that stops to the others: first all is written down, then the rooms are
 * given back, then sockets are told to come again. Without Redis they stay, and end with the gateway.
 */
export async function handRoomsOver(parts: LeavingParts): Promise<void> {
  const { homes, kept, observer, settle, log } = parts;
  await within(OFFERS_MS, settle());
  const rooms: readonly RoomId[] = [...homes.rooms()].filter((room) => homes.isHere(room));
  observer.rewrite(rooms);
  if (!(await kept.flush())) {
    log.warn({ rooms: rooms.length }, 'Redis is away: rooms end with this gateway');
    return;
  }
  await homes.release(rooms);
  for (const room of rooms) observer.lost(room);
  log.info({ rooms: rooms.length }, 'rooms handed over');
}

async function within(ms: number, waited: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), ms);
  await Promise.race([waited, late.promise]);
  clearTimeout(timer);
}
