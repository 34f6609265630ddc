import { rename, rm } from 'node:fs/promises';
import type { Logger } from '../observability/logger.ts';
import type { RoomId } from '../protocol/ids.ts';
import { PART_FAILURES } from './causes.ts';
import { nodeFiles, toldFile, type NodeFile } from './node-file.ts';
import { newPart, type Part, type Recording } from './recording.ts';
import type { RecordingFolders } from './recording-folders.ts';
import type { RecordingIndex } from './recording-index.ts';
import { RemuxError, type Remuxer } from './remuxer.ts';
import type { Remuxed } from './remux/remux-job.ts';

/** A file is looked for when its media server has not told of it for so long. */
const TOLD_WITHIN_MS = 15_000;
/** How far a file may begin before the recording that it belongs to, or end behind it. */
const MARGIN_MS = 1_500;
/** A file that is still written has been written to within this. */
const STALE_MS = 3_000;
/** A file that is still there after so long nobody was told of, or another gateway wanted it. */
const LEFT_MS = 60_000;
/** SRS names a file when it opens it; its media begins up to so much later. */
const LATEST_MEDIA_MS = 5_000;

export interface FileDeskParts {
  readonly index: () => RecordingIndex;
  readonly folders: RecordingFolders;
  /** Where media servers write, as seen from here. */
  readonly nodeFolders: readonly string[];
  readonly remuxer: Remuxer;
  readonly log: Logger;
  readonly now: () => number;
  /** Whether a recording of another gateway may want files of a room: then they stay. */
  readonly isWantedElsewhere: (room: RoomId) => Promise<boolean>;
  /** A part can be played; it is shown `ready` when this resolves. */
  readonly onMade: (recording: Recording, part: Part, media: string) => Promise<void>;
  readonly onChange: (recording: Recording) => Promise<void>;
}

/** Makes parts of recordings out of the files that media servers write, and removes those files. */
export class FileDesk {
  readonly #parts: FileDeskParts;
  readonly #taken = new Set<string>();
  readonly #expected = new Map<Part, NodeJS.Timeout>();
  readonly #making = new Map<Part, Promise<boolean>>();
  readonly #work = new Set<Promise<void>>();

  constructor(parts: FileDeskParts) {
    this.#parts = parts;
  }

  /** A media server told of a file; `error` says why it ends before its publication. */
  async told(path: string, error: string | null): Promise<void> {
    for (const folder of this.#parts.nodeFolders) {
      const file = await toldFile(folder, path);
      if (file !== null) {
        await this.take(file, error);
        return;
      }
    }
    this.#parts.log.warn('a file that a media server told of is not where it should be');
  }

