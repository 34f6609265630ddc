import type { Codec } from './codec.ts';
import { CLOCK_RATE } from './codec.ts';
import type { Output } from './output.ts';
import type { RtpHeader } from './rtp/header.ts';
import { NackList } from './rtp/nack-list.ts';
import type { RingEntry } from './rtp/packet-ring.ts';
import { readPlayoutDelay } from './rtp/playout-delay.ts';
import { Reception } from './rtp/reception.ts';
import type { SenderReport } from './rtp/rtcp-read.ts';
import type { ReportBlock } from './rtp/rtcp-write.ts';
import type { NtpShift } from './rtp/sender-clock.ts';
import { SequenceUnwrapper } from './rtp/sequence-unwrapper.ts';

/** What came of one packet: what to ask for, and whether it was new. */
export interface Arrival {
  /** Sequence numbers to ask for now; null when only a key frame can help. */
  readonly missing: readonly number[] | null;
  readonly entry: RingEntry | null;
}

interface Incoming {
  readonly ssrc: number;
  readonly unwrapper: SequenceUnwrapper;
  readonly reception: Reception;
  readonly nacks: NackList;
}

const NOTHING: Arrival = { missing: [], entry: null };
/** Silence of the known SSRC after which another one of the same payload type takes over. */
const SSRC_SILENCE_MS = 500;

/** One kind of a publisher's media on its way in; its SSRC is learned from the packets. */
export class Source {
  readonly codec: Codec;
  readonly repairs: boolean;
  readonly output: Output;
  readonly #layered: boolean;
  readonly #playoutDelayId: number | null;
  #incoming: Incoming | null = null;
  #lastMs = 0;

  constructor(options: {
    readonly codec: Codec;
    readonly repairs: boolean;
    readonly output: Output;
    readonly layered?: boolean;
    /** Header extension id of the playout delay; null when not negotiated. */
    readonly playoutDelayId?: number | null;
  }) {
    this.codec = options.codec;
    this.repairs = options.repairs;
    this.output = options.output;
    this.#layered = options.layered ?? false;
    this.#playoutDelayId = options.playoutDelayId ?? null;
    this.output.startSource(this.codec, this.#layered);
  }

  get ssrc(): number | null {
    return this.#incoming?.ssrc ?? null;
  }

  /** Video frames received. */
  frames = 0;

  /** Takes a packet that came on the media SSRC. */
  arrived(packet: Buffer, header: RtpHeader, nowMs: number): Arrival {
    const incoming = this.#current(header.ssrc, nowMs);
    if (incoming === null) return NOTHING;
    this.#lastMs = nowMs;
    const full = incoming.unwrapper.unwrap(header.sequence);
    incoming.reception.arrived(full, header.timestamp, nowMs);
    return this.#take(incoming, full, { packet, header, payloadStart: header.payloadStart }, nowMs);
  }

  /** Takes a retransmission (RFC 4588 §4): the original's number comes first in the payload. */
  repaired(packet: Buffer, header: RtpHeader, nowMs: number): Arrival {
    // Chromium probes the path with padding-only packets on this SSRC.
    if (this.#incoming === null || header.payloadEnd - header.payloadStart < 2) return NOTHING;
    const full = this.#incoming.unwrapper.unwrap(packet.readUInt16BE(header.payloadStart));
    const payloadStart = header.payloadStart + 2;
    return this.#take(this.#incoming, full, { packet, header, payloadStart }, nowMs);
  }

  /** Sequence numbers asked for in vain, to be asked for again. */
  missing(nowMs: number): readonly number[] {
    return this.#incoming?.nacks.due(nowMs) ?? [];
  }

  /** Takes the publisher's sender report about this source's SSRC. */
  reported(report: SenderReport, shift: NtpShift, nowMs: number): void {
    this.#incoming?.reception.reported(report.compactNtp, nowMs);
    this.output.setClock(shift.toLocal(report.ntpMs, nowMs), report.rtp, nowMs);
  }

  reportBlock(nowMs: number): ReportBlock | null {
    return this.#incoming?.reception.block(nowMs) ?? null;
  }

  #take(
    incoming: Incoming,
    full: number,
    { packet, header, payloadStart }: { packet: Buffer; header: RtpHeader; payloadStart: number },
    nowMs: number,
  ): Arrival {
    const missing = this.repairs ? incoming.nacks.arrived(full, nowMs) : [];
    const id = this.#playoutDelayId;
    const playoutDelay = id === null ? null : readPlayoutDelay(packet, header, id);
    const position = { sequence: full & 0xffff, payloadStart, playoutDelay };
    const entry = this.output.ingest(packet, header, position, nowMs);
    if (entry?.startsFrame === true) this.frames += 1;
    return { missing, entry };
  }

  #current(ssrc: number, nowMs: number): Incoming | null {
    const known = this.#incoming;
    if (known?.ssrc === ssrc) return known;
    if (known !== null && nowMs - this.#lastMs < SSRC_SILENCE_MS) return null;
    if (known !== null) this.output.startSource(this.codec, this.#layered);
    this.#incoming = {
      ssrc,
      unwrapper: new SequenceUnwrapper(),
      reception: new Reception(ssrc, CLOCK_RATE[this.output.kind]),
      nacks: new NackList(),
    };
    return this.#incoming;
  }
}
