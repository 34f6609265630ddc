import { StatsIndex } from './stats-entry.ts';
import type { StatsReport } from './stats-entry.ts';

/** What a path has carried so far; STUN asks it all the time whether it is still there. */
interface Carried {
  readonly bytes: number;
  readonly asked: number;
  readonly answered: number;
}

/** Chromium asks every 2.5 s at least, and more often where nothing arrives. */
const LEAST_SILENCE_MS = 1_500;
const LEAST_ASKED = 2;

/**
 * Whether a path of ICE leads nowhere any more: nothing comes, and nothing that was asked is answered.
 * ICE itself takes 5 s to doubt it and 15 s to give up.
 */
export class PathSilence {
  #last: Carried | null = null;
  #sinceMs = 0;

  /** Takes a connection's report of now; false too where a browser does not tell. */
  note(report: StatsReport, nowMs: number): boolean {
    const carried = carriedBy(report);
    const last = this.#last;
    if (last === null || carried.bytes !== last.bytes || carried.answered !== last.answered) {
      this.#last = carried;
      this.#sinceMs = nowMs;
      return false;
    }
    const isUnanswered = carried.asked - last.asked >= LEAST_ASKED;
    return isUnanswered && nowMs - this.#sinceMs >= LEAST_SILENCE_MS;
  }
}

/** By all paths of a connection together. */
export function carriedBy(report: StatsReport): Carried {
  const pairs = new StatsIndex(report).all('candidate-pair');
  const sum = (key: string) => pairs.reduce((all, pair) => all + (pair.number(key) ?? 0), 0);
  return {
    bytes: sum('bytesReceived'),
    asked: sum('requestsSent'),
    answered: sum('responsesReceived'),
  };
}
