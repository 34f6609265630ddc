import type { Grant } from '../../auth/grant.ts';
import { GatewayError } from '../../errors.ts';
import type { EndReason } from '../../protocol/end-reason.ts';
import type { PlayerSteps } from '../../protocol/diary.ts';
import type { RoomId } from '../../protocol/ids.ts';
import type { RoomRecording } from '../../protocol/room-recording.ts';
import type { Departure } from '../control/control-desk.ts';
import { FlushQueue } from '../flush-queue.ts';
import type { Registry } from '../registry.ts';
import type { Session } from '../session.ts';
import type { Sources } from './sources.ts';
import type { ViewerChannel } from './viewer-channel.ts';
import { ViewerSeat, type ObserveReport } from './viewer-seat.ts';

/** Sockets of viewers at once. */
export interface ViewerRules {
  readonly maxInAll: number;
  readonly maxPerRoom: number;
}

export interface ViewerDeskDeps {
  readonly sources: Sources;
  readonly registry: Registry;
  readonly rules: ViewerRules;
  /** A report that counts came. */
  readonly onReport: ObserveReport;
  /** A player tells how far one of its sessions came. */
  readonly onSteps: (steps: PlayerSteps) => void;
  readonly recordingOf: (room: RoomId) => RoomRecording;
  /** Milliseconds of any clock. */
  readonly now: () => number;
}

/** Who in the room a viewer's socket is. */
export interface ViewerClaim {
  readonly room: RoomId;
  readonly grant: Grant;
}

/** The sockets of viewers. */
export class ViewerDesk {
  readonly #deps: ViewerDeskDeps;
  readonly #rooms = new Map<RoomId, Set<ViewerSeat>>();
  readonly #queue = new FlushQueue();
  #size = 0;

  constructor(deps: ViewerDeskDeps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#size;
  }

  /** @throws GatewayError `capacity` */
  requireRoom({ room }: ViewerClaim): void {
    const { maxInAll, maxPerRoom } = this.#deps.rules;
    if (this.#size >= maxInAll || (this.#rooms.get(room)?.size ?? 0) >= maxPerRoom) {
      throw new GatewayError('capacity', 'There are too many viewers. Try again later.', {
        retryAfterSeconds: 10,
      });
    }
  }

  hasViewers(room: RoomId): boolean {
    return this.#rooms.has(room);
  }

  claim({ room, grant }: ViewerClaim, channel: ViewerChannel): ViewerSeat {
    const seat = new ViewerSeat({ ...this.#deps, room, grant, channel });
    this.#rooms.set(room, (this.#rooms.get(room) ?? new Set()).add(seat));
    this.#size += 1;
    return seat;
  }

  /** Its socket is gone, this way. */
  release(seat: ViewerSeat, departure: Departure): void {
    seat.release(departure);
    const inRoom = this.#rooms.get(seat.room);
    if (inRoom?.delete(seat) !== true) return;
    this.#size -= 1;
    if (inRoom.size === 0) this.#rooms.delete(seat.room);
  }

  /** Ends viewers that have no right to go on. */
  sweep(reasonToEnd: (grant: Grant) => 'expired' | 'revoked' | undefined): void {
    for (const inRoom of this.#rooms.values()) {
      for (const seat of inRoom) {
        const reason = reasonToEnd(seat.grant);
        if (reason !== undefined) seat.channel.dismiss(reason);
      }
    }
  }

  /** Viewers of a room that goes on at another gateway are sent there. */
  handOver(room: RoomId): void {
    for (const seat of [...(this.#rooms.get(room) ?? [])]) seat.channel.dismiss('moved');
  }

  /** A room is recorded, or no more, or other sources of it are: its viewers hear of it soon. */
  recordingChanged(room: RoomId): void {
    for (const seat of this.#rooms.get(room) ?? []) {
      seat.noteRecording();
      this.#queue.add(seat);
    }
  }

  /** Whose session an administrator ended is sent away. */
  ended(session: Session, reason: EndReason): void {
    if (session.kind !== 'watch' || reason !== 'kicked') return;
    for (const seat of this.#rooms.get(session.room) ?? []) {
      if (seat.session === session) seat.channel.dismiss('kicked');
    }
  }
}
