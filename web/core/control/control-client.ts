import type {
  ControlAnswer,
  ControlEnded,
  ControlPolicyChange,
  ControlState,
  ControlWelcome,
  ControlWish,
  Device,
  ViewerId,
} from '../../../gateway/protocol/control.ts';
import { DEVICES } from '../../../gateway/protocol/control-terms.ts';
import { Observable } from '../observable.ts';
import type { ViewerSocket } from '../viewer-socket.ts';
import { areSame, leasesOf, NO_LEASES } from './leases.ts';
import type { Leases } from './leases.ts';

/** What came of a wish; `unanswered`: nobody knows, `state` will tell. */
export type WishOutcome =
  | Omit<ControlAnswer, 'type' | 'id'>
  | {
      readonly result: 'unanswered';
      readonly why: 'not-connected' | 'connection-lost' | 'timeout';
      readonly sentence: string;
    };

/** What of control is this page's own. */
export interface OwnControl {
  /** What this page holds; empty: nothing. */
  readonly devices: readonly Device[];
  /** In the queue, from 1; null: it does not wait, or behind those who are told by name. */
  readonly place: number | null;
  readonly isWaiting: boolean;
  readonly hasHandUp: boolean;
  /** By `performance.now()`, when the first lease ends; null: no end is known. */
  readonly endsAtMs: number | null;
}

type Wish = ControlWish extends infer W ? (W extends ControlWish ? Omit<W, 'id'> : never) : never;

const NOTHING_OWN: OwnControl = {
  devices: [],
  place: null,
  isWaiting: false,
  hasHandUp: false,
  endsAtMs: null,
};

const ANSWER_MS = 5_000;

const SENTENCES = {
  'not-connected': 'There is no connection to the gateway.',
  'connection-lost': 'The connection to the gateway was lost.',
  timeout: 'The gateway did not answer.',
} as const;

/** Who controls the host that a socket watches, and this page's part in it. */
export class ControlClient {
  /** Holders, queue, hands, policy; null while there is no connection. */
  readonly state: Observable<ControlState | null>;
  /** This page's name and rank; null while there is no connection. */
  readonly you: Observable<ControlWelcome | null>;
  /** Why this page lost control last, though it did not give it away; null: it did not, or has it again. */
  readonly ended = new Observable<ControlEnded | null>(null);
  readonly own = new Observable<OwnControl>(NOTHING_OWN);
  /** In which epochs this page holds which devices. */
  readonly leases = new Observable<Leases>(NO_LEASES);
  readonly #socket: ViewerSocket;
  readonly #waiting = new Map<string, (outcome: WishOutcome) => void>();
  readonly #off: readonly (() => void)[];
  #count = 0;
  #queuedAs: number | null = null;

  constructor(socket: ViewerSocket) {
    this.#socket = socket;
    this.state = socket.control;
    this.you = socket.welcome;
    this.#off = [
      socket.on('control/answer', (answer) => this.#handleAnswer(answer)),
      socket.on('control/ended', (ended) => this.ended.set(ended)),
      socket.control.subscribe(() => this.#handleState()),
      socket.welcome.subscribe(() => this.#handleState()),
    ];
    this.#handleState();
  }

  /** Asks for control; without `devices`: all. `granted` at once, or `queued`. */
  request(devices: readonly Device[] = DEVICES): Promise<WishOutcome> {
    return this.#wish({ type: 'control/request', devices: [...devices] });
  }

  /** Leaves the queue. */
  cancel(): Promise<WishOutcome> {
    return this.#wish({ type: 'control/cancel' });
  }

  /** Gives control away; what is held is let go. */
  release(): Promise<WishOutcome> {
    return this.#wish({ type: 'control/release' });
  }

  /** Takes control from whoever has it; owners and admins. */
  take(devices: readonly Device[] = DEVICES): Promise<WishOutcome> {
    return this.#wish({ type: 'control/take', devices: [...devices] });
  }

  /** Hands control to another. */
  give(to: ViewerId): Promise<WishOutcome> {
    return this.#wish({ type: 'control/give', to });
  }

  /** Sends one who waits away; owners and admins. */
  deny(to: ViewerId): Promise<WishOutcome> {
    return this.#wish({ type: 'control/deny', to });
  }

  raiseHand(): Promise<WishOutcome> {
    return this.#wish({ type: 'control/raise-hand' });
  }

  /** This page's, or that of another: owners and admins. */
  lowerHand(to?: ViewerId): Promise<WishOutcome> {
    return this.#wish({ type: 'control/lower-hand', ...(to === undefined ? {} : { to }) });
  }

  /** Changes the room's policy; owners and admins. */
  setPolicy(policy: ControlPolicyChange): Promise<WishOutcome> {
    return this.#wish({ type: 'control/policy', policy });
  }

  /** Hears no more; what is asked stays unanswered. Idempotent. */
  close(): void {
    for (const off of this.#off) off();
    this.#abandon('not-connected');
  }

  #wish(wish: Wish): Promise<WishOutcome> {
    this.#count += 1;
    const id = `w${this.#count}`;
    const { promise, resolve } = Promise.withResolvers<WishOutcome>();
    if (!this.#socket.send({ ...wish, id })) return Promise.resolve(unanswered('not-connected'));
    const timer = setTimeout(() => this.#settle(id, unanswered('timeout')), ANSWER_MS);
    this.#waiting.set(id, (outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    });
    return promise;
  }

  #settle(id: string, outcome: WishOutcome): void {
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    resolve?.(outcome);
  }

  #handleAnswer({ type: _type, id, ...outcome }: ControlAnswer): void {
    if (outcome.result === 'queued') this.#queuedAs = outcome.place ?? null;
    this.#settle(id, outcome);
  }

  #handleState(): void {
    const [state, you] = [this.state.value, this.you.value?.viewer];
    if (state === null) this.#abandon('connection-lost');
    const leases = leasesOf(state, you);
    this.own.set(state === null || you === undefined ? NOTHING_OWN : this.#own(state, you, leases));
    this.#socket.setControlling(leases !== NO_LEASES);
    if (areSame(leases, this.leases.value)) return;
    if (leases !== NO_LEASES) this.ended.set(null);
    this.leases.set(leases);
  }

  #own(state: ControlState, you: string, leases: Leases): OwnControl {
    const devices = DEVICES.filter((device) => leases[device] !== null);
    const index = state.queue.findIndex(({ viewer }) => viewer === you);
    const isUnnamed = index < 0 && state.queueLength > state.queue.length;
    if (index >= 0 || devices.length > 0 || !isUnnamed) this.#queuedAs = null;
    const left = devices.flatMap((device) => state.holders[device]?.leftMs ?? []);
    return {
      devices,
      place: index >= 0 ? index + 1 : this.#queuedAs,
      isWaiting: index >= 0 || this.#queuedAs !== null,
      hasHandUp: state.hands.some(({ viewer }) => viewer === you),
      endsAtMs: left.length === 0 ? null : performance.now() + Math.min(...left),
    };
  }

  #abandon(why: keyof typeof SENTENCES): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id, unanswered(why));
  }
}

const unanswered = (why: keyof typeof SENTENCES): WishOutcome => ({
  result: 'unanswered',
  why,
  sentence: SENTENCES[why],
});
