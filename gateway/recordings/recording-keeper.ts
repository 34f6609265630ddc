import { GatewayError } from '../errors.ts';
import type { EventBus } from '../events/event-bus.ts';
import type { Logger } from '../observability/logger.ts';
import { NOTHING } from './causes.ts';
import type { RecordingCompanion } from './companion.ts';
import { bytesOf, viewOf, type Part, type Recording } from './recording.ts';
import type { RecordingFolders } from './recording-folders.ts';
import type { RecordingIndex } from './recording-index.ts';

export interface RecordingKeeperParts {
  readonly index: () => RecordingIndex;
  readonly folders: RecordingFolders;
  readonly companions: readonly RecordingCompanion[];
  readonly minFreeBytes: number;
  readonly bus: EventBus;
  readonly log: Logger;
}

/** Keeps what is known of recordings: in the index and beside their media, always both. */
export class RecordingKeeper {
  readonly #parts: RecordingKeeperParts;
  readonly #settling = new Set<Recording>();
  /** Writes of one description follow one another. */
  readonly #writes = new Map<string, Promise<void>>();

  constructor(parts: RecordingKeeperParts) {
    this.#parts = parts;
  }

  /** @throws GatewayError `storage-full` */
  async requireSpace(): Promise<void> {
    if (await this.hasSpace()) return;
    throw new GatewayError('storage-full', 'There is not enough free space to record.');
  }

  async hasSpace(): Promise<boolean> {
    return (await this.#parts.folders.free()) >= this.#parts.minFreeBytes;
  }

  /** @throws Error when its folder cannot be made. */
  async begin(recording: Recording): Promise<void> {
    const { folders, index, companions, log } = this.#parts;
    await folders.describe(recording);
    await index().save(recording);
    for (const companion of companions) {
      try {
        companion.began?.(recording, folders.folder(recording.id));
      } catch (error) {
        log.error({ err: error, recording: recording.id }, 'companion of a recording failed');
      }
    }
  }

  /** Keeps a recording as it is now, and ends it when nothing of it is outstanding. */
  async changed(recording: Recording): Promise<void> {
    if (this.#parts.index().byId(recording.id) === undefined) return;
    await this.#write(recording);
    const open = recording.parts.some(
      ({ state }) => state === 'recording' || state === 'processing',
    );
    if (recording.state !== 'processing' || open || this.#settling.has(recording)) return;
    this.#settling.add(recording);
    await this.#settle(recording).finally(() => this.#settling.delete(recording));
  }

  /** Makes what belongs to a part beside its media. */
  async partMade(recording: Recording, part: Part, media: string): Promise<void> {
    const { companions } = this.#parts;
    await this.#each(recording, companions, (each) => each.partMade?.(recording, part, media));
  }

  /** Removes it and all its files; `by` null: a rule did. */
  async delete(recording: Recording, by: string | null, why: string): Promise<void> {
    const { index, folders, bus } = this.#parts;
    await this.#writes.get(recording.id);
    await index().remove(recording.id);
    await folders.delete(recording.id);
    const data = { recording: recording.id, by, why };
    bus.publish({ type: 'recording.deleted', room: recording.room, data });
  }

  async #settle(recording: Recording): Promise<void> {
    const { companions, folders, bus } = this.#parts;
    const folder = folders.folder(recording.id);
    await this.#each(recording, companions, (each) => each.ended?.(recording, folder));
    const { id, room, parts } = recording;
    const ready = parts.filter(({ state }) => state === 'ready');
    recording.state = ready.length > 0 ? 'ready' : 'failed';
    if (ready.length === 0 && recording.detail === '') {
      recording.detail = parts.find(({ detail }) => detail !== '')?.detail ?? NOTHING;
    }
    await this.#write(recording);
    const { durationMs } = viewOf(recording);
    const bytes = bytesOf(recording);
    if (ready.length === 0) {
      const data = { recording: id, detail: recording.detail };
      bus.publish({ type: 'recording.failed', room, data });
    } else {
      const data = { recording: id, parts: ready.length, bytes, durationMs };
      bus.publish({ type: 'recording.ready', room, data });
    }
  }

  async #each(
    { id }: Recording,
    companions: readonly RecordingCompanion[],
    call: (companion: RecordingCompanion) => Promise<void> | undefined,
  ): Promise<void> {
    for (const companion of companions) {
      try {
        await call(companion);
      } catch (error) {
        this.#parts.log.error({ err: error, recording: id }, 'companion of a recording failed');
      }
    }
  }

  async #write(recording: Recording): Promise<void> {
    const { index, folders, log } = this.#parts;
    const before = this.#writes.get(recording.id) ?? Promise.resolve();
    const write = before.then(async () => {
      await index().save(recording);
      await folders.describe(recording);
    });
    const settled = write.catch((error: unknown) => {
      log.error({ err: error, recording: recording.id }, 'description of a recording not written');
    });
    this.#writes.set(recording.id, settled);
    await settled;
    if (this.#writes.get(recording.id) === settled) this.#writes.delete(recording.id);
  }
}
