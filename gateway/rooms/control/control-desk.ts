import { arbitrate } from '../../control/arbiter.ts';
import type { ControlAnswer, ControlCommand } from '../../control/command.ts';
import { nextEndMs } from '../../control/queue.ts';
import { freeControl, mayUse, type ControlState } from '../../control/state.ts';
import type { Grant } from '../../auth/grant.ts';
import type {
  ControlPolicy,
  ControlRefusal,
  ControlState as ControlStateMessage,
  ControlWish,
  Device,
} from '../../protocol/control.ts';
import type { ControlRecord } from '../../protocol/control-record.ts';
import type { HostCommand } from '../../protocol/host.ts';
import type { SourcePlace } from '../hosts/source-place.ts';
import type { ViewerChannel } from '../hosts/viewer-channel.ts';
import { ControlBook } from './control-book.ts';
import { leasesMessage, saysTheSame, stateMessage } from './control-messages.ts';
import type { ControlObserver } from './control-observer.ts';
import { adoptedState, keptControl, type KeptControl } from './kept-control.ts';
import type { Member } from './member.ts';
import { Members, type Entrant } from './members.ts';
import type { Policies } from './policies.ts';
import { REFUSAL_SENTENCES } from './refusal-sentences.ts';
import { NEED_A_HOST, commandOf } from './wish-command.ts';

/** Input is told to the arbiter at most this often. */
const USED_INTERVAL_MS = 250;

/** What is controlled. */
export interface ControlledHost {
  readonly capabilities: { readonly devices: readonly Device[] };
  send(command: HostCommand): void;
}

/** How a member went: by intent or by our will it is forgotten, a lost one may come back. */
export type Departure = 'left' | 'lost' | 'revoked';

/** Who else has to do with it. */
export interface ControlNeighbours {
  /** Everybody is to hear the state anew. `urgent`: somebody got or lost control. */
  readonly announce: (urgent: boolean) => void;
  /** Devices changed hands; the host knows. */
  readonly released: (devices: readonly Device[]) => void;
  /** Nobody is here any more. */
  readonly emptied: () => void;
  /** What another gateway would have to know is otherwise. */
  readonly changed?: () => void;
}

interface DeskParts extends ControlNeighbours {
  readonly place: SourcePlace;
  readonly policies: Policies;
  readonly observer: ControlObserver;
  /** More than any epoch before it. */
  readonly epoch: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Who controls the host of one source: asks the arbiter, and tells host and viewers what it says. */
export class ControlDesk {
  readonly members = new Members();
  readonly #parts: DeskParts;
  readonly #book: ControlBook;
  #state: ControlState;
  #host: ControlledHost | null = null;
  #timer: NodeJS.Timeout | undefined;
  readonly #usedAt = new WeakMap<Member, number>();
  #isOver = false;

  constructor(parts: DeskParts) {
    const { place, policies, observer } = parts;
    this.#parts = parts;
    this.#book = new ControlBook({ place, observer, members: this.members });
    this.#state = freeControl(policies.of(place), parts.epoch);
  }

  get policy(): ControlPolicy {
    return this.#state.policy;
  }

  get epoch(): number {
    return this.#state.epoch;
  }

  get isEmpty(): boolean {
    return this.members.size === 0;
  }

  /** Oldest first. */
  get history(): readonly ControlRecord[] {
    return this.#book.history.list();
  }

  /** How many hold a device, and how many wait. */
  get figures(): { readonly holders: number; readonly waiting: number } {
    const { leases, queue } = this.#state;
    const { pointer, keyboard, gamepad } = leases;
    const waiting = queue.length;
    // Of thousands of rooms few are controlled, and all are looked at for each scrape.
    if ((pointer ?? keyboard ?? gamepad) === null) return { holders: 0, waiting };
    const holders = new Set(Object.values(leases).flatMap((lease) => lease?.holder ?? []));
    return { holders: holders.size, waiting };
  }

