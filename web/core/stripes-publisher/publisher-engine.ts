import type {
  MediaPublisherEvent,
  MediaReport,
} from '../../../gateway/protocol/media/media-messages.ts';
import type { BrowserPort } from '../browser-port.ts';
import type { KeeperState } from '../session-keeper.ts';
import { CaptureClock } from './capture-clock.ts';
import { encodedSize } from './picture-encoder.ts';
import type { Picture } from './picture-encoder.ts';
import { PictureStream } from './picture-stream.ts';
import type { PictureStreamParts } from './picture-stream.ts';
import { PublishSocket } from './publish-socket.ts';
import { RateRule } from './rate-rule.ts';
import type { RateLimits } from './rate-rule.ts';
import { SoundStream } from './sound-stream.ts';
import type { StripesFigures } from './worker-messages.ts';
import type { TokenSource } from '../token-source.ts';

/** What an engine needs of where it runs, and whom it tells. */
export interface EngineParts extends Pick<PictureStreamParts, 'createEncoder' | 'nowMs'> {
  readonly url: string;
  readonly token: TokenSource;
  readonly limits: RateLimits;
  readonly port: Pick<BrowserPort, 'openWebSocket' | 'random'>;
  readonly onState: (state: KeeperState) => void;
  readonly onFigures: (figures: StripesFigures) => void;
  /** Whether pictures are wanted at this moment, and how many a second. */
  readonly onWanted: (framesPerSecond: number) => void;
}

const FIGURES_MS = 1_000;
/** Told also when nothing is encoded, so that a connection that is gone is noticed. */
const IDLE_SECONDS = 5;
/** What may wait for the network before a picture is left out: so much of the bitrate, and no less than this. */
const BACKLOG_SECONDS = 0.15;
const LEAST_BACKLOG_BYTES = 32 * 1024;
/** Sound is small: it is left out much later. */
const SOUND_PATIENCE = 6;
const NOBODY = { picture: 0, sound: 0 };

