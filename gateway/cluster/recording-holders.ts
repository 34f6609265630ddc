import { z } from 'zod';
import type { RecordingId } from '../protocol/api/recordings.ts';
import type { RoomId } from '../protocol/ids.ts';
import type { HeldRecording, RecordingRegister } from '../recordings/recording-register.ts';
import { scriptOf, type RedisLink } from '../redis/redis-link.ts';
import { within } from '../redis/within.ts';
import type { PeerGateway } from './homes.ts';
import { OPEN_RECORDINGS_KEY, recordingKey } from './kept-names.ts';
import {
  FIND_RECORDINGS,
  FORGET_RECORDING,
  KEEP_RECORDINGS,
  OPEN_RECORDINGS,
} from './recording-scripts.ts';

const SCRIPTS = {
  keep: scriptOf(KEEP_RECORDINGS),
  forget: scriptOf(FORGET_RECORDING),
  find: scriptOf(FIND_RECORDINGS),
  open: scriptOf(OPEN_RECORDINGS),
};
/** Recordings of a gateway that said nothing for so long are nobody's; told anew each third of it. */
const LIFE_MS = 7 * 24 * 3_600_000;
const LOOK_MS = 250;
/** After Redis did not take something. */
const RETRY_MS = 2_000;
/** Longest wait for Redis: of a change, which is told again, and of a question. */
const TELL_MS = 200;
const ASK_MS = 1_000;
/** Recordings that are told at once. */
const AT_ONCE = 500;
const MOST_REMEMBERED = 10_000;

/** Who holds a recording. `away`: its gateway is none of the cluster now. `unknown`: Redis is away. */
export type HolderStanding =
  | { readonly at: 'here' | 'away' | 'nobody' | 'unknown' }
  | { readonly at: 'there'; readonly gateway: PeerGateway };

export interface RecordingHoldersParts {
  /** Name of this gateway. */
  readonly own: string;
  readonly link: Pick<RedisLink, 'isReady' | 'run'>;
  readonly peers: () => readonly PeerGateway[];
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Which gateway of a cluster holds which recording, in Redis. Each tells its own, all of them again when
 * Redis is back or the gateway has another name after a start. What was asked is remembered for when Redis is away.
 */
export class RecordingHolders implements RecordingRegister {
  readonly isAlone = false;
  readonly #parts: RecordingHoldersParts;
  readonly #remembered = new Map<RecordingId, string>();
  #all: () => Iterable<HeldRecording> = () => [];
  /** When all are told next. */
  #dueAt = -Infinity;
  #wasReady = false;
  #telling = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: RecordingHoldersParts) {
    this.#parts = parts;
  }

  start(all: () => Iterable<HeldRecording>): void {
    this.#all = all;
    this.#timer = setInterval(() => void this.#look(), LOOK_MS).unref();
    void this.#look();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async keep(recording: HeldRecording): Promise<void> {
    if ((await this.#quietly(TELL_MS, this.#tell([recording]))) === undefined) this.#tellAgain();
  }

  async forget(id: RecordingId): Promise<void> {
    const keys = [OPEN_RECORDINGS_KEY, recordingKey(id)];
    await this.#quietly(TELL_MS, this.#parts.link.run(SCRIPTS.forget, keys, [this.#parts.own, id]));
  }

  async isOpenElsewhere(room: RoomId): Promise<boolean> {
    const { link, own, now } = this.#parts;
    const args = [String(now() - LIFE_MS)];
    const asked = link.run(SCRIPTS.open, [OPEN_RECORDINGS_KEY], args);
    const open = z.array(z.string()).safeParse(await this.#quietly(ASK_MS, asked)).data;
    if (open === undefined) return true;
    return open.some((each, at) => at % 2 === 0 && each === room && open[at + 1] !== own);
  }

  /** Who holds each of these. */
  async find(ids: readonly RecordingId[]): Promise<HolderStanding[]> {
    const { link } = this.#parts;
    const keys = [OPEN_RECORDINGS_KEY, ...ids.map(recordingKey)];
    const asked = link.isReady ? link.run(SCRIPTS.find, keys, []) : Promise.resolve(undefined);
    const names = z.array(z.string()).safeParse(await this.#quietly(ASK_MS, asked)).data;
    return ids.map((id, at) => {
      const name = names === undefined ? this.#remembered.get(id) : this.#note(id, names[at] ?? '');
      return name === undefined ? { at: 'unknown' } : this.#standingOf(name);
    });
  }

  #standingOf(name: string): HolderStanding {
    if (name === '') return { at: 'nobody' };
    if (name === this.#parts.own) return { at: 'here' };
    const gateway = this.#parts.peers().find((peer) => peer.name === name);
    return gateway === undefined ? { at: 'away' } : { at: 'there', gateway };
  }

  #note(id: RecordingId, name: string): string {
    this.#remembered.delete(id);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size >= MOST_REMEMBERED && oldest !== undefined) {
      this.#remembered.delete(oldest);
    }
    if (name !== '') this.#remembered.set(id, name);
    return name;
  }

  /** Redis that is there again may know nothing. */
  async #look(): Promise<void> {
    const { link, now } = this.#parts;
    const isNew = link.isReady && !this.#wasReady;
    this.#wasReady = link.isReady;
    if (isNew) this.#dueAt = -Infinity;
    if (!link.isReady || this.#telling || now() < this.#dueAt) return;
    this.#telling = true;
    this.#dueAt = now() + LIFE_MS / 3;
    const all = [...this.#all()];
    for (let at = 0; at < all.length; at += AT_ONCE) {
      const told = await this.#quietly(ASK_MS, this.#tell(all.slice(at, at + AT_ONCE)));
      if (told === undefined) this.#tellAgain();
    }
    this.#telling = false;
  }

  #tellAgain(): void {
    this.#dueAt = Math.min(this.#dueAt, this.#parts.now() + RETRY_MS);
  }

  async #tell(recordings: readonly HeldRecording[]): Promise<unknown> {
    const { own, link, now } = this.#parts;
    const keys = [OPEN_RECORDINGS_KEY, ...recordings.map(({ id }) => recordingKey(id))];
    const told = recordings.flatMap(({ id, room, isOpen }) => [id, room, isOpen ? '1' : '0']);
    return await link.run(SCRIPTS.keep, keys, [own, String(LIFE_MS), String(now()), ...told]);
  }

  /** Undefined when Redis is away or takes longer. */
  async #quietly(ms: number, asked: Promise<unknown>): Promise<unknown> {
    return await within(
      ms,
      asked.catch(() => undefined),
    );
  }
}