  /** What the host takes input on. */
  get devices(): readonly Device[] {
    return this.#host?.capabilities.devices ?? [];
  }

  /** What another gateway must know; null: nothing. */
  kept(): KeptControl | null {
    const { place, now } = this.#parts;
    const times = { nowMs: now(), at: Date.now() };
    return this.#isOver ? null : keptControl(place.source, this.#state, this.members, times);
  }

  /** Goes on where another gateway was; before anybody is here. The desk's epoch is above that one's. */
  adopt(kept: KeptControl): void {
    for (const member of kept.people) this.members.restore(member);
    const { policy, epoch } = this.#state;
    const given = { policy, epoch: Math.max(epoch, kept.epoch + 1) };
    this.#state = adoptedState(kept, { ...given, nowMs: this.#parts.now(), at: Date.now() });
    this.#wakeAtNextEnd();
  }

  /** Another gateway decides from now on: whatever happens here still is of no account. */
  handOver(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    if (this.devices.length > 0) this.#host?.send(NOBODYS);
  }

  message(): ControlStateMessage {
    return stateMessage(this.#state, this.members, this.devices, this.#parts.now());
  }

  /** Whether input of this member for a device may pass, by the epoch that it carries. */
  mayUse(member: Member, device: Device, epoch: number): boolean {
    return !this.#isOver && mayUse(this.#state, member.viewer, device, epoch);
  }

  /** Input of this member was taken; call it as often as you like. */
  used(member: Member): void {
    const now = this.#parts.now();
    if (now - (this.#usedAt.get(member) ?? -Infinity) < USED_INTERVAL_MS) return;
    this.#usedAt.set(member, now);
    this.#run({ type: 'used', by: member.viewer });
  }

  /** Who may use a device now; null: nobody, or its socket is lost. */
  holderOf(device: Device): Member | null {
    const lease = this.#state.leases[device];
    if (lease === null || lease.absentSince !== null) return null;
    return this.members.get(lease.holder) ?? null;
  }

  /** Who holds a device, be it there or away for a moment; null: nobody. */
  keeperOf(device: Device): Member | null {
    const lease = this.#state.leases[device];
    return lease === null ? null : (this.members.get(lease.holder) ?? null);
  }

  /** Who holds a device in this very epoch. */
  holderInEpoch(epoch: number): Member | null {
    const leases = Object.values(this.#state.leases);
    const lease = leases.find((each) => each?.epoch === epoch && each.absentSince === null);
    return lease == null ? null : (this.members.get(lease.holder) ?? null);
  }

  /** Another host is controlled from now on, or none. It has been welcomed. */
  setHost(host: ControlledHost | null): void {
    this.#host = host;
    this.#run({ type: 'host-restarted' });
  }

  /** Lets a viewer in, as who it was if it proves that; it is welcomed. */
  enter(entrant: Entrant, since: number): Member {
    // Who comes a moment too late is another one.
    this.#endOverdue();
    const known = this.members.returning(entrant);
    known?.moveTo(entrant);
    const member = known ?? this.members.add(entrant, since);
    member.welcome();
    this.#run({ type: 'join', by: member.viewer, rank: entrant.rank });
    return member;
  }

  /** A member calls itself otherwise from now on. */
  rename(member: Member, name: string): void {
    if (!this.members.rename(member, name)) return;
    member.welcome();
    this.#parts.announce(false);
  }

  /** The socket of a member is gone; one that was replaced is nobody's. */
  leave(member: Member, channel: ViewerChannel, departure: Departure): void {
    if (member.channel !== channel) return;
    member.detach();
    const { viewer } = member;
    if (departure === 'lost') this.#run({ type: 'leave', by: viewer });
    else this.#run({ type: 'revoke', to: viewer, why: departure });
  }

  /** Ends the control of those whose socket is lost and who have no right to come back. */
  sweep(reasonToEnd: (grant: Grant) => string | undefined): void {
    for (const { viewer, channel, grant } of [...this.members]) {
      const gone = channel === null && reasonToEnd(grant) !== undefined;
      if (gone) this.#run({ type: 'revoke', to: viewer, why: 'revoked' });
    }
  }

  /** What an administrator wants, by his `sub`. */
  administer(command: ControlCommand, by: string): ControlAnswer {
    return this.#run(command, by);
  }

  /** What a member wants; it is answered. */
  wish(member: Member, wish: ControlWish): void {
    const answer = this.#decide(member, wish);
    const { id } = wish;
    const type = 'control/answer';
    if (answer.kind === 'refused') {
      const { why } = answer;
      this.#book.refused(member, wish.type.slice('control/'.length), why);
      member.send({ type, id, result: 'refused', why, sentence: REFUSAL_SENTENCES[why] });
    } else if (answer.kind === 'queued') {
      member.send({ type, id, result: 'queued', place: answer.place });
    } else {
      member.send({ type, id, result: answer.kind });
    }
  }

  #decide(member: Member, wish: ControlWish): ControlAnswer {
    if (!member.wishes.take(0)) return refused('too-many');
    if (NEED_A_HOST.has(wish.type) && this.devices.length === 0) return refused('no-host');
    const { place, policies } = this.#parts;
    if (wish.type === 'control/policy' && !policies.hasRoomFor(place)) return refused('too-many');
    const command = commandOf(wish, member, this.#state, this.devices);
    if ('devices' in command && command.devices.length === 0) return refused('no-host');
    return this.#run(command);
  }

  #run(command: ControlCommand, by: string | null = null): ControlAnswer {
    if (this.#isOver) return refused('not-present');
    return this.#step(command, this.#endOverdue(), by);
  }

  /** What time ends is a step of its own, so that it is told as such; returns the time. */
  #endOverdue(): number {
    const nowMs = this.#parts.now();
    if (this.#isOver) return nowMs;
    if ((nextEndMs(this.#state) ?? Infinity) <= nowMs) this.#step({ type: 'tick' }, nowMs, null);
    return nowMs;
  }

  #step(command: ControlCommand, nowMs: number, by: string | null): ControlAnswer {
    const before = this.#state;
    const { state, answer, release } = arbitrate(before, command, nowMs);
    this.#state = state;
    if (release.length > 0) {
      if (this.devices.length > 0) this.#host?.send(leasesMessage(state, this.members));
      this.#parts.released(release);
    }
    if (state.policy !== before.policy) this.#parts.policies.keep(this.#parts.place, state.policy);
    this.#book.note({ before, command, after: state, nowMs }, by);
    const isHostNews = command.type === 'host-restarted';
    if (isHostNews || !saysTheSame(before, state)) {
      this.#parts.announce(isHostNews || release.length > 0 || state.policy !== before.policy);
    }
    this.#forgetGone();
    this.#wakeAtNextEnd();
    if (command.type !== 'used') this.#parts.changed?.();
    return answer;
  }

  /** Whom the arbiter does not know any more. */
  #forgetGone(): void {
    const { present, absent } = this.#state;
    if (present.size + absent.size === this.members.size) return;
    for (const member of this.members) {
      if (!present.has(member.viewer) && !absent.has(member.viewer)) this.members.delete(member);
    }
    if (this.isEmpty) this.#parts.emptied();
  }

  #wakeAtNextEnd(): void {
    clearTimeout(this.#timer);
    const end = nextEndMs(this.#state);
    if (end === null) return;
    const waitMs = Math.min(Math.max(0, Math.ceil(end - this.#parts.now())), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#run({ type: 'tick' }), waitMs).unref();
  }
}

/** Node counts them in 31 bits. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const NOBODYS: HostCommand = {
  type: 'control/leases',
  leases: { pointer: null, keyboard: null, gamepad: null },
};

const refused = (why: ControlRefusal): ControlAnswer => ({ kind: 'refused', why });
