import type { Codec } from './codec.ts';
import { CLOCK_RATE } from './codec.ts';
import type { LastSent } from './last-sent.ts';
import type { Output } from './output.ts';
import type { Receiver } from './receivers.ts';
import type { RingEntry } from './rtp/packet-ring.ts';
import type { ReceptionReport } from './rtp/rtcp-read.ts';
import type { ResendLimit } from './rtp/resend-limit.ts';
import type { Shift } from './rtp/shift.ts';
import { NO_SHIFT } from './rtp/shift.ts';

/** What a viewer got from one output, and by what it was shifted. */
interface Span {
  readonly output: Output;
  readonly shift: Shift;
}

const REMEMBERED_REPORTS = 4;
const CLOCK = CLOCK_RATE.video;
/** The least step between the last picture of one layer and the first of the next. */
const LEAST_STEP = CLOCK / 1000;
/** Two layers whose clocks lie further apart than this have a clock that is wrong. */
const MOST_STEP = CLOCK * 5;

/** One kind of media on its way to one viewer: a single RTP stream, whichever outputs feed it. */
export class Feed implements Receiver<Output> {
  readonly resendLimit: ResendLimit;
  readonly send: (packet: Buffer) => boolean;
  readonly playoutDelayId: number | null;
  frames = 0;
  readonly #payloadTypes: ReadonlyMap<Codec, number>;
  readonly #now: () => number;
  #span: Span | null = null;
  /** Middle bits and sending time of sender reports that no receiver report has named. */
  #reports: readonly (readonly [middle: number, sentMs: number])[] = [];
  /** The output it is a member of and gets packets from, when that has some. */
  #source: Output | null = null;
  /** Where it is to be; it waits there for a key frame while another output still feeds it. */
  target: Output | null = null;
  /** Since its last report it got another layer: the relation of its clocks is a new one. */
  switched = false;

  constructor(options: {
    readonly payloadTypes: ReadonlyMap<Codec, number>;
    readonly send: (packet: Buffer) => boolean;
    readonly resendLimit: ResendLimit;
    readonly now: () => number;
    readonly playoutDelayId?: number | null;
  }) {
    this.#payloadTypes = options.payloadTypes;
    this.send = options.send;
    this.resendLimit = options.resendLimit;
    this.#now = options.now;
    this.playoutDelayId = options.playoutDelayId ?? null;
  }

  get source(): Output | null {
    return this.#source;
  }

  payloadTypeOf(codec: Codec): number | null {
    return this.#payloadTypes.get(codec) ?? null;
  }

  isFed(): boolean {
    return this.#source !== null;
  }

  join(output: Output, entry: RingEntry | null): Shift {
    const last = this.#span;
    const former = this.#source;
    this.#source = output;
    if (last?.output === output) return last.shift;
    if (former !== null && former !== output) former.remove(this);
    const from = last?.output.last ?? null;
    const shift =
      last === null || from === null || entry === null
        ? NO_SHIFT
        : this.#shiftTo(output, entry, { ...last, position: from });
    this.switched = last !== null;
    this.#span = { output, shift };
    return shift;
  }

  /** Leaves all outputs, at the end or because another publisher comes; the numbers go on. */
  leave(): void {
    this.#source?.remove(this);
    this.target?.remove(this);
    this.#source = null;
    this.target = null;
  }

  /**
   * Repairs one packet by the 16 bits that the viewer's NACK names; false when it is not. What was lost of a former layer
   * stays lost: the key frame has made it useless, and a path that was left for being full has no
   * room for it.
   */
  resend(sequence: number, nowMs: number): boolean {
    const { output, shift } = this.#span ?? {};
    const newest = output?.last?.sequence;
    if (output === undefined || shift === undefined || newest === undefined) return false;
    const own = newest - ((newest + shift.sequence - sequence) & 0xffff);
    return output.resend(this, own, shift, nowMs);
  }

  /** The output that its sender reports are about, and how they are shifted. */
  get reported(): { readonly output: Output | null; readonly shift: Shift } {
    return { output: this.#source ?? this.target, shift: this.#shift };
  }

  /** Sends a sender report, and remembers when. */
  sendReport(report: Buffer, nowMs: number): void {
    this.switched = false;
    // RFC 3550 §4: LSR is the middle of the NTP time.
    this.#reports = [
      ...this.#reports.slice(1 - REMEMBERED_REPORTS),
      [report.readUInt32BE(10), nowMs],
    ];
    this.send(report);
  }

  /** RFC 3550 §6.4.1; once for each sender report, null when it cannot be told. */
  roundTripOf(block: ReceptionReport, nowMs: number): number | null {
    const index = this.#reports.findIndex(([middle]) => middle === block.lastReport);
    const [, sentMs = 0] = this.#reports[index] ?? [];
    if (index < 0) return null;
    this.#reports = this.#reports.slice(index + 1);
    return nowMs - sentMs - (block.sinceLastReport * 1000) / 65_536;
  }

  get #shift(): Shift {
    return this.#span?.shift ?? NO_SHIFT;
  }

  #shiftTo(
    output: Output,
    entry: RingEntry,
    before: Span & { readonly position: LastSent },
  ): Shift {
    const { position, shift } = before;
    const seen = {
      sequence: position.sequence + shift.sequence,
      timestamp: position.timestamp + shift.timestamp,
    };
    return {
      sequence: seen.sequence + 1 - entry.sequence,
      timestamp: this.#timestampShift(output, entry, { ...before, seen: seen.timestamp }),
      picture: next(position.picture?.id, shift.picture, entry.picture?.id),
      tl0: next(position.picture?.tl0, shift.tl0, entry.picture?.tl0),
      from: entry.sequence,
    };
  }

  /** By the publisher's clock where both layers have told it, else by the time that went by. */
  #timestampShift(
    output: Output,
    entry: RingEntry,
    before: Span & { readonly position: LastSent; readonly seen: number },
  ): number {
    const nowMs = this.#now();
    const told = clockDistance(before.output, output, nowMs);
    if (told !== null) {
      const shift = before.shift.timestamp + told;
      const step = (entry.timestamp + shift - before.seen) | 0;
      if (Math.abs(step) < MOST_STEP) return shift + Math.max(0, LEAST_STEP - step);
    }
    const elapsed = Math.round(((nowMs - before.position.atMs) * CLOCK) / 1000);
    return before.seen + Math.max(LEAST_STEP, elapsed) - entry.timestamp;
  }
}

/** What to add to `to`'s RTP time to get `from`'s at the same instant. */
const clockDistance = (from: Output, to: Output, nowMs: number): number | null => {
  const a = from.clockAt(nowMs);
  const b = to.clockAt(nowMs);
  if (a === null || b === null) return null;
  return a.rtp - b.rtp - Math.round(((a.ntpMs - b.ntpMs) * CLOCK) / 1000);
};

const next = (last: number | undefined, shift: number, first: number | undefined): number =>
  last === undefined || first === undefined ? 0 : last + shift + 1 - first;
