import type { Logger } from '../../observability/logger.ts';
import type { Device } from '../../protocol/control.ts';
import type { RoomId, SourceId } from '../../protocol/ids.ts';
import type { InputFrame } from '../../protocol/input.ts';
import type { JournalControl, JournalDetail } from '../../protocol/journal.ts';
import type { ControlChange, ControlObserver, Who } from '../../rooms/control/control-observer.ts';
import type { SourcePlace } from '../../rooms/hosts/source-place.ts';
import type { InputTap } from '../../rooms/input/input-tap.ts';
import type { InputViewer } from '../../rooms/input/input-viewer.ts';
import { Journal } from './journal.ts';

/** Who controls what when a recording begins. */
export interface Standing {
  readonly source: SourceId;
  readonly who: Who;
  readonly devices: readonly Device[];
}

/** A recording whose input is to be written. */
export interface JournalledRecording {
  readonly room: RoomId;
  /** Null: all of the room's. */
  readonly sources: readonly SourceId[] | null;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** The file that is written. */
  readonly path: string;
}

interface JournalsDeps {
  readonly detail: JournalDetail;
  readonly standing: (room: RoomId) => readonly Standing[];
  readonly log: Logger;
}

/** An open journal; `close` resolves when it is written. */
export type OpenJournal = Pick<Journal, 'close' | 'lost'>;

/** The input journals of the rooms that are recorded; of others it does nothing. */
export class InputJournals implements InputTap, ControlObserver {
  readonly #deps: JournalsDeps;
  readonly #open = new Map<
    RoomId,
    { readonly journal: Journal; readonly of: JournalledRecording }
  >();

  constructor(deps: JournalsDeps) {
    this.#deps = deps;
  }

  /** Null: `RECORD_INPUT` is off. A room has one at a time; the one before is closed. */
  open(of: JournalledRecording): OpenJournal | null {
    const { detail, standing, log } = this.#deps;
    if (detail === 'off') return null;
    void this.#open.get(of.room)?.journal.close();
    const zero = performance.now() - (Date.now() - of.startedAt);
    const now = (): number => Math.max(0, performance.now() - zero);
    const journal = new Journal({ path: of.path, detail, now, log: log.child({ room: of.room }) });
    this.#open.set(of.room, { journal, of });
    for (const { source, who, devices } of standing(of.room)) {
      const place = { room: of.room, source };
      this.#tell(place, { change: 'holds', who, devices });
    }
    return {
      get lost() {
        return journal.lost;
      },
      close: () => {
        if (this.#open.get(of.room)?.journal === journal) this.#open.delete(of.room);
        return journal.close();
      },
    };
  }

  passed(place: SourcePlace, viewer: InputViewer, frame: InputFrame): void {
    if (this.#open.size === 0) return;
    const journal = this.#of(place);
    if (journal === null) return;
    journal.frame({ at: journal.at, source: place.source, viewer: viewer.viewer, frame });
  }

  changed({ change, place, who, devices }: ControlChange): void {
    if (who === null || change === 'denied' || change === 'policy') return;
    this.#tell(place, { change, who, devices });
  }

  refused(): void {
    return;
  }

  /** Writes what waits everywhere. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ journal }) => journal.close()));
  }

  #tell(
    place: SourcePlace,
    told: { readonly change: JournalControl['change'] } & Omit<Standing, 'source'>,
  ): void {
    const journal = this.#of(place);
    const { change, who, devices } = told;
    journal?.control({
      type: 'control',
      at: journal.at,
      source: place.source,
      change,
      ...who,
      devices: [...devices],
    });
  }

  #of({ room, source }: SourcePlace): Journal | null {
    const open = this.#open.get(room);
    if (open === undefined) return null;
    const { sources } = open.of;
    return sources === null || sources.includes(source) ? open.journal : null;
  }
}
