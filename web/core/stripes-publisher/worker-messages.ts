import type { KeeperState } from '../session-keeper.ts';
import type { Picture } from './picture-encoder.ts';
import type { RateLimits } from './rate-rule.ts';

/** What leaves by WebSocket, in the last second. */
export interface StripesFigures {
  /** Of the gateway's demand: how many want the picture, and the sound. */
  readonly pictureViewers: number;
  readonly soundViewers: number;
  readonly bytesSent: number;
  readonly bitrateBps: number;
  readonly framesPerSecond: number;
  /** Of the encoded picture; null before the first. */
  readonly width: number | null;
  readonly height: number | null;
  /** `H264` or `JPEG`; null while nothing is encoded. */
  readonly codec: string | null;
  readonly limitation: 'none' | 'bandwidth';
}

/** What a browser can do in a worker. */
export interface WorkerAbilities {
  /** `MediaStreamTrackProcessor` is there. */
  readonly processesTracks: boolean;
}

/** Page to worker. */
export type PublisherOrder =
  | {
      readonly type: 'start';
      readonly url: string;
      readonly token: string;
      readonly limits: RateLimits;
    }
  /** Another for the next connection. */
  | { readonly type: 'token'; readonly token: string }
  | { readonly type: 'limits'; readonly limits: RateLimits }
  /** Another track of its kind, as a stream of what it captures, or itself; null: none any more. */
  | { readonly type: 'pictures'; readonly from: PictureFeed | null }
  | { readonly type: 'sound'; readonly from: ReadableStream<AudioData> | null }
  /** One picture, where browsers give no stream of them. */
  | { readonly type: 'picture'; readonly picture: Picture }
  | { readonly type: 'retry' }
  /** The network is another. */
  | { readonly type: 'refresh' }
  | { readonly type: 'stop' };

/** Where a worker takes pictures from: `page` sends them one by one. */
export type PictureFeed =
  | { readonly kind: 'stream'; readonly stream: ReadableStream<VideoFrame> }
  | { readonly kind: 'track'; readonly track: MediaStreamTrack }
  | { readonly kind: 'page' };

/** Worker to page. */
export type PublisherNews =
  | { readonly type: 'ready'; readonly abilities: WorkerAbilities }
  | { readonly type: 'state'; readonly state: KeeperState }
  | { readonly type: 'figures'; readonly figures: StripesFigures }
  /** Time for a picture, where the page sends them: workers' timers run also behind other pages. */
  | { readonly type: 'picture-due' };
