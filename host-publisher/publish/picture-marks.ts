import { ticksBetween } from './rtp/rtp-clock.ts';

/** Marks that one picture may answer; of more, the newest. */
const MOST_WAITING = 8;

/** What waits for the first picture that was captured after some moment. */
export class PictureMarks {
  readonly #tell: (mark: number, rtpTimestamp: number) => void;
  #waiting: { readonly mark: number; readonly from: number }[] = [];

  constructor(tell: (mark: number, rtpTimestamp: number) => void) {
    this.#tell = tell;
  }

  /** `from`: RTP timestamp of the moment that the mark came. */
  wait(mark: number, from: number): void {
    this.#waiting = [...this.#waiting.slice(1 - MOST_WAITING), { mark, from }];
  }

  /** A picture with this RTP timestamp goes out. */
  sent(rtpTimestamp: number): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = waiting.filter(({ from }) => ticksBetween(from, rtpTimestamp) <= 0);
    for (const one of waiting) {
      if (!this.#waiting.includes(one)) this.#tell(one.mark, rtpTimestamp);
    }
  }
}
