import { randomBytes } from 'node:crypto';

import type { Codec, TrackKind } from './codec.ts';
import { CLOCK_RATE } from './codec.ts';
import type { Delivery, Egress } from './egress.ts';
import type { Receiver } from './receivers.ts';
import { Receivers } from './receivers.ts';
import { Continuity } from './rtp/continuity.ts';
import type { RtpHeader } from './rtp/header.ts';
import { RTP_HEADER_BYTES, writeHeader } from './rtp/header.ts';
import { startsKeyframe } from './rtp/keyframe.ts';
import type { RingEntry } from './rtp/packet-ring.ts';
import { PacketRing } from './rtp/packet-ring.ts';
import { writeSenderReport } from './rtp/rtcp-write.ts';
import { SenderClock } from './rtp/sender-clock.ts';

/** A joiner is served from the ring when the last key frame is not older than this. */
const REPLAY_MS = 500;

/**
 * What viewers receive of one kind: one SSRC with continuous numbers for the life of the stream,
 * whoever publishes. A packet is rewritten once; for each group only byte 1 changes.
 */
export class Output implements Delivery {
  readonly kind: TrackKind;
  readonly cname: string;
  readonly ssrc = randomBytes(4).readUInt32BE(0);
  readonly #egress: Egress;
  readonly #ring = new PacketRing();
  readonly #continuity: Continuity;
  readonly #clock: SenderClock;
  readonly #receivers = new Receivers();
  #codec: Codec | null = null;
  #sourceStart = Number.POSITIVE_INFINITY;
  /** Repair starts here: after an interruption, with the key frame that ended it. */
  #repairStart = 0;
  #interrupted = false;
  #delivered = -1;
  #lastTimestamp = -1;
  #keyframe: {
    readonly sequence: number;
    readonly timestamp: number;
    readonly atMs: number;
  } | null = null;
  #packets = 0;
  #octets = 0;

  constructor(kind: TrackKind, cname: string, egress: Egress) {
    this.kind = kind;
    this.cname = cname;
    this.#egress = egress;
    this.#clock = new SenderClock(CLOCK_RATE[kind]);
    this.#continuity = new Continuity({
      clockRate: CLOCK_RATE[kind],
      sequence: randomBytes(2).readUInt16BE(0),
      timestamp: randomBytes(4).readUInt32BE(0),
    });
  }

  /** Whether somebody waits for a key frame that could be sent to them. */
  get awaitsKeyframe(): boolean {
    if (this.#codec === null || this.#sourceStart === Number.POSITIVE_INFINITY) return false;
    for (const receiver of this.#receivers.waiting) {
      if (receiver.payloadTypeOf(this.#codec) !== null) return true;
    }
    return false;
  }

  /** The packets that follow come from another source; video is held until its key frame. */
  startSource(codec: Codec): void {
    this.#codec = codec;
    this.#continuity.restart();
    this.#clock.reset();
    this.#keyframe = null;
    this.#sourceStart = Number.POSITIVE_INFINITY;
    this.#repairStart = 0;
    this.#receivers.holdAll();
    if (this.kind === 'audio') this.#admitWaiting();
  }

  /** Nobody publishes any more; receivers stay. */
  endSource(): void {
    this.#codec = null;
    this.#clock.reset();
    this.#keyframe = null;
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
    position: { readonly sequence: number; readonly payloadStart: number },
    nowMs: number,
  ): RingEntry | null {
    const placed = this.#continuity.place(position.sequence, header.timestamp, nowMs);
    if (placed === null || this.#codec === null) return null;
    const { payloadEnd } = header;
    const starts = startsKeyframe(this.#codec, packet, position.payloadStart, payloadEnd);
    const entry: RingEntry = {
      sequence: placed.sequence,
      packet: packet.subarray(position.payloadStart - RTP_HEADER_BYTES, payloadEnd),
      startsFrame:
        this.kind === 'video' &&
        placed.timestamp !== this.#lastTimestamp &&
        placed.sequence > this.#ring.newest,
      startsKeyframe: starts,
    };
    if (!this.#ring.put(entry)) return null;
    writeHeader(entry.packet, {
      marker: header.marker,
      payloadType: 0,
      sequence: placed.sequence & 0xffff,
      timestamp: placed.timestamp,
      ssrc: this.ssrc,
    });
    this.#sourceStart = Math.min(this.#sourceStart, placed.sequence);
    if (entry.startsFrame) this.#lastTimestamp = placed.timestamp;
    this.#noteKeyframe(entry, placed.timestamp, nowMs);
    this.#packets += 1;
    this.#octets += payloadEnd - position.payloadStart;
    this.#egress.push(this, entry);
    return entry;
  }

  deliver(entry: RingEntry): void {
    if (entry.startsKeyframe && this.#receivers.waiting.size > 0) this.#openGates(entry);
    if (entry.sequence > this.#delivered) this.#delivered = entry.sequence;
    const { packet, startsFrame } = entry;
    const marker = (packet[1] ?? 0) & 0x80;
    for (const group of this.#receivers.groups) {
      packet[1] = marker | group.payloadType;
      for (const receiver of group.receivers) {
        if (receiver.send(packet) && startsFrame) receiver.frames += 1;
      }
    }
  }

  interrupt(): void {
    this.#interrupted = true;
    this.#repairStart = Number.POSITIVE_INFINITY;
    // It may be among what was given up.
    this.#keyframe = null;
    this.#receivers.holdAll();
  }

  /** Whether it was interrupted since the last call: a key frame must be asked for. */
  takeInterruption(): boolean {
    const interrupted = this.#interrupted;
    this.#interrupted = false;
    return interrupted;
  }

  /** Adds a viewer; true when it needs a key frame that is not on its way to it already. */
  add(receiver: Receiver, nowMs: number): boolean {
    this.#receivers.add(receiver);
    if (this.kind === 'audio') {
      this.#admitWaiting();
      return false;
    }
    const keyframe = this.#keyframe;
    if (keyframe === null || nowMs - keyframe.atMs > REPLAY_MS) return true;
    // The key frame's first packet still waits in the egress queue and will open the gate.
    if (keyframe.sequence > this.#delivered) return false;
    const first = this.#ring.get(keyframe.sequence);
    if (first === null || !this.#admit(receiver)) return true;
    this.#replay(receiver, keyframe.sequence);
    return false;
  }

  remove(receiver: Receiver): void {
    this.#receivers.remove(receiver);
  }

  /** Repairs one packet for one viewer, within its limits. */
  resend(receiver: Receiver, sequence: number, nowMs: number): boolean {
    const entry = this.#ring.find(sequence);
    if (entry === null || entry.sequence < Math.max(this.#sourceStart, this.#repairStart))
      return false;
    return receiver.resendLimit.take(entry.sequence, nowMs) && this.#sendOne(receiver, entry);
  }

  /** The sender report for all viewers; null until the publisher has made one. */
  report(nowMs: number): Buffer | null {
    const now = this.#clock.at(nowMs);
    const rtp = now === null ? null : this.#continuity.timestampOf(now.rtp);
    if (now === null || rtp === null) return null;
    return writeSenderReport({
      ssrc: this.ssrc,
      ntpMs: now.ntpMs,
      rtp,
      packets: this.#packets,
      octets: this.#octets,
      cname: this.cname,
    });
  }

  #noteKeyframe(entry: RingEntry, timestamp: number, atMs: number): void {
    const known = this.#keyframe;
    if (!entry.startsKeyframe || (known !== null && known.sequence >= entry.sequence)) return;
    // SPS, PPS and IDR of one frame each look like a start: the first counts.
    if (known?.timestamp !== timestamp)
      this.#keyframe = { sequence: entry.sequence, timestamp, atMs };
  }

  #openGates(entry: RingEntry): void {
    if (this.#repairStart === Number.POSITIVE_INFINITY) this.#repairStart = entry.sequence;
    for (const receiver of [...this.#receivers.waiting]) {
      if (this.#admit(receiver)) this.#replay(receiver, entry.sequence + 1);
    }
  }

  #admitWaiting(): void {
    for (const receiver of [...this.#receivers.waiting]) this.#admit(receiver);
  }

  #admit(receiver: Receiver): boolean {
    return this.#receivers.admit(receiver, this.#codec);
  }

  #replay(receiver: Receiver, from: number): void {
    for (let sequence = from; sequence <= this.#delivered; sequence += 1) {
      const entry = this.#ring.get(sequence);
      if (entry !== null && this.#sendOne(receiver, entry) && entry.startsFrame) {
        receiver.frames += 1;
      }
    }
  }

  #sendOne(receiver: Receiver, entry: RingEntry): boolean {
    const payloadType = this.#codec === null ? null : receiver.payloadTypeOf(this.#codec);
    if (payloadType === null) return false;
    entry.packet[1] = ((entry.packet[1] ?? 0) & 0x80) | payloadType;
    return receiver.send(entry.packet);
  }
}
