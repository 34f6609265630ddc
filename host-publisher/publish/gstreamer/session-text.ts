/** One packet that the server's transport-wide feedback tells of, as GStreamer's event has it. */
export interface FeedbackPacket {
  readonly sequence: number;
  readonly bytes: number;
  /** Milliseconds of this machine's monotonic clock. */
  readonly sentMs: number;
  /** Milliseconds of the server's clock; null: it did not arrive. */
  readonly arrivedMs: number | null;
}

/** What an RTP session counts, over all streams that it sends. */
export interface SessionTotals {
  readonly octets: number;
  readonly packets: number;
  /** 0 to 1, the worst that a receiver report says; null: there was none. */
  readonly loss: number | null;
  readonly rttMs: number | null;
  /** Changes with every receiver report. */
  readonly heard: string;
}

const NS_PER_MS = 1e6;
const NO_TIME = '18446744073709551615';
const PACKET =
  /seqnum=\(uint\)(\d+), local-ts=\(guint64\)(\d+), remote-ts=\(guint64\)(\d+), payload-type=\(guchar\)\d+, size=\(uint\)(\d+), lost=\(boolean\)(true|false)/g;

/** The packets of an RTPTWCCPackets event. */
export function readFeedback(text: string): readonly FeedbackPacket[] {
  return [...plain(text).matchAll(PACKET)]
    .filter(([, , sent]) => sent !== NO_TIME)
    .map(([, sequence, sent, arrived, bytes, lost]) => ({
      sequence: Number(sequence),
      bytes: Number(bytes),
      sentMs: Number(sent) / NS_PER_MS,
      arrivedMs: lost === 'true' ? null : Number(arrived) / NS_PER_MS,
    }));
}

/** The `stats` of an rtpsession. */
export function readSession(text: string): SessionTotals {
  const sources = plain(text).split('application/x-rtp-source-stats').slice(1);
  const ours = sources.filter((source) => source.includes('internal=(boolean)true'));
  const reports = sources.filter((source) => source.includes('have-rb=(boolean)true'));
  const sum = (name: string): number =>
    ours.reduce((total, source) => total + (numberOf(source, name) ?? 0), 0);
  const losses = reports.map((source) => (numberOf(source, 'rb-fractionlost') ?? 0) / 256);
  // 16.16 fixed point, seconds.
  const trips = reports.map((source) => numberOf(source, 'rb-round-trip') ?? 0).filter(Boolean);
  return {
    octets: sum('octets-sent'),
    packets: sum('packets-sent'),
    loss: losses.length === 0 ? null : Math.max(...losses),
    rttMs: trips.length === 0 ? null : (Math.min(...trips) * 1000) / 65_536,
    heard: reports.map((source) => numberOf(source, 'rb-exthighestseq')).join(),
  };
}

/** `num-buffers` of an identity's `stats`. */
export function readBufferCount(text: string): number {
  return numberOf(plain(text), 'num-buffers') ?? 0;
}

/** Text without the escapes that each level of nesting adds. */
function plain(text: string): string {
  return text.replaceAll(/\\/g, '');
}

function numberOf(text: string, name: string): number | null {
  const found = new RegExp(`\\b${name}=\\(\\w+\\)(\\d+)`).exec(text)?.[1];
  return found === undefined ? null : Number(found);
}
