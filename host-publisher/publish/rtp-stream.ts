import type { RtpStart } from '../media/outlet.ts';
import { PacketRing } from './rtp/packet-ring.ts';
import { rtpTimestampAt } from './rtp/rtp-clock.ts';
import { payloadBytesOf, isPlainRtp, readdress, stamp, type Outgoing } from './rtp/rtp-packet.ts';
import { writeSenderReport } from './rtp/sender-report.ts';

const RTP_HEADER_BYTES = 12;

/** What an outgoing stream needs of the connection. */
export interface Outlet {
  /** Next transport-wide sequence number, for a packet with so much payload. */
  number(bytes: number): number;
  send(packet: Buffer): boolean;
}

/** One outgoing RTP stream: readdressed packets, repairs and sender reports. */
export class RtpStream {
  readonly ssrc: number;
  readonly #start: RtpStart;
  readonly #clockRate: number;
  readonly #accepted: Outgoing;
  readonly #outlet: Outlet;
  readonly #ring = new PacketRing();
  packets = 0;
  octets = 0;
  frames = 0;

  constructor(start: RtpStart, clockRate: number, accepted: Outgoing, outlet: Outlet) {
    this.ssrc = start.ssrc;
    this.#start = start;
    this.#clockRate = clockRate;
    this.#accepted = accepted;
    this.#outlet = outlet;
  }

  /** Sends a payloader's packet; false when it did not go out. */
  take(packet: Buffer): boolean {
    if (!isPlainRtp(packet)) return false;
    const out = readdress(packet, this.#accepted);
    if (!this.#send(out)) return false;
    this.#ring.add(out);
    this.packets += 1;
    this.octets += packet.length - RTP_HEADER_BYTES;
    if (((packet[1] ?? 0) & 0x80) !== 0) this.frames += 1;
    return true;
  }

  /** Sends lost packets again, none twice within `gapMs`, as far as `allow` goes; says how many. */
  resend(
    sequences: readonly number[],
    nowMs: number,
    gapMs: number,
    allow: (bytes: number) => boolean,
  ): number {
    let resent = 0;
    for (const sequence of sequences) {
      const packet = this.#ring.take(sequence, nowMs, gapMs);
      if (packet !== null && allow(packet.length) && this.#send(packet)) resent += 1;
    }
    return resent;
  }

  /** Tells receivers which wall clock belongs to which timestamp, so that they can sync. */
  report(wallMs: number, runningTimeNs: bigint, cname: string): void {
    if (this.packets === 0) return;
    const rtpTimestamp = this.timestampAt(runningTimeNs);
    const { ssrc, packets, octets } = this;
    this.#outlet.send(writeSenderReport({ ssrc, wallMs, rtpTimestamp, packets, octets, cname }));
  }

  /** What a picture or sound that is captured at a moment has in its packets. */
  timestampAt(runningTimeNs: bigint): number {
    return rtpTimestampAt(this.#start, this.#clockRate, runningTimeNs);
  }

  #send(packet: Buffer): boolean {
    if (this.#accepted.transportCcId !== null)
      stamp(packet, this.#outlet.number(payloadBytesOf(packet)));
    return this.#outlet.send(packet);
  }
}
