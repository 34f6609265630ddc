import type { StripeCodec } from '../../../gateway/protocol/media/stripe.ts';
import { plausible } from '../clock-latency.ts';
import type { Size } from '../picture-box.ts';
import type { PlayerCounters } from '../player-report.ts';
import { bitrateBps } from '../stats-entry.ts';
import type { WatchStats } from '../watch-stats.ts';
import type { PaintablePicture } from './picture-queue.ts';
import type { SoundFigures } from './sound-decoder.ts';

const CODEC_NAMES: Readonly<Record<StripeCodec, string>> = { jpeg: 'JPEG', h264: 'H264' };
/** A picture that was on its way for so much longer than the quickest shows that nothing moved. */
const FREEZE_MS = 250;
/** A picture that is so much older stood still, and was missed or waited for. */
const LONGEST_FREEZE_MS = 5_000;
/** A path that has become longer is the usual one after some time: so much for each picture. */
const LEAK_MS = 0.5;
/** RFC 3550 §6.4.1. */
const JITTER_SHARE = 1 / 16;

/** Counts what comes in one session and what becomes of it. */
export class StripesFigures {
  readonly #session: string;
  #bytes = 0;
  #messages = 0;
  #received = 0;
  #painted = 0;
  #dropped = 0;
  #decodeMs = 0;
  #jitterMs = 0;
  #freezes = 0;
  #freezeMs = 0;
  #isFrozen = false;
  #transitMs: number | null = null;
  #quickestMs = Infinity;
  #paintedAtMs = 0;
  #latencyMs: number | null = null;
  #codec: StripeCodec | null = null;
  #before: { readonly bytes: number; readonly painted: number; readonly atMs: number } | null =
    null;

  constructor(session: string) {
    this.#session = session;
  }

  handleMessage(bytes: number): void {
    this.#messages += 1;
    this.#bytes += bytes;
  }

  handleStripe(codec: StripeCodec): void {
    this.#codec = codec;
  }

  /** All times in milliseconds since 1970. */
  handlePainted(
    { capturedAtUs, arrivedAtMs, pictures }: PaintablePicture<unknown>,
    atMs: number,
  ): void {
    this.#received += pictures;
    this.#painted += 1;
    this.#dropped += pictures - 1;
    this.#decodeMs += atMs - arrivedAtMs;
    this.#latencyMs = atMs - capturedAtUs / 1000;
    this.#measureTransit(arrivedAtMs - capturedAtUs / 1000, atMs);
    this.#paintedAtMs = atMs;
  }

  /** Pictures that were given up. */
  handleDropped(pictures: number): void {
    this.#received += pictures;
    this.#dropped += pictures;
  }

  stats(size: Size | null, sound: SoundFigures, atMs: number): WatchStats {
    const now = { bytes: this.#bytes, painted: this.#painted, atMs };
    const before = this.#before;
    this.#before = now;
    const seconds = before === null ? 0 : (atMs - before.atMs) / 1000;
    return {
      atMs,
      bytesReceived: this.#bytes,
      bitrateBps: bitrateBps(now, before),
      framesPerSecond:
        before === null || seconds <= 0 ? null : (now.painted - before.painted) / seconds,
      width: size?.width ?? null,
      height: size?.height ?? null,
      videoCodec: this.#codec === null ? null : CODEC_NAMES[this.#codec],
      audioCodec: sound.packets > 0 ? 'opus' : null,
      jitterBufferMs: sound.depthMs,
      jitterMs: null,
      roundTripMs: null,
      path: null,
      latencyMs: plausible(this.#latencyMs),
      soundLateMs: sound.skewMs,
      packetsLost: sound.lost,
      packetsReceived: this.#messages,
      freezes: this.#freezes,
      framesDropped: this.#dropped,
      progress: this.#painted + sound.packets,
      jitterBuffer: { delaySeconds: 0, emitted: 0 },
    };
  }

  counters(sound: SoundFigures, atMs: number): PlayerCounters {
    return {
      atMs,
      id: this.#session,
      packetsReceived: this.#messages,
      packetsLost: sound.lost,
      jitterSeconds: this.#jitterMs / 1000,
      framesReceived: this.#received,
      framesDecoded: this.#painted,
      framesDropped: this.#dropped,
      decodeSeconds: this.#decodeMs / 1000,
      freezes: this.#freezes,
      freezeSeconds: this.#freezeMs / 1000,
      latencyMs: plausible(this.#latencyMs),
    };
  }

  #measureTransit(transitMs: number, atMs: number): void {
    const before = this.#transitMs;
    this.#transitMs = transitMs;
    this.#quickestMs = Math.min(this.#quickestMs + LEAK_MS, transitMs);
    if (before === null) return;
    this.#jitterMs += (Math.abs(transitMs - before) - this.#jitterMs) * JITTER_SHARE;
    const lateMs = transitMs - this.#quickestMs;
    const wasFrozen = this.#isFrozen;
    this.#isFrozen = lateMs > FREEZE_MS && lateMs < LONGEST_FREEZE_MS;
    if (!this.#isFrozen) return;
    if (!wasFrozen) this.#freezes += 1;
    this.#freezeMs += Math.max(0, Math.min(lateMs, atMs - this.#paintedAtMs));
  }
}
