import { h264CodecOf } from './h264-level.ts';
import { sizeOf } from './picture-encoder.ts';
import type {
  EncodeOrder,
  EncoderEvents,
  EncoderSettings,
  Picture,
  PictureEncoder,
} from './picture-encoder.ts';

/** Pictures that it may have under way. */
const UNDER_WAY = 2;

/** A member that browsers know and TypeScript's DOM does not. */
interface HintedConfig extends VideoEncoderConfig {
  readonly contentHint: 'detail' | 'motion';
}

/** Whether this browser encodes H.264 so. */
export async function encodesH264(settings: EncoderSettings): Promise<boolean> {
  const config = configOf(settings);
  if (typeof VideoEncoder === 'undefined' || config === null) return false;
  try {
    return (await VideoEncoder.isConfigSupported(config)).supported === true;
  } catch {
    return false;
  }
}

/** Whole pictures as H.264 in Annex B, parameter sets before each key frame; one row. */
export class H264Encoder implements PictureEncoder {
  readonly codec = 'h264';
  readonly #encoder: VideoEncoder;
  readonly #events: EncoderEvents;
  /** By capture time, which the encoder hands through as timestamp. */
  readonly #refined = new Set<number>();
  #settings: EncoderSettings;

  constructor(settings: EncoderSettings, events: EncoderEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#encoder = new VideoEncoder({
      output: (chunk) => this.#hand(chunk),
      error: (cause) => events.failed(String(cause)),
    });
    this.adjust(settings);
  }

  get isBusy(): boolean {
    return this.#encoder.encodeQueueSize >= UNDER_WAY;
  }

  encode(picture: Picture, { capturedAtUs, isKey, isRefined }: EncodeOrder): void {
    if (this.#encoder.state !== 'configured') return;
    if (isRefined) this.#refined.add(capturedAtUs);
    const frame = new VideoFrame(picture, this.#frameInit(picture, capturedAtUs));
    this.#encoder.encode(frame, { keyFrame: isKey });
    frame.close();
  }

  adjust(settings: EncoderSettings): void {
    this.#settings = settings;
    const config = configOf(settings);
    if (config !== null && this.#encoder.state !== 'closed') this.#encoder.configure(config);
  }

  close(): void {
    if (this.#encoder.state !== 'closed') this.#encoder.close();
  }

  /** One pixel is cut off where a side is odd: to scale by so little would blur text. */
  #frameInit(picture: Picture, timestamp: number): VideoFrameInit {
    const { width, height } = sizeOf(picture);
    const isCut =
      (width % 2 === 1 || height % 2 === 1) &&
      width - this.#settings.width <= 1 &&
      height - this.#settings.height <= 1;
    if (!isCut) return { timestamp };
    const visibleRect = { x: 0, y: 0, width: this.#settings.width, height: this.#settings.height };
    return { timestamp, visibleRect };
  }

  #hand(chunk: EncodedVideoChunk): void {
    const payload = new Uint8Array(chunk.byteLength);
    chunk.copyTo(payload);
    const capturedAtUs = chunk.timestamp;
    const isKey = chunk.type === 'key';
    this.#events.encoded({
      capturedAtUs,
      isKey,
      isRefined: this.#refined.delete(capturedAtUs),
      stripes: [{ y: 0, rows: this.#settings.height, isKey, payload }],
      unchanged: 0,
    });
  }
}

function configOf({
  width,
  height,
  framesPerSecond,
  bitrateBps,
  hint,
}: EncoderSettings): HintedConfig | null {
  const codec = h264CodecOf(width, height, framesPerSecond);
  if (codec === null) return null;
  return {
    codec,
    width,
    height,
    framerate: framesPerSecond,
    bitrate: bitrateBps,
    bitrateMode: 'variable',
    latencyMode: 'realtime',
    avc: { format: 'annexb' },
    contentHint: hint,
  };
}
