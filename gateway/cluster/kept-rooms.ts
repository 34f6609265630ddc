import { GatewayError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import type { RoomId } from '../protocol/ids.ts';
import type { KeptField } from './kept-names.ts';

/** Changes of so long are written together. */
const TOGETHER_MS = 20;
/** Until what could not be written is tried again. */
const AGAIN_MS = 500;
/** The longest that an answer waits for Redis. */
const PATIENCE_MS = 50;

export interface KeptRoomsParts {
  readonly store: {
    readonly isReady: boolean;
    keep(room: RoomId, term: number, fields: ReadonlyMap<KeptField, string>): Promise<boolean>;
  };
  /** Of a room that is at home here. */
  readonly termOf: (room: RoomId) => number | undefined;
  /** What a field of a room holds now, as text; empty: nothing. */
  readonly read: (room: RoomId, field: KeptField) => string;
  readonly log: Logger;
}

/**
 * Writes down what rooms at home here have, soon after it changed. What cannot be written waits, and
 * only the newest of it counts.
 */
export class KeptRooms {
  readonly #parts: KeptRoomsParts;
  readonly #changed = new Map<RoomId, Set<KeptField>>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #sent: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(parts: KeptRoomsParts) {
    this.#parts = parts;
  }

  /** Fields that wait to be written. */
  get backlog(): number {
    let fields = 0;
    for (const each of this.#changed.values()) fields += each.size;
    return fields;
  }

  /** A field of a room changed. */
  note(room: RoomId, field: KeptField): void {
    this.#changed.set(room, (this.#changed.get(room) ?? new Set()).add(field));
    this.#wake(TOGETHER_MS);
  }

  /** The same, and it is written in the next turn of the event loop. */
  noteNow(room: RoomId, field: KeptField): void {
    this.note(room, field);
    setImmediate(() => {
      if (this.#changed.has(room)) this.#sent = Promise.all([this.#sent, this.#write()]);
    });
  }

  /**
   * Writes a field now and resolves when Redis has it, at the latest after 50 ms; then it is written
   * later. @throws GatewayError `home-unknown` when another gateway has the room
   */
  async keep(room: RoomId, field: KeptField): Promise<void> {
    const { store, termOf, read } = this.#parts;
    const term = termOf(room);
    if (term === undefined || !store.isReady) {
      this.note(room, field);
      return;
    }
    const late = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => late.resolve('late'), PATIENCE_MS);
    const written = store
      .keep(room, term, new Map([[field, read(room, field)]]))
      .catch(() => 'late');
    const result = await Promise.race([written, late.promise]);
    clearTimeout(timer);
    if (result === 'late') this.note(room, field);
    if (result === false) throw elsewhere();
  }

  /** The room is another gateway's: nothing of it is written any more. */
  forget(room: RoomId): void {
    this.#changed.delete(room);
  }

  /** Writes all that waits; false when some of it could not be. */
  async flush(): Promise<boolean> {
    await Promise.all([this.#writing, this.#sent]);
    await this.#write();
    return this.#changed.size === 0;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #wake(ms: number): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#writing ??= this.#write().finally(() => {
        this.#writing = undefined;
        if (this.#changed.size > 0) this.#wake(AGAIN_MS);
      });
    }, ms);
  }

  async #write(): Promise<void> {
    if (!this.#parts.store.isReady) return;
    const rooms = [...this.#changed];
    this.#changed.clear();
    await Promise.all(rooms.map(([room, fields]) => this.#writeRoom(room, fields)));
  }

  async #writeRoom(room: RoomId, fields: ReadonlySet<KeptField>): Promise<void> {
    const { store, termOf, read, log } = this.#parts;
    const term = termOf(room);
    if (term === undefined) return;
    const texts = new Map([...fields].map((field) => [field, read(room, field)]));
    try {
      if (!(await store.keep(room, term, texts)))
        log.warn({ room }, 'another gateway has the room');
    } catch (error) {
      log.debug({ room, why: String(error) }, 'Redis did not take what a room has');
      for (const field of fields) this.note(room, field);
    }
  }
}

const elsewhere = (): GatewayError =>
  new GatewayError('home-unknown', 'Another gateway has this room now. Try again.', {
    retryAfterSeconds: 1,
  });
