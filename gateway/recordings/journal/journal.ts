import type { Logger } from '../../observability/logger.ts';
import type { ViewerId } from '../../protocol/control.ts';
import type { JournalControl, JournalDetail, JournalEntry } from '../../protocol/journal.ts';
import { LIMITS } from '../../limits/limits.ts';
import { InputTrace, type PassedFrame } from './input-trace.ts';
import { JournalFile } from './journal-file.ts';

/** People whose last input is remembered, so that what they repeat is not written. */
const REMEMBERED = 256;

/** What waits to be written. */
type Note =
  | { readonly kind: 'frame'; readonly passed: PassedFrame }
  | { readonly kind: 'entry'; readonly entry: JournalControl };

interface JournalParts {
  readonly path: string;
  readonly detail: Exclude<JournalDetail, 'off'>;
  /** Milliseconds since the recording began, of a clock that never goes back. */
  readonly now: () => number;
  readonly log: Logger;
}

/**
 * The input journal of one recording. It is told without waiting and writes a batch every
 * `LIMITS.journalFlushMs`; what does not fit into its bounds or onto the disk is counted as a gap.
 */
export class Journal {
  readonly #parts: JournalParts;
  readonly #traces = new Map<string, InputTrace>();
  #waiting: Note[] = [];
  #lost = 0;
  #entries = 0;
  #file: JournalFile | null = null;
  #work: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #hasFailed = false;

  constructor(parts: JournalParts) {
    this.#parts = parts;
  }

  /** Milliseconds since the recording began. */
  get at(): number {
    return this.#parts.now();
  }

  /** Entries that could not be written and are not told as a gap yet. */
  get lost(): number {
    return this.#lost;
  }

  frame(passed: PassedFrame): void {
    this.#note({ kind: 'frame', passed });
  }

  control(entry: JournalControl): void {
    this.#note({ kind: 'entry', entry });
  }

  /** Writes what waits. Idempotent. */
  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      clearTimeout(this.#timer);
      this.#flush();
      this.#work = this.#work.then(() => this.#file?.close()).catch(() => undefined);
    }
    await this.#work;
  }

  #note(note: Note): void {
    if (this.#isClosed) return;
    if (this.#waiting.length >= LIMITS.journalWaiting || this.#entries >= LIMITS.journalEntries) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push(note);
    this.#timer ??= setTimeout(() => this.#flush(), LIMITS.journalFlushMs).unref();
  }

  /** One batch at a time: notes wait, within their bound, while a slow disk takes the one before. */
  #flush(): void {
    this.#work = this.#work.then(() => this.#write());
  }

  async #write(): Promise<void> {
    this.#timer = undefined;
    const notes = this.#waiting;
    this.#waiting = [];
    const entries = this.#entriesOf(notes);
    if (entries.length === 0) return;
    const lost = this.#lost;
    this.#lost = 0;
    const gap: JournalEntry[] =
      lost === 0 ? [] : [{ type: 'gap', at: entries.at(-1)?.at ?? 0, lost }];
    try {
      this.#file ??= await JournalFile.open(this.#parts.path);
      await this.#file.append([...entries, ...gap]);
      this.#entries += entries.length;
      this.#hasFailed = false;
    } catch (error) {
      this.#lost += lost + entries.length;
      if (!this.#hasFailed) this.#parts.log.warn({ err: error }, 'input journal lost entries');
      this.#hasFailed = true;
    }
  }

  #entriesOf(notes: readonly Note[]): readonly JournalEntry[] {
    const entries: JournalEntry[] = [];
    for (const note of notes) {
      if (note.kind === 'frame') entries.push(...this.#traceOf(note.passed).take(note.passed));
      else entries.push({ ...note.entry, at: Math.round(note.entry.at) });
    }
    for (const trace of this.#traces.values()) entries.push(...trace.rest());
    if (this.#traces.size > REMEMBERED) this.#traces.clear();
    return entries.sort((one, other) => one.at - other.at);
  }

  #traceOf({ source, viewer }: { source: string; viewer: ViewerId }): InputTrace {
    const key = `${source}/${viewer}`;
    const known = this.#traces.get(key);
    if (known !== undefined) return known;
    const trace = new InputTrace(this.#parts.detail);
    this.#traces.set(key, trace);
    return trace;
  }
}
