import { randomBytes } from 'node:crypto';

import type { Codec, TrackKind } from './codec.ts';
import { CLOCK_RATE } from './codec.ts';
import type { Delivery, Egress } from './egress.ts';
import type { LastSent } from './last-sent.ts';
import type { Receiver } from './receivers.ts';
import { Receivers } from './receivers.ts';
import { writeAddress } from './rtp/address.ts';
import { Continuity } from './rtp/continuity.ts';
import type { MediaPosition, RtpHeader } from './rtp/header.ts';
import { RTP_HEADER_BYTES, writeHeader } from './rtp/header.ts';
import type { FrameSize } from './rtp/frame-size.ts';
import { readFrameSize } from './rtp/frame-size.ts';
import { startsKeyframe } from './rtp/keyframe.ts';
import { LastKeyframe } from './rtp/last-keyframe.ts';
import { DELAY_HEADER_BYTES, openDelayBlock } from './rtp/playout-delay.ts';
import { PacketRing, type RingEntry } from './rtp/packet-ring.ts';
import { writeSenderReport } from './rtp/rtcp-write.ts';
import { SenderClock } from './rtp/sender-clock.ts';
import { NO_SHIFT, type Shift } from './rtp/shift.ts';
import { readPicture } from './rtp/vp8-picture.ts';

/** A joiner is served from the ring when the last key frame is not older than this. */
const REPLAY_MS = 500;

/** Which of a stream's outputs a packet is announced as. */
export interface OutputName {
  readonly kind: TrackKind;
  readonly cname: string;
  readonly ssrc: number;
}

/**
 * One kind as viewers receive it, or one layer of it: one SSRC with continuous numbers for the life
 * of the stream, whoever publishes. A packet is rewritten once; for each group of receivers only
 * its address changes.
 */
export class Output implements Delivery {
  readonly kind: TrackKind;
  readonly cname: string;
  readonly ssrc: number;
  readonly #egress: Egress;
  readonly #ring = new PacketRing();
  readonly #continuity: Continuity;
  readonly #clock: SenderClock;
  readonly #receivers = new Receivers<Output>();
  #codec: Codec | null = null;
  #layered = false;
  #sourceStart = Number.POSITIVE_INFINITY;
  /** Repair starts here: after an interruption, with the key frame that ended it. */
  #repairStart = 0;
  #interrupted = false;
  #last: LastSent = { sequence: -1, timestamp: 0, picture: null, atMs: 0 };
  #lastTimestamp = -1;
  readonly #keyframe = new LastKeyframe();
  #packets = 0;
  #octets = 0;
  /** Video frames taken, and when the last packet was. */
  frames = 0;
  arrivedMs = Number.NEGATIVE_INFINITY;
  /** Known only where there are layers to choose from. */
  size: FrameSize | null = null;
  /** Hears of each packet that was taken, once and before it is sent; must return at once. */
  tap: ((entry: RingEntry) => void) | null = null;

