/** Parent to a process of `input-crowd-main.ts`. */
export type ToCrowd =
  /** Opens viewer sockets on a room. */
  | {
      readonly type: 'join';
      readonly url: string;
      readonly token: string;
      readonly viewers: number;
    }
  /** Answered once all have heard that this epoch is held, with when the last one and each did. */
  | { readonly type: 'await'; readonly epoch: number }
  | { readonly type: 'count' };

export interface CrowdCount {
  readonly open: number;
  readonly failed: number;
  /** Positions of the cursor that were heard since the last answer. */
  readonly positions: number;
  /** When each heard of the awaited epoch, `Date.now()` with fractions. */
  readonly heardAt: readonly number[];
}

/** Milliseconds since 1970 on the clock that all processes share, with fractions. */
export const nowMs = (): number => performance.timeOrigin + performance.now();
