/** One who watches or publishes the source `main` of a room. */
export interface Person {
  readonly name: string;
  readonly room: string;
  readonly token: string;
}

/** Parent to a process of `crowd-main.ts`; each is answered with a {@link CrowdReport}. */
export type ToCrowd =
  | { readonly type: 'publish'; readonly url: string; readonly people: readonly Person[] }
  | { readonly type: 'watch'; readonly url: string; readonly people: readonly Person[] }
  /** From now one of the viewers leaves so often, and comes again after a moment; 0: none any more. */
  | { readonly type: 'churn'; readonly perSecond: number; readonly seed: number }
  | { readonly type: 'report' }
  /** All leave, and say so. */
  | { readonly type: 'leave' }
  | { readonly type: 'end' };

/** A time without a new picture, epoch milliseconds. */
export interface Outage {
  readonly person: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A session that ended otherwise than by its person's wish. */
export interface EndedSession {
  readonly person: string;
  readonly kind: 'publish' | 'watch';
  readonly atMs: number;
  /** Media port of its node; null: it never had an answer. */
  readonly nodePort: number | null;
  readonly code: string;
  readonly detail: string;
}

export interface CrowdReport {
  /** From each wish to watch to the first picture, since the last report, ms. */
  readonly joinsMs: readonly number[];
  readonly outages: readonly Outage[];
  readonly ended: readonly EndedSession[];
  /** Viewers that want to watch now, and those of them whose picture moves. */
  readonly watching: number;
  readonly playing: number;
  /** Those without a picture for longer than a join should take. */
  readonly late: number;
  readonly publishing: number;
  readonly sending: number;
  /** Who gave up, and why. */
  readonly failed: readonly string[];
  /** Who is late or does not publish, and what its client says. */
  readonly waiting: readonly string[];
}
