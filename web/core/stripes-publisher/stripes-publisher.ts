import type { BrowserPort } from '../browser-port.ts';
import { createBrowserPort } from '../browser-port.ts';
import { Observable } from '../observable.ts';
import { localProblem } from '../problem.ts';
import type { KeeperState } from '../session-keeper.ts';
import { PageFeed } from './page-feed.ts';
import type { RateLimits } from './rate-rule.ts';
import { piecesOf } from './track-processor.ts';
import type {
  PictureFeed,
  PublisherNews,
  PublisherOrder,
  StripesFigures,
} from './worker-messages.ts';
import { onNewToken, tokenNow } from '../token-source.ts';
import type { TokenSource } from '../token-source.ts';

/** How to publish one source by WebSocket. */
export interface StripesPublisherOptions {
  /** Absolute `ws:` or `wss:` URL of `/ws/media/:room/:source?`. */
  readonly url: string;
  readonly token: TokenSource;
  /** At most one audio and one video track are sent; they stay the caller's to stop. */
  readonly stream: MediaStream;
  readonly limits: RateLimits;
}

/** Until the worker's goodbye is on its way. */
const FAREWELL_MS = 1_000;

/**
 * Publishes one stream over a WebSocket: connected from `start` to `stop`, encoding only while the
 * gateway says that somebody wants it. The work is done in a worker.
 */
export class StripesPublisher {
  readonly state = new Observable<KeeperState>({ kind: 'idle' });
  /** Of the last second; null before the first. */
  readonly figures = new Observable<StripesFigures | null>(null);
  readonly #options: StripesPublisherOptions;
  readonly #port: BrowserPort;
  readonly #tracks: Map<'audio' | 'video', MediaStreamTrack>;
  #limits: RateLimits;
  #worker: Worker | null = null;
  #workerProcesses = false;
  #feed: PageFeed | null = null;
  #offWindow: readonly (() => void)[] = [];

  constructor(options: StripesPublisherOptions, port: BrowserPort = createBrowserPort()) {
    this.#options = options;
    this.#port = port;
    this.#limits = options.limits;
    this.#tracks = firstTracks(options.stream);
  }

  /** Begins, also again after an end; ignored while running. */
  start(): void {
    if (this.#worker !== null) return;
    this.state.set({ kind: 'connecting' });
    const worker = openWorker();
    if (worker === null) {
      this.#fail('This browser runs no module workers.');
      return;
    }
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<PublisherNews>) => this.#hear(data);
    worker.onerror = ({ message }) => this.#fail(message);
    this.#offWindow = [
      this.#port.onWindowEvent('pagehide', () => this.stop()),
      this.#port.onWindowEvent('online', () => this.#order({ type: 'refresh' })),
      onNewToken(this.#options.token, (token) => this.#order({ type: 'token', token })),
    ];
  }

  /** Ends it and tells the gateway; the tracks stay with the caller. Idempotent. */
  stop(): void {
    if (this.#worker === null) return;
    this.#release();
    this.state.set({ kind: 'stopped' });
  }

  /** Cuts a back-off short. */
  retryNow(): void {
    this.#order({ type: 'retry' });
  }

  /** Changes what may be sent; holds at once. */
  setLimits(limits: RateLimits): void {
    this.#limits = limits;
    this.#order({ type: 'limits', limits });
  }

  /** Sends another track of the same kind in place of the present one. */
  replaceTrack(track: MediaStreamTrack): void {
    this.#tracks.set(track.kind === 'audio' ? 'audio' : 'video', track);
    if (this.#worker !== null) this.#feedTracks();
  }

  #hear(news: PublisherNews): void {
    switch (news.type) {
      case 'ready':
        this.#begin(news.abilities.processesTracks);
        return;
      case 'state':
        this.#handleState(news.state);
        return;
      case 'figures':
        this.figures.set(news.figures);
        return;
      case 'picture-due':
        void this.#sendPicture();
        return;
      default:
        news satisfies never;
    }
  }

  #begin(workerProcesses: boolean): void {
    this.#workerProcesses = workerProcesses;
    const { url, token } = this.#options;
    this.#order({ type: 'start', url, token: tokenNow(token), limits: this.#limits });
    this.#feedTracks();
  }

  #handleState(state: KeeperState): void {
    if (state.kind === 'failed') this.#release();
    if (state.kind !== 'stopped') this.state.set(state);
  }

  #feedTracks(): void {
    const video = this.#tracks.get('video');
    this.#feed?.close();
    this.#feed = null;
    if (video !== undefined) this.#feedPictures(video);
    const audio = this.#tracks.get('audio');
    const sound = audio === undefined ? null : piecesOf<AudioData>(audio);
    this.#order({ type: 'sound', from: sound }, sound === null ? [] : [sound]);
  }

  /** Chromium processes tracks in pages, Safari in workers, Firefox nowhere. */
  #feedPictures(track: MediaStreamTrack): void {
    const stream = piecesOf<VideoFrame>(track);
    if (stream !== null) {
      this.#order({ type: 'pictures', from: { kind: 'stream', stream } }, [stream]);
      return;
    }
    if (this.#workerProcesses && this.#handOver(track.clone())) return;
    this.#feed = new PageFeed(track);
    this.#order({ type: 'pictures', from: { kind: 'page' } });
  }

  #handOver(track: MediaStreamTrack): boolean {
    try {
      const from: PictureFeed = { kind: 'track', track };
      this.#order({ type: 'pictures', from }, [track]);
      return true;
    } catch {
      track.stop();
      return false;
    }
  }

  async #sendPicture(): Promise<void> {
    const picture = await this.#feed?.take().catch(() => null);
    if (picture == null) return;
    if (this.#worker === null) picture.close();
    else this.#order({ type: 'picture', picture }, [picture]);
  }

  #order(order: PublisherOrder, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(order, transfer);
  }

  #fail(detail: string): void {
    this.#release();
    this.state.set({ kind: 'failed', problem: localProblem('answer-rejected', detail) });
  }

  /** The worker says goodbye before it goes. */
  #release(): void {
    const worker = this.#worker;
    this.#worker = null;
    this.#feed?.close();
    this.#feed = null;
    for (const off of this.#offWindow) off();
    this.#offWindow = [];
    this.figures.set(null);
    if (worker === null) return;
    worker.onmessage = null;
    worker.onerror = null;
    const farewell: PublisherOrder = { type: 'stop' };
    worker.postMessage(farewell);
    setTimeout(() => worker.terminate(), FAREWELL_MS);
  }
}

function openWorker(): Worker | null {
  try {
    return new Worker(new URL('./publisher-worker.ts', import.meta.url), { type: 'module' });
  } catch {
    return null;
  }
}

function firstTracks(stream: MediaStream): Map<'audio' | 'video', MediaStreamTrack> {
  const tracks = new Map<'audio' | 'video', MediaStreamTrack>();
  const [audio] = stream.getAudioTracks();
  const [video] = stream.getVideoTracks();
  if (audio !== undefined) tracks.set('audio', audio);
  if (video !== undefined) tracks.set('video', video);
  return tracks;
}
