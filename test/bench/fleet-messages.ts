/** Parent to a process of `fleet-main.ts`. */
export type ToFleet =
  /** Publishes a stream of its own and watches it with probes that count what is missing. */
  | {
      readonly type: 'publish';
      readonly whipUrl: string;
      readonly whepUrl: string;
      readonly probes: number;
      readonly videoBitsPerSecond: number;
    }
  /** Adds viewers that look at nothing. */
  | { readonly type: 'grow'; readonly whepUrl: string; readonly viewers: number }
  /** Whether the publisher's packets leave it. While it is quiet, joins cost little. */
  | { readonly type: 'sound'; readonly loud: boolean }
  | { readonly type: 'count' }
  | { readonly type: 'end' };

/** The answer to each of them. */
export interface FleetCount {
  /** Viewers without probes that are connected now. */
  readonly connected: number;
  /** Joins that failed since the start. */
  readonly failed: number;
  readonly firstFailure: string | null;
  /** RTP packets published, and the video ones among them. */
  readonly published: number;
  readonly publishedVideo: number;
  /** Video packets that reached the probes, and that did not. */
  readonly probed: number;
  readonly missing: number;
  /** How long the newest packet of the probes was under way. */
  readonly lateMs: number;
}