  constructor({ kind, cname, ssrc }: OutputName, egress: Egress) {
    this.kind = kind;
    this.cname = cname;
    this.ssrc = ssrc;
    this.#egress = egress;
    this.#clock = new SenderClock(CLOCK_RATE[kind]);
    this.#continuity = new Continuity({
      clockRate: CLOCK_RATE[kind],
      sequence: randomBytes(2).readUInt16BE(0),
    });
  }

  /** Payload bytes taken. */
  get octets(): number {
    return this.#octets;
  }

  /** What was sent last; null before the first packet. */
  get last(): LastSent | null {
    return this.#last.sequence < 0 ? null : this.#last;
  }

  /** Whether somebody waits for a key frame that could be sent to them. */
  get awaitsKeyframe(): boolean {
    if (this.#codec === null || this.#sourceStart === Number.POSITIVE_INFINITY) return false;
    for (const receiver of this.#receivers.waiting) {
      if (receiver.payloadTypeOf(this.#codec) !== null) return true;
    }
    return false;
  }

  /**
   * The packets that follow come from another source; video is held until its key frame. Of a
   * layered source receivers may come and go between outputs.
   */
  startSource(codec: Codec, layered = false): void {
    this.#codec = codec;
    this.#layered = layered;
    this.size = null;
    this.#continuity.restart();
    this.#clock.reset();
    this.#keyframe.forget();
    this.#sourceStart = Number.POSITIVE_INFINITY;
    this.#repairStart = 0;
    this.#receivers.holdAll();
    if (this.kind === 'audio') this.#admitWaiting();
  }

  /** Nobody publishes any more; receivers stay. */
  endSource(): void {
    this.#codec = null;
    this.#clock.reset();
    this.#keyframe.forget();
  }

  /** Takes the publisher's statement about its clock, already on ours. */
  setClock(ntpMs: number, rtp: number, nowMs: number): void {
    this.#clock.update(ntpMs, rtp, nowMs);
  }

  /**
   * Takes a packet of the current source, rewrites it in place and sends it on. Null when it is
   * a duplicate, too old, or from before the source's first packet.
   */
  ingest(
    packet: Buffer,
    header: RtpHeader,
    position: MediaPosition,
    nowMs: number,
  ): RingEntry | null {
    const placed = this.#continuity.place(position.sequence, header.timestamp, nowMs);
    if (placed === null || this.#codec === null) return null;
    const { payloadEnd } = header;
    const starts = startsKeyframe(this.#codec, packet, position.payloadStart, payloadEnd);
    // Pictures of layers are found behind a plain header.
    const playoutDelay = this.#layered ? null : (position.playoutDelay ?? null);
    const headerBytes = playoutDelay === null ? RTP_HEADER_BYTES : DELAY_HEADER_BYTES;
    const plain = packet.subarray(position.payloadStart - headerBytes, payloadEnd);
    const entry: RingEntry = {
      sequence: placed.sequence,
      timestamp: placed.timestamp,
      packet: plain,
      picture: this.#layered && this.#codec === 'VP8' ? readPicture(plain) : null,
      shift: NO_SHIFT,
      startsFrame:
        this.kind === 'video' &&
        placed.timestamp !== this.#lastTimestamp &&
        placed.sequence > this.#ring.newest,
      startsKeyframe: starts,
      playoutDelay,
    };
    if (!this.#ring.put(entry)) return null;
    writeHeader(entry.packet, {
      marker: header.marker,
      payloadType: 0,
      sequence: placed.sequence & 0xffff,
      timestamp: placed.timestamp,
      ssrc: this.ssrc,
    });
    if (playoutDelay !== null) openDelayBlock(entry.packet);
    this.#sourceStart = Math.min(this.#sourceStart, placed.sequence);
    this.arrivedMs = nowMs;
    if (entry.startsFrame) {
      this.frames += 1;
      this.#lastTimestamp = placed.timestamp;
    }
    if (starts) this.#noteKeyframe(entry, nowMs);
    this.#packets += 1;
    this.#octets += payloadEnd - position.payloadStart;
    this.tap?.(entry);
    this.#egress.push(this, entry);
    return entry;
  }

  deliver(entry: RingEntry): void {
    if (entry.startsKeyframe && this.#receivers.waiting.size > 0) this.#openGates(entry);
    if (entry.sequence > this.#last.sequence) this.#noteLast(entry);
    const { packet, startsFrame } = entry;
    for (const group of this.#receivers.groups) {
      if (entry.sequence < group.shift.from) continue;
      writeAddress(entry, group);
      for (const receiver of group.receivers) {
        if (receiver.send(packet) && startsFrame) receiver.frames += 1;
      }
    }
  }

  interrupt(): void {
    this.#interrupted = true;
    this.#repairStart = Number.POSITIVE_INFINITY;
    // It may be among what was given up.
    this.#keyframe.forget();
    this.#receivers.holdAll();
  }

  /** Whether it was interrupted since the last call: a key frame must be asked for. */
  takeInterruption(): boolean {
    const interrupted = this.#interrupted;
    this.#interrupted = false;
    return interrupted;
  }

  /** Adds a viewer; true when it needs a key frame that is not on its way to it already. */
  add(receiver: Receiver<Output>, nowMs: number): boolean {
    this.#receivers.add(receiver);
    if (this.kind === 'audio') {
      this.#admitWaiting();
      return false;
    }
    const keyframe = this.#keyframe.start;
    if (keyframe === null || nowMs - keyframe.atMs > REPLAY_MS) return true;
    // The key frame's first packet still waits in the egress queue and will open the gate.
    if (keyframe.sequence > this.#last.sequence) return false;
    const first = this.#ring.get(keyframe.sequence);
    // Whoever sees another layer meanwhile is not shown the past again.
    if (first === null || receiver.isFed()) return true;
    const shift = this.#admit(receiver, first);
    if (shift === null) return true;
    this.#replay(receiver, keyframe.sequence, shift);
    return false;
  }

  remove(receiver: Receiver<Output>): void {
    this.#receivers.remove(receiver);
  }

  /** Repairs one packet (unwrapped sequence) for one viewer, within its limits. */
  resend(receiver: Receiver<Output>, sequence: number, shift: Shift, nowMs: number): boolean {
    const entry = this.#ring.get(sequence);
    if (entry === null || sequence < Math.max(this.#sourceStart, this.#repairStart, shift.from))
      return false;
    const seen = sequence + shift.sequence;
    return receiver.resendLimit.take(seen, nowMs) && this.#sendOne(receiver, entry, shift);
  }

  /** The NTP time and the output's RTP time of this moment; null until the publisher told. */
  clockAt(nowMs: number): { readonly ntpMs: number; readonly rtp: number } | null {
    const now = this.#clock.at(nowMs);
    const rtp = now === null ? null : this.#continuity.timestampOf(now.rtp);
    return now === null || rtp === null ? null : { ntpMs: now.ntpMs, rtp };
  }

  /** The sender report for viewers with `shift`; null until the publisher has made one. */
  report(nowMs: number, shift: Shift = NO_SHIFT): Buffer | null {
    const now = this.clockAt(nowMs);
    if (now === null) return null;
    return writeSenderReport({
      ssrc: this.ssrc,
      ntpMs: now.ntpMs,
      rtp: now.rtp + shift.timestamp,
      packets: this.#packets,
      octets: this.#octets,
      cname: this.cname,
    });
  }

  #noteKeyframe(entry: RingEntry, atMs: number): void {
    const { packet } = entry;
    if (this.#layered && this.#codec !== null) {
      this.size = readFrameSize(this.#codec, packet, RTP_HEADER_BYTES, packet.length) ?? this.size;
    }
    this.#keyframe.note(entry, atMs);
  }

  #noteLast({ sequence, timestamp, picture }: RingEntry): void {
    this.#last = { sequence, timestamp, picture, atMs: this.arrivedMs };
  }

  #openGates(entry: RingEntry): void {
    if (this.#repairStart === Number.POSITIVE_INFINITY) this.#repairStart = entry.sequence;
    for (const receiver of [...this.#receivers.waiting]) {
      const shift = this.#admit(receiver, entry);
      if (shift !== null) this.#replay(receiver, entry.sequence + 1, shift);
    }
  }

  #admitWaiting(): void {
    for (const receiver of [...this.#receivers.waiting]) this.#admit(receiver, null);
  }

  /** Null when the receiver does not know the codec. */
  #admit(receiver: Receiver<Output>, entry: RingEntry | null): Shift | null {
    const payloadType = this.#codec === null ? null : receiver.payloadTypeOf(this.#codec);
    if (payloadType === null) return null;
    const shift = receiver.join(this, entry);
    this.#receivers.admit(receiver, payloadType, shift);
    return shift;
  }

  #replay(receiver: Receiver<Output>, from: number, shift: Shift): void {
    for (let sequence = from; sequence <= this.#last.sequence; sequence += 1) {
      const entry = this.#ring.get(sequence);
      if (entry !== null && this.#sendOne(receiver, entry, shift) && entry.startsFrame) {
        receiver.frames += 1;
      }
    }
  }

  #sendOne(receiver: Receiver<Output>, entry: RingEntry, shift: Shift): boolean {
    const payloadType = this.#codec === null ? null : receiver.payloadTypeOf(this.#codec);
    if (payloadType === null) return false;
    writeAddress(entry, { payloadType, shift, playoutDelayId: receiver.playoutDelayId });
    return receiver.send(entry.packet);
  }
}
