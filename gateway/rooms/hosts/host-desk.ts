import type { Grant } from '../../auth/grant.ts';
import { GatewayError } from '../../errors.ts';
import { LIMITS } from '../../limits/limits.ts';
import type { EndReason } from '../../protocol/end-reason.ts';
import type { RoomView } from '../../protocol/api/rooms.ts';
import type { PlayerReport } from '../../protocol/viewer.ts';
import type { HostView, Tuning } from '../../protocol/host.ts';
import type { RoomId } from '../../protocol/ids.ts';
import { busy } from '../refusals.ts';
import type { Session } from '../session.ts';
import type { HostChannel } from './host-channel.ts';
import { HostSeat, type HostClaim, type HostObserver } from './host-seat.ts';
import type { Host } from './host.ts';
import type { SourcePlace } from './source-place.ts';
import type { Sources } from './sources.ts';

/** At most one host for each source: takes them in, finds them, passes commands on. */
export class HostDesk {
  readonly #sources: Sources;
  readonly #observer: HostObserver;
  readonly #now: () => number;
  readonly #seats = new Map<RoomId, Map<string, HostSeat>>();

  constructor(deps: { sources: Sources; observer: HostObserver; now: () => number }) {
    this.#sources = deps.sources;
    this.#observer = deps.observer;
    this.#now = deps.now;
  }

  /** Sockets of hosts, with those that have not said hello. */
  get size(): number {
    let size = 0;
    for (const room of this.#seats.values()) size += room.size;
    return size;
  }

  /**
   * Whether this one may serve the source: nobody else does, or itself on an older socket.
   * @throws GatewayError `source-busy` or `capacity`
   */
  requireFree({ room, source, grant }: HostClaim): void {
    const inRoom = this.#seats.get(room);
    const other = inRoom?.get(source);
    if (other !== undefined && other.grant.subject !== grant.subject) throw busy();
    if (other === undefined && (inRoom?.size ?? 0) >= LIMITS.hostsPerRoom) throw full();
  }

  /** Takes the source for a socket, from an older one of the same subject. @throws GatewayError */
  claim(claim: HostClaim, channel: HostChannel): HostSeat {
    this.requireFree(claim);
    const { room, source } = claim;
    const older = this.#seats.get(room)?.get(source);
    older?.release();
    older?.channel.dismiss('replaced');
    const seat = new HostSeat({
      claim,
      channel,
      source: () => this.#sources.at(claim),
      now: this.#now,
      observer: this.#observer,
      onRelease: () => this.#release(seat),
    });
    const inRoom = this.#seats.get(room) ?? new Map<string, HostSeat>();
    this.#seats.set(room, inRoom.set(source, seat));
    return seat;
  }

  /** The host of a source that has said hello. @throws GatewayError `not-found` */
  host(place: SourcePlace): Host {
    const host = this.#sources.find(place)?.host;
    if (host == null) throw new GatewayError('not-found', 'No host is connected for this source.');
    return host;
  }

  views(room: RoomId): readonly HostView[] {
    return this.#sources
      .ofRoom(room)
      .flatMap(({ host, audience }) => (host === null ? [] : [host.toView(audience)]))
      .sort((a, b) => a.source.localeCompare(b.source));
  }

  view(place: SourcePlace): HostView {
    return this.host(place).toView(this.#sources.find(place)?.audience ?? null);
  }

  /** What everybody in the room may know of its hosts. */
  outline(room: RoomId): NonNullable<RoomView['hosts']> {
    return this.views(room).map(({ source, status, capabilities }) => ({
      source,
      state: status.state,
      kind: capabilities.kind,
    }));
  }

  /** What the player of a session measured last, and how old that is; null: it told nothing. */
  reportOf(session: Session): { report: PlayerReport; ageMs: number } | null {
    return this.#sources.find(session)?.reports.newest(session, performance.now()) ?? null;
  }

  /** Rooms that have a host. */
  rooms(): readonly RoomId[] {
    return [...this.#seats.keys()];
  }

  /** Resolves when the host of a source has taken what an operator fixed. @throws GatewayError */
  async tune(place: SourcePlace, tuning: Tuning): Promise<void> {
    const host = this.host(place);
    try {
      await host.tune(tuning);
      this.#observer.commanded('done');
    } catch (error) {
      const refused = error instanceof GatewayError && error.code === 'host-refused';
      this.#observer.commanded(refused ? 'refused' : 'failed');
      throw error;
    }
  }

  /** Ends hosts that have no right to go on. */
  sweep(reasonToEnd: (grant: Grant) => 'expired' | 'revoked' | undefined): void {
    for (const inRoom of this.#seats.values()) {
      for (const seat of inRoom.values()) {
        const reason = reasonToEnd(seat.grant);
        if (reason !== undefined) this.#dismiss(seat, reason);
      }
    }
  }

  /** Hosts of a room that goes on at another gateway are sent there. */
  handOver(room: RoomId): void {
    for (const seat of [...(this.#seats.get(room)?.values() ?? [])]) this.#dismiss(seat, 'moved');
  }

  /** A publisher that an administrator sent away does not come back by its host. */
  ended({ kind, room, source, grant }: Session, reason: EndReason): void {
    if (kind !== 'publish' || reason !== 'kicked') return;
    const seat = this.#seats.get(room)?.get(source);
    if (seat?.grant.subject === grant.subject) this.#dismiss(seat, 'kicked');
  }

  #dismiss(seat: HostSeat, reason: 'expired' | 'revoked' | 'kicked' | 'moved'): void {
    seat.release();
    seat.channel.dismiss(reason);
  }

  #release({ room, source: id }: HostSeat): void {
    const inRoom = this.#seats.get(room);
    inRoom?.delete(id);
    if (inRoom?.size === 0) this.#seats.delete(room);
    const source = this.#sources.find({ room, source: id });
    if (source !== undefined) this.#sources.settle(source);
  }
}

const full = (): GatewayError =>
  new GatewayError('capacity', 'This room has too many hosts.', { retryAfterSeconds: 10 });
