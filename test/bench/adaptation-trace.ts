import type { EncodedPicture, HostFigures } from '../../gateway/protocol/host.ts';
import type { FrameRecord } from './latency-frames.ts';

/** One quarter of a second of a run. */
export interface TraceSample {
  readonly seconds: number;
  readonly uplinkKbps: number;
  /** What left the bottleneck. */
  readonly deliveredKbps: number;
  readonly picture: EncodedPicture;
  /** As the host told last. */
  readonly figures: HostFigures | null;
}

interface Timed<T> {
  readonly seconds: number;
  readonly value: T;
}

/** What happened in one run: the network, the host's choices, the viewer's frames. */
export class AdaptationTrace {
  readonly samples: TraceSample[] = [];
  readonly pictures: Timed<EncodedPicture>[] = [];
  /** Of each presented frame: when, and how old; null: illegible. */
  readonly frames: Timed<number | null>[] = [];
  sessions = 0;
  #startedAtMs = Date.now();
  #bytes = 0;
  #uplinkKbps = Infinity;
  #figures: HostFigures | null = null;

  begin(bytes: number): void {
    this.#startedAtMs = Date.now();
    this.#bytes = bytes;
    const last = this.pictures.at(-1)?.value;
    this.pictures.splice(0);
    if (last !== undefined) this.pictureTold(last);
  }

  uplinkChanged(kbps: number): void {
    this.#uplinkKbps = kbps;
  }

  hostTold(figures: HostFigures): void {
    this.#figures = figures;
  }

  pictureTold(picture: EncodedPicture): void {
    this.pictures.push({ seconds: this.#seconds(Date.now()), value: picture });
  }

  sample(bytes: number): void {
    const seconds = this.#seconds(Date.now());
    const since = seconds - (this.samples.at(-1)?.seconds ?? 0);
    const picture = this.pictures.at(-1)?.value;
    if (picture === undefined || since <= 0) return;
    this.samples.push({
      seconds,
      uplinkKbps: this.#uplinkKbps,
      deliveredKbps: ((bytes - this.#bytes) * 8) / 1000 / since,
      picture,
      figures: this.#figures,
    });
    this.#bytes = bytes;
  }

  watched({ frames, presented }: FrameRecord, sessions: number): void {
    this.sessions = sessions;
    const ages = new Map(
      frames.map(({ seenAtMs, paintedAtMs }) => [seenAtMs, seenAtMs - paintedAtMs]),
    );
    for (const { seenAtMs: atMs } of presented) {
      this.frames.push({ seconds: this.#seconds(atMs), value: ages.get(atMs) ?? null });
    }
  }

  /** The longest time without a new frame, ms; the end counts as one. */
  longestGapMs(fromSeconds: number, untilSeconds: number): number {
    const shown = this.frames.map(({ seconds }) => seconds);
    const before = shown.filter((seconds) => seconds < fromSeconds).at(-1) ?? fromSeconds;
    const inside = shown.filter((seconds) => seconds >= fromSeconds && seconds < untilSeconds);
    const marks = [before, ...inside, Math.max(untilSeconds, inside.at(-1) ?? 0)];
    return (
      1000 * Math.max(...marks.slice(1).map((seconds, at) => seconds - (marks[at] ?? seconds)))
    );
  }

  /** Times without a new frame for longer than this. */
  freezes(longerThanMs: number): number {
    return this.frames.filter(
      ({ seconds }, at) =>
        at > 0 && 1000 * (seconds - (this.frames[at - 1]?.seconds ?? seconds)) > longerThanMs,
    ).length;
  }

  /** Ages of the frames that were presented in a while, ms. */
  ages(fromSeconds: number, untilSeconds: number): number[] {
    return this.frames
      .filter(({ seconds }) => seconds >= fromSeconds && seconds < untilSeconds)
      .map(({ value }) => value)
      .filter((value) => value !== null);
  }

  /** Seconds from a moment until a picture is told that is so; NaN: never. */
  secondsUntil(fromSeconds: number, is: (picture: EncodedPicture) => boolean): number {
    const found = this.pictures.find(({ seconds, value }) => seconds >= fromSeconds && is(value));
    return found === undefined ? Number.NaN : found.seconds - fromSeconds;
  }

  /** Changes of size or rate. */
  shapes(): readonly string[] {
    const shapes = this.pictures.map(
      ({ seconds, value: { width, height, fps } }) =>
        [`${width}x${height}@${fps}`, seconds.toFixed(1)] as const,
    );
    return shapes
      .filter(([shape], at) => shape !== shapes[at - 1]?.[0])
      .map(([shape, at]) => `${shape} at ${at} s`);
  }

  /** One line per sample, for a spreadsheet. */
  toCsv(name: string): string {
    return this.samples
      .map(({ seconds, uplinkKbps, deliveredKbps, picture, figures }, at) => {
        const from = this.samples[at - 1]?.seconds ?? 0;
        const ages = this.ages(from, seconds);
        const shown = this.frames.filter((one) => one.seconds >= from && one.seconds < seconds);
        const { width, height, fps, bitrateKbps } = picture;
        const rate = shown.length / (seconds - from);
        return [
          name,
          seconds.toFixed(2),
          uplinkKbps,
          deliveredKbps.toFixed(0),
          bitrateKbps,
          `${width}x${height}`,
          fps,
          rate.toFixed(1),
          ages.length === 0 ? '' : Math.max(...ages).toFixed(0),
          figures?.queueMs ?? '',
          figures?.resent ?? '',
          figures?.keyframeRequests ?? '',
        ].join(',');
      })
      .join('\n');
  }

  #seconds(atMs: number): number {
    return (atMs - this.#startedAtMs) / 1000;
  }
}

export const CSV_HEAD =
  'run,seconds,uplink_kbps,delivered_kbps,target_kbps,size,fps,seen_fps,latency_max_ms,queue_ms,resent,keyframe_requests';
