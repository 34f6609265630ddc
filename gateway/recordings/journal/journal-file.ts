import { open, type FileHandle } from 'node:fs/promises';
import type { JournalEntry } from '../../protocol/journal.ts';

/** The JSON lines of a journal, mode 0600. */
export class JournalFile {
  readonly #file: FileHandle;
  #isCut = false;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** @throws when it cannot be opened. */
  static async open(path: string): Promise<JournalFile> {
    return new JournalFile(await open(path, 'a', 0o600));
  }

  /** @throws when the disk does not take them; some may stand there. */
  async append(entries: readonly JournalEntry[]): Promise<void> {
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    const wasCut = this.#isCut;
    this.#isCut = true;
    await this.#file.appendFile(wasCut ? `\n${lines}` : lines);
    this.#isCut = false;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
