import type { Logger } from './observability/logger.ts';
import type { JournalDetail } from './protocol/journal.ts';
import { InputJournals } from './recordings/journal/input-journals.ts';
import { holdingsOf } from './rooms/control/holdings.ts';
import type { Sources } from './rooms/hosts/sources.ts';

/** Journals of the input to rooms; `sources` is asked once one is opened. */
export function createJournals(deps: {
  readonly detail: JournalDetail;
  readonly sources: () => Sources;
  readonly log: Logger;
}): InputJournals {
  const { detail, sources, log } = deps;
  return new InputJournals({
    detail,
    log,
    standing: (room) =>
      sources()
        .ofRoom(room)
        .flatMap(({ place: { source }, control }) =>
          holdingsOf(control).map(({ member: { viewer, name, grant }, devices }) => ({
            source,
            who: { viewer, name, subject: grant.subject },
            devices,
          })),
        ),
  });
}
