import type { Logger } from '../observability/logger.ts';
import type { RecordingId, RecordingState } from '../protocol/api/recordings.ts';
import type { RoomId } from '../protocol/ids.ts';
import type { Store } from '../store/store.ts';
import { bytesOf, Recording } from './recording.ts';
import { NO_REGISTER, type HeldRecording, type RecordingRegister } from './recording-register.ts';

/** Versions of the schema; released ones never change. */
export const RECORDING_MIGRATIONS: readonly string[] = [
  'CREATE TABLE recording (id TEXT PRIMARY KEY, room TEXT NOT NULL, body TEXT NOT NULL) STRICT',
];

export interface RecordingQuery {
  readonly room?: RoomId | undefined;
  readonly state?: RecordingState | undefined;
  readonly q?: string | undefined;
  /** Id of the last one of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
  readonly mayShow: (room: RoomId) => boolean;
}

export interface RecordingPage {
  readonly recordings: readonly Recording[];
  readonly next: string | null;
  readonly total: number;
}

/** All recordings, in memory and in a store behind it. */
export class RecordingIndex {
  readonly #store: Store | null;
  readonly #log: Logger;
  readonly #register: RecordingRegister;
  readonly #recordings = new Map<string, Recording>();
  /** What the register was told of each. */
  readonly #told = new Map<string, boolean>();

  /** Reads what is there; rows that cannot be read are left and said in the log. */
  static async open(
    store: Store,
    log: Logger,
    register: RecordingRegister = NO_REGISTER,
  ): Promise<RecordingIndex> {
    const index = new RecordingIndex(store, log, register);
    for (const { id, body } of await store.all('SELECT id, body FROM recording ORDER BY id')) {
      const recording = Recording.safeParse(parse(String(body)));
      if (recording.success) index.#recordings.set(recording.data.id, recording.data);
      else log.error({ recording: id }, 'row of a recording cannot be read');
    }
    return index;
  }

  /** Where nothing was ever recorded, and nothing is to be. */
  static empty(log: Logger): RecordingIndex {
    return new RecordingIndex(null, log, NO_REGISTER);
  }

  private constructor(store: Store | null, log: Logger, register: RecordingRegister) {
    this.#store = store;
    this.#log = log;
    this.#register = register;
  }

  get size(): number {
    return this.#recordings.size;
  }

  byId(id: string): Recording | undefined {
    return this.#recordings.get(id);
  }

  all(): Iterable<Recording> {
    return this.#recordings.values();
  }

  /** Bytes of all media. */
  get bytes(): number {
    let sum = 0;
    for (const recording of this.#recordings.values()) sum += bytesOf(recording);
    return sum;
  }

  /** Newest first. */
  find({ room, state, q = '', after, limit, mayShow }: RecordingQuery): RecordingPage {
    const text = q.toLowerCase();
    const found = [...this.#recordings.values()].filter(
      (each) =>
        mayShow(each.room) &&
        (room === undefined || each.room === room) &&
        (state === undefined || each.state === state) &&
        `${each.room}\n${each.startedBy}`.toLowerCase().includes(text),
    );
    found.sort((a, b) => (a.id < b.id ? 1 : -1));
    const left = after === undefined ? found : found.filter(({ id }) => id < after);
    const recordings = left.slice(0, limit);
    const next = left.length > limit ? (recordings.at(-1)?.id ?? null) : null;
    return { recordings, next, total: found.length };
  }

  /** Keeps it as it is now; a disk that refuses is said in the log, and tried again by the next. */
  async save(recording: Recording): Promise<void> {
    this.#recordings.set(recording.id, recording);
    const { id, room } = recording;
    const sql =
      'INSERT INTO recording VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body';
    await this.#write(sql, [id, room, JSON.stringify(recording)]);
    const held = heldOf(recording);
    if (this.#told.get(id) === held.isOpen) return;
    this.#told.set(id, held.isOpen);
    await this.#register.keep(held);
  }

  /** All, as other gateways have to know of them. */
  *held(): Generator<HeldRecording> {
    for (const recording of this.#recordings.values()) yield heldOf(recording);
  }

  async remove(id: RecordingId): Promise<void> {
    this.#recordings.delete(id);
    this.#told.delete(id);
    await this.#register.forget(id);
    await this.#write('DELETE FROM recording WHERE id = ?', [id]);
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }

  async #write(sql: string, params: readonly string[]): Promise<void> {
    try {
      await this.#store?.write([{ sql, params }]);
    } catch (error) {
      this.#log.error({ err: error }, 'index of recordings not written');
    }
  }
}

const heldOf = ({ id, room, state }: Recording): HeldRecording => ({
  id,
  room,
  isOpen: state === 'recording' || state === 'processing',
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