/** A presenter's side of media over a WebSocket: encodes what is wanted, as the way bears it. */
export class PublisherEngine {
  readonly #parts: EngineParts;
  readonly #socket: PublishSocket;
  readonly #pictures: PictureStream;
  readonly #sound: SoundStream;
  readonly #clock = new CaptureClock();
  readonly #rule: RateRule;
  #demand = NOBODY;
  #report: MediaReport | null = null;
  #bytesSent = 0;
  #idleSeconds = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#rule = new RateRule(parts.limits);
    this.#socket = new PublishSocket({
      ...{ url: parts.url, token: parts.token, nowMs: parts.nowMs },
      openWebSocket: parts.port.openWebSocket,
      random: parts.port.random,
      onState: (state) => this.#handleState(state),
      onEvent: (event) => this.#handle(event),
    });
    const shared = {
      nowMs: parts.nowMs,
      send: (message: Uint8Array<ArrayBuffer>) => this.#socket.send(message),
    };
    this.#pictures = new PictureStream({
      ...shared,
      createEncoder: parts.createEncoder,
      isUplinkFull: () => this.#socket.bufferedBytes > this.#backlogBytes,
      settingsFor: (size) => {
        const { scale, ...rates } = this.#rule.choice;
        return { ...encodedSize(size, scale), ...rates, hint: this.#limits.hint };
      },
    });
    this.#sound = new SoundStream({
      ...shared,
      isUplinkFull: () => this.#socket.bufferedBytes > this.#backlogBytes * SOUND_PATIENCE,
    });
    this.#limits = parts.limits;
  }

  #limits: RateLimits;

  /** Connects; encodes once somebody wants it. */
  start(): void {
    this.#socket.open();
    this.#timer = setInterval(() => this.#tell(), FIGURES_MS);
  }

  /** Takes a picture over; `timestampUs` by its track's clock, null: it is of now. */
  offerPicture(picture: Picture, timestampUs: number | null): void {
    const nowUs = Math.round(this.#parts.nowMs() * 1000);
    if (timestampUs !== null) this.#clock.note(timestampUs, nowUs);
    this.#pictures.offer(
      picture,
      timestampUs === null ? nowUs : this.#clock.capturedAtUs(timestampUs),
    );
  }

  /** Takes a piece of sound over. */
  offerSound(data: AudioData): void {
    this.#sound.offer(data);
  }

  setLimits(limits: RateLimits): void {
    this.#limits = limits;
    this.#rule.setLimits(limits, this.#pictures.capturedSize ?? { width: 1280, height: 720 });
    this.#tellWanted();
  }

  retryNow(): void {
    this.#socket.retryNow();
  }

  startAfresh(): void {
    this.#socket.startAfresh();
  }

  /** Says goodbye and gives everything back. Idempotent. */
  stop(): void {
    clearInterval(this.#timer);
    this.#socket.close();
    this.#rest();
    this.#pictures.close();
    this.#sound.close();
  }

  get #backlogBytes(): number {
    return Math.max(LEAST_BACKLOG_BYTES, (this.#rule.choice.bitrateBps / 8) * BACKLOG_SECONDS);
  }

  #handleState(state: KeeperState): void {
    if (state.kind !== 'live') this.#rest();
    this.#parts.onState(state);
  }

  #rest(): void {
    this.#report = null;
    this.#want(NOBODY);
  }

  #handle(event: MediaPublisherEvent): void {
    switch (event.type) {
      case 'media/welcome':
      case 'media/alive':
        return;
      case 'media/demand':
        this.#want(event);
        return;
      case 'media/key':
        this.#pictures.wishKey();
        return;
      case 'media/report':
        this.#report = event.report;
        return;
      default:
        event satisfies never;
    }
  }

  #want({ picture, sound }: { readonly picture: number; readonly sound: number }): void {
    this.#demand = { picture, sound };
    this.#pictures.want(picture > 0);
    this.#sound.want(sound > 0);
    this.#tellWanted();
  }

  #tellWanted(): void {
    this.#parts.onWanted(this.#demand.picture > 0 ? this.#rule.choice.framesPerSecond : 0);
  }

  #tell(): void {
    const { bytes, heldBack, ...counts } = this.#pictures.figures.read();
    const soundBytes = this.#sound.readBytes();
    const isWanted = this.#demand.picture + this.#demand.sound > 0;
    this.#idleSeconds = isWanted ? 0 : this.#idleSeconds + 1;
    if (isWanted || this.#idleSeconds % IDLE_SECONDS === 0) {
      this.#socket.send({ type: 'media/figures', ...counts });
    }
    if (this.#demand.picture > 0) this.#fit(counts.frames, heldBack);
    this.#bytesSent += bytes + soundBytes;
    const { settings } = this.#pictures;
    const isEncoding = this.#demand.picture > 0 && settings !== null;
    this.#parts.onFigures({
      pictureViewers: this.#demand.picture,
      soundViewers: this.#demand.sound,
      bytesSent: this.#bytesSent,
      bitrateBps: (bytes + soundBytes) * 8,
      framesPerSecond: counts.frames,
      width: isEncoding ? settings.width : null,
      height: isEncoding ? settings.height : null,
      codec: isEncoding ? (this.#pictures.codec?.toUpperCase() ?? null) : null,
      limitation: isEncoding && this.#rule.isHeldBack ? 'bandwidth' : 'none',
    });
  }

  #fit(frames: number, heldBack: number): void {
    const size = this.#pictures.capturedSize;
    if (size === null) return;
    const before = this.#rule.choice.framesPerSecond;
    const offered = frames + heldBack;
    this.#rule.next({
      ...size,
      report: this.#report,
      heldBack: offered === 0 ? 0 : heldBack / offered,
    });
    this.#report = null;
    if (this.#rule.choice.framesPerSecond !== before) this.#tellWanted();
  }
}
