import { join } from 'node:path';
import type { RoomId, SourceId } from '../../protocol/ids.ts';
import type { InputJournals, OpenJournal } from './input-journals.ts';

interface JournalledRecording {
  readonly id: string;
  readonly room: RoomId;
  readonly sources: readonly SourceId[] | null;
  readonly startedAt: number;
  journal: boolean;
}

/** Where the journal of a recording lies. */
export const journalFile = (recordingFolder: string): string =>
  join(recordingFolder, 'journal.jsonl');

/** Keeps a journal of each recording from its beginning to its end. */
export class JournalCompanion {
  readonly #journals: () => InputJournals;
  readonly #open = new Map<string, OpenJournal>();

  constructor(journals: () => InputJournals) {
    this.#journals = journals;
  }

  began(recording: JournalledRecording, folder: string): void {
    const { id, room, sources, startedAt } = recording;
    const path = journalFile(folder);
    const journal = this.#journals().open({ room, sources, startedAt, path });
    recording.journal = journal !== null;
    if (journal !== null) this.#open.set(id, journal);
  }

  async ended({ id }: JournalledRecording): Promise<void> {
    const journal = this.#open.get(id);
    this.#open.delete(id);
    await journal?.close();
  }
}