  /** A publication is over: its file is waited for, then looked for. */
  expect(recording: Recording, part: Part): void {
    if (part.state !== 'recording' || this.#expected.has(part)) return;
    const look = (): void => {
      this.#expected.delete(part);
      void this.#track(this.#lookFor(recording, part));
    };
    this.#expected.set(part, setTimeout(look, TOLD_WITHIN_MS));
  }

  /** Takes what is written so far of a publication that goes on after its recording. */
  async takeRunning(recording: Recording, part: Part): Promise<void> {
    const file = await this.#fileOf(recording.room, part);
    if (file === undefined || part.state !== 'recording') return;
    part.origin = file.name;
    await this.#track(this.#make(recording, part, { file, error: null }).then(() => undefined));
  }

  /** Takes a file that its media server does not write any more. */
  take(file: NodeFile, error: string | null = null): Promise<void> {
    if (this.#taken.has(file.name)) return Promise.resolve();
    this.#taken.add(file.name);
    const work = this.#takeWhole(file, error)
      .catch((reason: unknown) => {
        this.#parts.log.error({ err: reason, room: file.room }, 'file of a media server not taken');
      })
      .finally(() => this.#taken.delete(file.name));
    return this.#track(work);
  }

  /** All files that are there, except those that are still written. */
  async takeAll(): Promise<void> {
    const { nodeFolders, now } = this.#parts;
    for (const folder of nodeFolders) {
      for (const file of await nodeFiles(folder)) {
        if (file.complete || now() - file.writtenAt >= STALE_MS) void this.take(file);
      }
    }
  }

  /** What other gateways wanted, and may want no more. */
  async takeLeft(): Promise<void> {
    const { nodeFolders, now } = this.#parts;
    for (const folder of nodeFolders) {
      for (const file of await nodeFiles(folder)) {
        if (file.complete && now() - file.writtenAt >= LEFT_MS) await this.take(file);
      }
    }
  }

  async close(): Promise<void> {
    for (const timer of this.#expected.values()) clearTimeout(timer);
    await Promise.all(this.#work);
  }

  async #takeWhole(file: NodeFile, error: string | null): Promise<void> {
    const pairs = [...this.#parts.index().all()].flatMap((recording) => {
      const part = covers(recording, file) ? partFor(recording, file) : null;
      return part === null ? [] : [{ recording, part }];
    });
    const kept = await Promise.all(
      pairs.map(({ recording, part }) => this.#make(recording, part, { file, error })),
    );
    if (!kept.every((done) => done) || (await this.#parts.isWantedElsewhere(file.room))) return;
    await rm(file.path, { force: true });
  }

  /** False while the file is still needed. What is being made is not made twice. */
  #make(
    recording: Recording,
    part: Part,
    from: { file: NodeFile; error: string | null },
  ): Promise<boolean> {
    const known = this.#making.get(part);
    if (known !== undefined) return known;
    const making = this.#makeNow(recording, part, from).finally(() => this.#making.delete(part));
    this.#making.set(part, making);
    return making;
  }

  async #makeNow(
    recording: Recording,
    part: Part,
    { file, error }: { file: NodeFile; error: string | null },
  ): Promise<boolean> {
    const { folders, remuxer, onMade, onChange, index, log } = this.#parts;
    clearTimeout(this.#expected.get(part));
    this.#expected.delete(part);
    part.state = 'processing';
    await onChange(recording);
    const media = folders.media(recording.id, part.id);
    try {
      const { path: input, format } = file;
      const made = await remuxer.remux({ input, format, output: media, ...cut(recording, file) });
      if (index().byId(recording.id) === undefined) await rm(media, { force: true });
      else if (made === null) fail(part, error ?? PART_FAILURES.empty);
      else describe(recording, part, { file, made });
    } catch (failure) {
      if (failure instanceof RemuxError && failure.message === 'stopping') return false;
      log.error({ err: failure, recording: recording.id }, 'recording not made playable');
      if (!(await this.#keepAsItIs(part, file, media))) {
        fail(part, PART_FAILURES.remux);
        await onChange(recording);
        return false;
      }
    }
    if (isMade(part)) {
      part.detail = error === null ? '' : `It ends early: ${error}.`;
      await onMade(recording, part, media);
      part.state = 'ready';
    }
    await onChange(recording);
    return true;
  }

  /** A fragmented MP4 plays as it is, if less well: better than nothing on a full disk. */
  async #keepAsItIs(part: Part, file: NodeFile, media: string): Promise<boolean> {
    const bytes = file.format === 'mp4' ? await this.#parts.folders.size(file.path) : null;
    if (bytes === null) return false;
    const moved = await rename(file.path, media).then(
      () => true,
      () => false,
    );
    if (moved) Object.assign(part, { bytes, durationMs: file.writtenAt - file.startedAt });
    return moved;
  }

  async #lookFor(recording: Recording, part: Part): Promise<void> {
    const file = await this.#fileOf(recording.room, part);
    if (part.state !== 'recording') return;
    if (file !== undefined && (file.complete || this.#parts.now() - file.writtenAt >= STALE_MS)) {
      await this.take(file);
      return;
    }
    if (file !== undefined) {
      this.expect(recording, part);
      return;
    }
    fail(part, PART_FAILURES['no-file']);
    await this.#parts.onChange(recording);
  }

  /** The file that a part's publication is written into, by its name and time. */
  async #fileOf(room: RoomId, part: Part): Promise<NodeFile | undefined> {
    const files = await Promise.all(
      this.#parts.nodeFolders.map((folder) => nodeFiles(folder, room)),
    );
    return files
      .flat()
      .filter(
        ({ source, name, writtenAt }) =>
          source === part.source && !this.#taken.has(name) && writtenAt >= part.startedAt,
      )
      .toSorted((a, b) => b.startedAt - a.startedAt)[0];
  }

  #track(work: Promise<void>): Promise<void> {
    this.#work.add(work);
    return work.finally(() => this.#work.delete(work));
  }
}

const isMade = ({ state }: Part): boolean => state === 'processing';

/** Whether a recording wants something of a file. */
function covers(recording: Recording, file: NodeFile): boolean {
  const { room, sources, startedAt, endedAt } = recording;
  return (
    room === file.room &&
    (sources === null || sources.includes(file.source)) &&
    startedAt < file.writtenAt &&
    (endedAt ?? Number.POSITIVE_INFINITY) > file.startedAt
  );
}

/** The part that a file becomes; null when it has become one already. */
function partFor(recording: Recording, file: NodeFile): Part | null {
  const known = recording.parts.find(({ origin }) => origin === file.name);
  if (known !== undefined) return known.state === 'ready' ? null : known;
  const waiting = recording.parts
    .filter(({ source, state }) => source === file.source && state === 'recording')
    .toSorted((a, b) => distance(a, file) - distance(b, file))[0];
  if (waiting?.origin === null) {
    waiting.origin = file.name;
    return waiting;
  }
  const part = newPart(recording, { ...file, subject: '', node: '' });
  part.origin = file.name;
  recording.parts.push(part);
  return part;
}

const distance = (part: Part, file: NodeFile): number => Math.abs(part.startedAt - file.startedAt);

function cut(
  { startedAt, endedAt }: Recording,
  file: NodeFile,
): { fromMs: number | null; toMs: number | null } {
  const fromMs = startedAt - file.startedAt;
  const over = endedAt !== null && file.writtenAt - endedAt > MARGIN_MS;
  return {
    fromMs: fromMs > MARGIN_MS ? fromMs : null,
    toMs: over ? Math.max(0, endedAt - file.startedAt) : null,
  };
}

function describe(
  { startedAt: began }: Recording,
  part: Part,
  { file, made }: { file: NodeFile; made: Remuxed },
): void {
  const { durationMs, bytes, video, audio, width, height } = made;
  const startedAt = Math.round(mediaStart(file, made) + made.startMs);
  const offsetMs = Math.max(0, startedAt - began);
  Object.assign(part, { durationMs: Math.round(durationMs), bytes, video, audio, width, height });
  Object.assign(part, { startedAt, offsetMs });
}

/** The engine names a file by its first moment; of SRS's the last write tells more. */
function mediaStart({ format, startedAt, writtenAt }: NodeFile, { inputMs }: Remuxed): number {
  const counted = writtenAt - inputMs;
  const isLikely = counted >= startedAt && counted <= startedAt + LATEST_MEDIA_MS;
  return format === 'flv' && isLikely ? counted : startedAt;
}

function fail(part: Part, detail: string): void {
  part.state = 'failed';
  part.detail = detail;
}
