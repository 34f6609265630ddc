import type { AudienceReport } from '../../protocol/host.ts';
import type { PlayerReport } from '../../protocol/viewer.ts';
import type { Session } from '../session.ts';
import { audienceReport } from './audience-report.ts';

/** A player tells every 2 s; what is older than three of these says nothing of now. */
const FRESH_MS = 6_000;

/** The last report of each session that watches a source. */
export class ReportBook {
  readonly #reports = new Map<Session, { readonly report: PlayerReport; readonly at: number }>();

  /** `now` in milliseconds of any clock. */
  note(session: Session, report: PlayerReport, now: number): void {
    this.#reports.set(session, { report, at: now });
  }

  /** The last one of a session, and how old it is; null: it never told. */
  newest(session: Session, now: number): { report: PlayerReport; ageMs: number } | null {
    const known = this.#reports.get(session);
    return known === undefined ? null : { report: known.report, ageMs: now - known.at };
  }

  forget(session: Session): void {
    this.#reports.delete(session);
  }

  /** The fresh ones together. */
  sum(viewers: number, now: number): AudienceReport {
    const fresh: PlayerReport[] = [];
    for (const { report, at } of this.#reports.values()) {
      if (now - at <= FRESH_MS) fresh.push(report);
    }
    return audienceReport(viewers, fresh);
  }
}
