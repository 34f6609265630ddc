/** To a process of viewers of media; each is answered by a `CrowdSight`. */
export type ToMediaCrowd =
  | {
      readonly type: 'join';
      readonly url: string;
      readonly token: string;
      readonly viewers: number;
      /** What each reads; as fast as it can without. */
      readonly bitsPerSecond: number | null;
    }
  | { readonly type: 'measure'; readonly ms: number };

/** What a crowd saw since the last message. */
export interface CrowdSight {
  readonly open: number;
  /** How old each complete picture was when it was here, ms. */
  readonly agesMs: readonly number[];
  readonly bytes: number;
  readonly closed: readonly string[];
}

/** To a process that publishes. */
export type ToMediaFeed =
  | { readonly type: 'publish'; readonly url: string; readonly token: string | null }
  | { readonly type: 'report' };

/** What a publisher did since the last message. */
export interface FeedDone {
  readonly pictures: number;
  readonly keys: number;
  readonly bytes: number;
}

/** Microseconds since 1970, of the machine's one clock. */
export const nowUs = (): number => Math.round((performance.timeOrigin + performance.now()) * 1000);
