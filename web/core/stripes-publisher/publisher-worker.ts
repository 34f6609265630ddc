import { EncoderChoice } from './encoder-choice.ts';
import { PublisherEngine } from './publisher-engine.ts';
import { piecesOf, processesTracks } from './track-processor.ts';
import { Observable } from '../observable.ts';
import { TrackReader } from './track-reader.ts';
import type { PictureFeed, PublisherNews, PublisherOrder } from './worker-messages.ts';

/** The end of a page's channel to its worker; TypeScript's DOM knows windows only. */
interface WorkerScope {
  postMessage(news: PublisherNews): void;
  onmessage: ((event: MessageEvent<PublisherOrder>) => void) | null;
}

/** Runs an engine for a page, off its main thread and not slowed down behind other pages. */
class PublisherWorker {
  readonly #scope: WorkerScope;
  readonly #token = new Observable('');
  #engine: PublisherEngine | null = null;
  #pictures: TrackReader<VideoFrame> | null = null;
  #sound: TrackReader<AudioData> | null = null;
  #framesPerSecond = 0;
  #isFedByPage = false;
  #ticker: ReturnType<typeof setInterval> | undefined;

  constructor(scope: WorkerScope) {
    this.#scope = scope;
    scope.onmessage = ({ data }) => this.#follow(data);
    scope.postMessage({ type: 'ready', abilities: { processesTracks: processesTracks() } });
  }

  #follow(order: PublisherOrder): void {
    switch (order.type) {
      case 'start':
        this.#start(order);
        return;
      case 'limits':
        this.#engine?.setLimits(order.limits);
        return;
      case 'pictures':
        this.#feedPictures(order.from);
        return;
      case 'token':
        this.#token.set(order.token);
        return;
      case 'sound':
        this.#feedSound(order.from);
        return;
      case 'picture':
        if (this.#engine === null) order.picture.close();
        else this.#engine.offerPicture(order.picture, null);
        return;
      case 'retry':
        this.#engine?.retryNow();
        return;
      case 'refresh':
        this.#engine?.startAfresh();
        return;
      case 'stop':
        this.#stop();
        return;
      default:
        order satisfies never;
    }
  }

  #start({ url, token, limits }: Extract<PublisherOrder, { type: 'start' }>): void {
    this.#token.set(token);
    this.#engine = new PublisherEngine({
      ...{
        url,
        token: this.#token,
        limits,
        nowMs: () => performance.timeOrigin + performance.now(),
      },
      port: {
        openWebSocket: (address, protocols) => new WebSocket(address, [...protocols]),
        random: () => Math.random(),
      },
      createEncoder: new EncoderChoice().create,
      onState: (state) => this.#scope.postMessage({ type: 'state', state }),
      onFigures: (figures) => this.#scope.postMessage({ type: 'figures', figures }),
      onWanted: (framesPerSecond) => {
        this.#framesPerSecond = framesPerSecond;
        this.#tick();
      },
    });
    this.#engine.start();
  }

  #feedPictures(from: PictureFeed | null): void {
    this.#pictures?.stop();
    this.#pictures = null;
    this.#isFedByPage = from?.kind === 'page';
    this.#tick();
    const stream = streamOf(from);
    if (stream === null) return;
    this.#pictures = new TrackReader(stream, (frame) => {
      if (this.#engine === null) frame.close();
      else this.#engine.offerPicture(frame, frame.timestamp);
    });
  }

  #feedSound(from: ReadableStream<AudioData> | null): void {
    this.#sound?.stop();
    this.#sound =
      from === null
        ? null
        : new TrackReader(from, (data) => {
            if (this.#engine === null) data.close();
            else this.#engine.offerSound(data);
          });
  }

  /** Pages' own timers stand still behind other pages. */
  #tick(): void {
    clearInterval(this.#ticker);
    if (!this.#isFedByPage || this.#framesPerSecond === 0) return;
    this.#ticker = setInterval(
      () => this.#scope.postMessage({ type: 'picture-due' }),
      1000 / this.#framesPerSecond,
    );
  }

  #stop(): void {
    this.#feedPictures(null);
    this.#feedSound(null);
    this.#engine?.stop();
    this.#engine = null;
  }
}

function streamOf(from: PictureFeed | null): ReadableStream<VideoFrame> | null {
  if (from === null || from.kind === 'page') return null;
  return from.kind === 'stream' ? from.stream : piecesOf<VideoFrame>(from.track);
}

new PublisherWorker(globalThis);
