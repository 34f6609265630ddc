export type TrackName = 'audio' | 'video';

export const CLOCK_RATE = { audio: 48_000, video: 90_000 } as const satisfies Record<
  TrackName,
  number
>;

/** A sender report's statement: the RTP time of an instant. */
interface Report {
  readonly ntpMs: number;
  readonly rtp: number;
}

/** How one track's RTP time runs: a point, and the rate of its clock. */
interface Line {
  anchorMs: number;
  readonly anchorRtp: number;
  lastRtp: number;
}

/** What a sender states beyond this is no clock of this publication. */
const MOST_CORRECTION_MS = 5_000;
/** A clock that is so far from the time of arrival was set anew. */
const MOST_JUMP_MS = 10_000;

/**
 * Places audio and video on one axis, in epoch milliseconds. Sound runs by its own clock, without
 * a step; pictures are moved to it by the sender's reports (RFC 3550 §6.4.1), and are placed by
 * their arrival until both tracks have had one.
 */
export class Timeline {
  readonly #lines: Record<TrackName, Line | null> = { audio: null, video: null };
  readonly #reports: Record<TrackName, Report | null> = { audio: null, video: null };

  /** When the media with this RTP time was captured; `atMs` is when it arrived. */
  placeMs(track: TrackName, timestamp: number, atMs: number): number {
    const line = this.#lines[track] ?? this.#begin(track, timestamp, atMs);
    const rtp = unwrap(timestamp, line.lastRtp);
    const placeMs = positionMs(track, line, rtp);
    if (Math.abs(placeMs - atMs) > MOST_JUMP_MS) {
      this.restart(track);
      this.#begin(track, timestamp, atMs);
      return atMs;
    }
    line.lastRtp = Math.max(line.lastRtp, rtp);
    return placeMs;
  }

  /** Takes a sender report of a track. */
  report(track: TrackName, ntpMs: number, rtp: number): void {
    this.#reports[track] = { ntpMs, rtp };
    const { video } = this.#lines;
    if (video === null) return;
    const wishedMs = this.#byReports('video');
    const report = this.#reports.video;
    if (wishedMs === null || report === null) return;
    const correctionMs = wishedMs - positionMs('video', video, unwrap(report.rtp, video.lastRtp));
    if (Math.abs(correctionMs) <= MOST_CORRECTION_MS) video.anchorMs += correctionMs;
  }

  /** A track starts anew: another encoding, or a clock that jumped. */
  restart(track: TrackName): void {
    this.#lines[track] = null;
    this.#reports[track] = null;
  }

  #begin(track: TrackName, timestamp: number, atMs: number): Line {
    const line = { anchorMs: atMs, anchorRtp: timestamp, lastRtp: timestamp };
    this.#lines[track] = line;
    const statedMs = this.#byReports(track);
    const report = this.#reports[track];
    if (statedMs !== null && report !== null) {
      const shift = statedMs - positionMs(track, line, unwrap(report.rtp, timestamp));
      if (Math.abs(shift) <= MOST_CORRECTION_MS) line.anchorMs += shift;
    }
    return line;
  }

  /** Where the instant of a track's report lies on the other track's line; null while unknown. */
  #byReports(track: TrackName): number | null {
    const other = track === 'audio' ? 'video' : 'audio';
    const [own, theirs] = [this.#reports[track], this.#reports[other]];
    const line = this.#lines[other];
    if (own === null || theirs === null || line === null) return null;
    return positionMs(other, line, unwrap(theirs.rtp, line.lastRtp)) + own.ntpMs - theirs.ntpMs;
  }
}

const positionMs = (track: TrackName, line: Line, rtp: number): number =>
  line.anchorMs + ((rtp - line.anchorRtp) * 1000) / CLOCK_RATE[track];

/** The full value nearest to `near` that has these lowest 32 bits. */
const unwrap = (timestamp: number, near: number): number => near + ((timestamp - near) | 0);
