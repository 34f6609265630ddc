import type { Size } from '../picture-box.ts';
import type { PlayerCounters } from '../player-report.ts';
import type { WatchStats } from '../watch-stats.ts';
import type { WhepState } from '../whep-client.ts';
import type { PaintedPicture } from './painted-picture.ts';

/** What an engine shows its pictures on: that of a worker, or the page's own. */
export type PaintableCanvas = OffscreenCanvas | HTMLCanvasElement;

/** What a worker is told first, once. */
export interface EngineOpening {
  readonly url: string;
  readonly token: string;
  readonly canvas: PaintableCanvas;
}

/** A worker's first word: its module is there, and it can be given its opening. */
export interface WorkerReady {
  readonly type: 'ready';
}

/** What a page tells its engine, wherever that runs. */
export type EngineCommand =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | { readonly type: 'retry' }
  /** Another for the next connection. */
  | { readonly type: 'token'; readonly token: string }
  /** The network is another: a connection from before may be dead. */
  | { readonly type: 'online' }
  | { readonly type: 'want'; readonly picture: boolean; readonly sound: boolean }
  /** Where decoded sound goes, and how long it takes from there to the ear, ms. */
  | { readonly type: 'sound-port'; readonly port: MessagePort }
  | { readonly type: 'sound-latency'; readonly ms: number }
  /** Pictures go here too, until the next such command. */
  | { readonly type: 'float'; readonly writable: WritableStream<VideoFrame> | null }
  | { readonly type: 'figures'; readonly id: number };

/** What an engine tells its page. */
export type EngineEvent =
  | { readonly type: 'state'; readonly state: WhepState }
  | { readonly type: 'session'; readonly session: string | null }
  | { readonly type: 'viewers'; readonly count: number | null }
  | { readonly type: 'webrtc'; readonly webrtc: boolean | null }
  | { readonly type: 'size'; readonly size: Size | null }
  /** `atMs` since 1970: workers and pages count from different moments. */
  | { readonly type: 'painted'; readonly picture: PaintedPicture }
  /** Sound arrives and has no port yet. */
  | { readonly type: 'sound' }
  | { readonly type: 'figures'; readonly id: number; readonly figures: EngineFigures };

/** Null while nothing plays. */
export interface EngineFigures {
  readonly stats: WatchStats | null;
  readonly counters: PlayerCounters | null;
}
