import { HostError } from '../host-error.ts';
import type { PathObservation } from './path-estimate.ts';

/** Running totals of what was sent and asked for. */
export interface Traffic {
  readonly octets: number;
  readonly packets: number;
  /** Of the picture. */
  readonly frames: number;
  /** From capture until they were encoded, of all of them; null: it is not known. */
  readonly encodeSumMs: number | null;
  readonly resent: number;
  readonly keyframeRequests: number;
  readonly keyframes: number;
  /** null: the server has not told yet. */
  readonly rttMs: number | null;
}

/** One way of carrying a pipeline's streams to a server by WHIP. */
export interface Publisher {
  /** Resolves with the cause when the server is gone, whoever ended it. */
  readonly gone: Promise<string>;
  readonly traffic: Traffic;
  /** An offer with all candidates in it. */
  offer(): Promise<string>;
  /** Takes the answer; resolves when the first packet of the picture has gone out. */
  connect(answer: string): Promise<void>;
  /** What was learnt of the path since the last call. */
  observe(): PathObservation;
  /** Tells the rate that the encoder has now. */
  targetChanged(kbps: number): void;
  /** Asks for a key frame, as soon as one may be sent. */
  askKeyframe(): void;
  /** Tells of the first picture that was captured after this call; absent: it cannot. */
  readonly mark?: (mark: number) => void;
  /** Lets go of the server; the pipeline is closed after it. */
  close(): void;
}

const FIRST_PACKET_MS = 10_000;

/** Waits for the first packet of a pipeline that plays. */
export async function withinFirstPacketTime(sent: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new HostError('media', 'GStreamer plays, but no picture comes.')),
    FIRST_PACKET_MS,
  );
  await Promise.race([sent, late.promise]).finally(() => clearTimeout(timer));
}
