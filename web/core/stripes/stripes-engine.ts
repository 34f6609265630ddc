import { mediaKindOf } from '../../../gateway/protocol/media/media-kind.ts';
import type { MediaWatcherEvent } from '../../../gateway/protocol/media/media-messages.ts';
import { readSound } from '../../../gateway/protocol/media/sound.ts';
import { readStripe } from '../../../gateway/protocol/media/stripe.ts';
import { Observable } from '../observable.ts';
import type { Size } from '../picture-box.ts';
import { localProblem } from '../problem.ts';
import type { WhepState } from '../whep-client.ts';
import type {
  EngineCommand,
  EngineEvent,
  EngineFigures,
  EngineOpening,
} from './engine-messages.ts';
import { createEnginePort } from './engine-port.ts';
import type { EnginePort } from './engine-port.ts';
import { KeyWishes } from './key-wishes.ts';
import { MediaSocket } from './media-socket.ts';
import { PaintReceipts } from './paint-receipts.ts';
import type { PaintablePicture } from './picture-queue.ts';
import { PicturePlayer } from './picture-player.ts';
import { SoundDecoder } from './sound-decoder.ts';
import { StripesFigures } from './stripes-figures.ts';

/** Sound without a picture for so long is all that there is. */
const SOUND_ALONE_MS = 1_000;

/**
 * Plays one source: the WebSocket, the decoders and the canvas. It runs in a worker or in a page, is
 * told what to do, and tells what happens.
 */
export class StripesEngine {
  readonly #tell: (event: EngineEvent) => void;
  readonly #port: EnginePort;
  readonly #socket: MediaSocket;
  readonly #pictures: PicturePlayer;
  readonly #sound: SoundDecoder;
  readonly #receipts: PaintReceipts;
  readonly #keys: KeyWishes;
  readonly #size = new Observable<Size | null>(null);
  readonly #token = new Observable('');
  #figures: StripesFigures | null = null;
  #flow: 'none' | 'flowing' | 'publisher-gone' = 'none';
  #soundAloneTimer: ReturnType<typeof setTimeout> | undefined;
  #soundTold = false;

