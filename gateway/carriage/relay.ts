import { randomBytes } from 'node:crypto';
import type { RelayCounts } from './messages.ts';
import { RecentPackets } from './recent-packets.ts';
import {
  isRtcp,
  missingOf,
  partsOf,
  RTCP,
  writeEmptyReport,
  writeNack,
  type RtcpPart,
} from './rtcp.ts';

const RTP_HEADER_BYTES = 12;
/** Key frames for one node are asked for no more often; each of its viewers may wish one. */
const KEYFRAME_MS = 300;
const NACK_FORMAT = 1;
/** RFC 4585 §6.3.1 and RFC 5104 §4.3.1. */
const KEYFRAME_FORMATS = new Set([1, 4]);

type Send = (packet: Buffer) => boolean;

/**
 * One source from node to node: RTP and sender reports go on untouched, so that picture and sound keep
 * their clocks; what the receiving node asks for goes back, and what was lost behind us is sent again.
 */
export class Relay {
  readonly #forth: Send;
  readonly #back: Send;
  readonly #now: () => number;
  readonly #recent = new RecentPackets();
  readonly #sender = randomBytes(4).readUInt32BE(0);
  #askedMs = -Infinity;
  #isAskedFor = false;
  #packets = 0;
  #bytes = 0;
  #resent = 0;
  #keyframes = 0;
  #lastAsk: Buffer | null = null;

  constructor(options: {
    /** To the node that receives. */
    readonly forth: Send;
    /** To the node that has the source. */
    readonly back: Send;
    /** Milliseconds of any clock. */
    readonly now: () => number;
  }) {
    this.#forth = options.forth;
    this.#back = options.back;
    this.#now = options.now;
  }

  get counts(): RelayCounts {
    const [packets, bytes] = [this.#packets, this.#bytes];
    return { packets, bytes, resent: this.#resent, keyframes: this.#keyframes };
  }

  /** A packet of the node that has the source. */
  pulled(packet: Buffer): void {
    if (packet.length < RTP_HEADER_BYTES) return;
    if (isRtcp(packet)) {
      if (partsOf(packet).some(({ type }) => type === RTCP.senderReport)) this.#forth(packet);
      return;
    }
    this.#recent.put(packet);
    if (!this.#forth(packet)) return;
    this.#packets += 1;
    this.#bytes += packet.length;
  }

  /** A packet of the node that receives: it has no media to send. */
  returned(packet: Buffer): void {
    if (!isRtcp(packet)) return;
    for (const part of partsOf(packet)) this.#heed(part);
  }

  /** Each second: that we are there, and a key frame that was asked for too soon. */
  tick(): void {
    this.#back(writeEmptyReport(this.#sender));
    if (this.#isAskedFor && this.#lastAsk !== null) this.#ask(this.#lastAsk);
  }

  #heed(part: RtcpPart): void {
    if (part.type === RTCP.receiverReport) this.#back(part.bytes);
    else if (part.type === RTCP.transport && part.format === NACK_FORMAT) this.#repair(part);
    else if (part.type === RTCP.payload && KEYFRAME_FORMATS.has(part.format)) this.#ask(part.bytes);
  }

  /** What we have is sent once more; what we never got is asked for in its turn. */
  #repair(part: RtcpPart): void {
    const { ssrc, sequences } = missingOf(part);
    const unknown = sequences.filter((sequence) => {
      const packet = this.#recent.get(ssrc, sequence);
      if (packet !== undefined && this.#forth(packet)) this.#resent += 1;
      return packet === undefined;
    });
    if (unknown.length > 0)
      this.#back(writeNack({ sender: this.#sender, ssrc, sequences: unknown }));
  }

  #ask(request: Buffer): void {
    const now = this.#now();
    this.#lastAsk = request;
    this.#isAskedFor = now - this.#askedMs < KEYFRAME_MS;
    if (this.#isAskedFor) return;
    this.#askedMs = now;
    if (this.#back(request)) this.#keyframes += 1;
  }
}