  constructor(
    { url, token, canvas }: EngineOpening,
    tell: (event: EngineEvent) => void,
    port: EnginePort = createEnginePort(),
  ) {
    this.#tell = tell;
    this.#token.set(token);
    this.#port = port;
    this.#socket = new MediaSocket({
      ...{ port, url, token: this.#token },
      onEvent: (event) => this.#handleEvent(event),
      onBinary: (message) => this.#handleBinary(message),
    });
    this.#keys = new KeyWishes(() => this.#socket.askKey(), port.now);
    this.#receipts = new PaintReceipts({
      send: (frame) => this.#socket.sendPainted(frame),
      onceShown: port.onceShown,
    });
    this.#sound = new SoundDecoder(port.now);
    this.#pictures = new PicturePlayer(
      canvas,
      {
        onPainted: (picture) => this.#handlePainted(picture),
        onDropped: (pictures, frame) => {
          this.#figures?.handleDropped(pictures);
          this.#receipts.painted(frame);
        },
        onBroken: () => this.#keys.wish(),
        onUnsupported: () => this.#socket.fail(localProblem('codec-unsupported')),
      },
      port.now,
    );
    this.#socket.state.subscribe(() => this.#handleSocket());
    this.#size.subscribe(() => tell({ type: 'size', size: this.#size.value }));
  }

  handle(command: EngineCommand): void {
    switch (command.type) {
      case 'start': {
        this.#socket.start();
        return;
      }
      case 'stop':
        this.#socket.stop();
        this.#sound.close();
        this.#soundTold = false;
        return;
      case 'token': {
        this.#token.set(command.token);
        return;
      }
      case 'retry': {
        this.#socket.retryNow();
        return;
      }
      case 'online': {
        this.#socket.startAfresh();
        return;
      }
      case 'want': {
        this.#socket.want(command);
        return;
      }
      case 'sound-port': {
        this.#sound.connect(command.port);
        return;
      }
      case 'sound-latency':
        this.#sound.outputLatencyMs = command.ms;
        return;
      case 'float': {
        this.#pictures.float(command.writable);
        return;
      }
      case 'figures':
        this.#tell({ type: 'figures', id: command.id, figures: this.#readFigures() });
        return;
      default:
        return command satisfies never;
    }
  }

  #handleSocket(): void {
    if (this.#socket.state.value.kind !== 'open') {
      this.#forget();
      this.#figures = null;
      this.#tell({ type: 'session', session: null });
      this.#tell({ type: 'viewers', count: null });
      this.#tell({ type: 'webrtc', webrtc: null });
    }
    this.#tellState();
  }

  #handleEvent(event: MediaWatcherEvent): void {
    switch (event.type) {
      case 'media/welcome':
        this.#figures = new StripesFigures(event.session);
        this.#tell({ type: 'session', session: event.session });
        return;
      case 'media/state':
        this.#tell({ type: 'webrtc', webrtc: event.webrtc });
        this.#handlePublishing(event.publishing);
        return;
      case 'media/viewers':
        this.#tell({ type: 'viewers', count: event.count });
        return;
      case 'media/alive':
        return;
      default:
        return event satisfies never;
    }
  }

  #handlePublishing(publishing: boolean): void {
    const wasGone = this.#flow === 'publisher-gone';
    if (publishing !== wasGone) return;
    if (!publishing) this.#forget();
    this.#setFlow(publishing ? 'none' : 'publisher-gone');
  }

  #handleBinary(message: Uint8Array): void {
    this.#figures?.handleMessage(message.byteLength);
    const kind = mediaKindOf(message);
    if (typeof kind === 'string') return;
    if (kind.kind === 'stripe') this.#handleStripe(message);
    else if (kind.kind === 'sound') this.#handleSound(message);
  }

  #handleStripe(message: Uint8Array): void {
    const stripe = readStripe(message);
    if (typeof stripe === 'string') {
      this.#keys.wish();
      return;
    }
    this.#figures?.handleStripe(stripe.codec);
    this.#pictures.play(stripe);
  }

  #handleSound(message: Uint8Array): void {
    const packet = readSound(message);
    if (typeof packet === 'string') return;
    if (!this.#soundTold) {
      this.#soundTold = true;
      this.#tell({ type: 'sound' });
    }
    this.#sound.decode(packet);
    if (this.#flow === 'none') {
      this.#soundAloneTimer ??= setTimeout(() => this.#setFlow('flowing'), SOUND_ALONE_MS);
    }
  }

  #handlePainted(picture: PaintablePicture<unknown>): void {
    const { frame, capturedAtUs } = picture;
    const atMs = this.#port.now();
    this.#receipts.painted(frame);
    this.#figures?.handlePainted(picture, atMs);
    this.#sound.sync.painted(capturedAtUs, atMs);
    const { size } = this.#pictures;
    if (size !== null) {
      const { width, height } = this.#size.value ?? {};
      if (size.width !== width || size.height !== height) this.#size.set(size);
      this.#setFlow('flowing');
    }
    this.#tell({ type: 'painted', picture: { frame, capturedAtUs, atMs } });
  }

  #setFlow(flow: 'none' | 'flowing' | 'publisher-gone'): void {
    clearTimeout(this.#soundAloneTimer);
    this.#soundAloneTimer = undefined;
    if (flow === this.#flow) return;
    this.#flow = flow;
    this.#tellState();
  }

  /** Of the publication that was: nothing of it fits to the next. */
  #forget(): void {
    clearTimeout(this.#soundAloneTimer);
    this.#soundAloneTimer = undefined;
    this.#flow = 'none';
    this.#pictures.forget();
    this.#receipts.forget();
    this.#keys.reset();
    this.#sound.sync.forget();
  }

  #tellState(): void {
    this.#tell({ type: 'state', state: this.#state });
  }

  get #state(): WhepState {
    const state = this.#socket.state.value;
    if (state.kind !== 'open') return state;
    if (this.#flow === 'publisher-gone') {
      return { kind: 'waiting', sessionKept: true, retryAtMs: null };
    }
    return { kind: this.#flow === 'flowing' ? 'live' : 'connecting' };
  }

  #readFigures(): EngineFigures {
    const figures = this.#figures;
    if (figures === null) return { stats: null, counters: null };
    const atMs = this.#port.now();
    const sound = this.#sound.figures;
    return {
      stats: figures.stats(this.#size.value, sound, atMs),
      counters: figures.counters(sound, atMs),
    };
  }
}
