import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EventBus } from '../events/event-bus.ts';
import type { Service } from '../lifecycle.ts';
import type { Logger } from '../observability/logger.ts';
import type { Nodes } from '../rooms/nodes.ts';
import { openStore } from '../store/open-store.ts';
import { STOPS } from './causes.ts';
import type { RecordingCompanion } from './companion.ts';
import { FileDesk } from './file-desk.ts';
import { heal } from './heal.ts';
import { NodeRecorders } from './node-recorders.ts';
import { RecordingDesk } from './recording-desk.ts';
import { RecordingFolders } from './recording-folders.ts';
import { RECORDING_MIGRATIONS, RecordingIndex } from './recording-index.ts';
import { RecordingKeeper } from './recording-keeper.ts';
import type { RecordingSettings } from './recording-policy.ts';
import type { RecordingRegister } from './recording-register.ts';
import { Remuxer } from './remuxer.ts';
import { overdue, type RetentionRules } from './retention.ts';

const SPACE_CHECK_MS = 5_000;
const RETENTION_CHECK_MS = 60_000;

export interface RecordingsOptions {
  readonly settings: RecordingSettings & RetentionRules & { readonly minFreeBytes: number };
  readonly dataDir: string;
  readonly folder: string;
  /** Where SRS's files are seen; undefined: nowhere. */
  readonly dvrFolder: string | undefined;
  readonly companions: readonly RecordingCompanion[];
  readonly register: RecordingRegister;
  readonly nodes: Nodes;
  readonly bus: EventBus;
  readonly log: Logger;
  readonly now: () => number;
}

/** All that recordings need, as one service. */
export class Recordings implements Service {
  readonly name = 'recordings';
  readonly desk: RecordingDesk;
  readonly folders: RecordingFolders;
  readonly recorders: NodeRecorders;
  readonly keeper: RecordingKeeper;
  readonly #options: RecordingsOptions;
  readonly remuxer = new Remuxer();
  readonly #files: FileDesk;
  readonly #nodeFolders: readonly string[];
  readonly #timers: NodeJS.Timeout[] = [];
  #index: RecordingIndex | null = null;

  constructor(options: RecordingsOptions) {
    this.#options = options;
    const { settings, companions, nodes, bus, log, now, dvrFolder } = options;
    const index = (): RecordingIndex => this.index;
    this.folders = new RecordingFolders(options.folder);
    this.#nodeFolders = [this.folders.spool, ...(dvrFolder === undefined ? [] : [dvrFolder])];
    this.keeper = new RecordingKeeper({
      ...{ index, folders: this.folders, companions, bus, log },
      minFreeBytes: settings.minFreeBytes,
    });
    this.#files = new FileDesk({
      ...{ index, folders: this.folders, nodeFolders: this.#nodeFolders, log, now },
      remuxer: this.remuxer,
      isWantedElsewhere: (room) => options.register.isOpenElsewhere(room),
      onMade: (recording, part, media) => this.keeper.partMade(recording, part, media),
      onChange: (recording) => this.keeper.changed(recording),
    });
    this.recorders = new NodeRecorders({ nodes, seesFiles: dvrFolder !== undefined, log });
    this.desk = new RecordingDesk({
      ...{ settings, index, keeper: this.keeper, files: this.#files },
      ...{ recorders: this.recorders, bus, log, now },
    });
  }

  /** @throws Error before it is started. */
  get index(): RecordingIndex {
    if (this.#index === null) throw new Error('the recordings are not open');
    return this.#index;
  }

  /** Of all media that is kept; 0 before the start. */
  get bytes(): number {
    return this.#index?.bytes ?? 0;
  }

  /** Space in bytes, as the settings say it; `maxBytes` 0: no limit. */
  get limits(): { readonly minFreeBytes: number; readonly maxBytes: number } {
    return this.#options.settings;
  }

  get isOn(): boolean {
    return this.#options.settings.mode !== 'off';
  }

  /** Even when nothing is recorded any more, what was is served. */
  async start(): Promise<void> {
    const { dataDir, register, log, now } = this.#options;
    const file = join(dataDir, 'recordings.db');
    if (!this.isOn && !existsSync(file)) {
      this.#index = RecordingIndex.empty(log);
      return;
    }
    await this.folders.prepare();
    const store = await openStore({ file, migrations: RECORDING_MIGRATIONS, log });
    this.#index = await RecordingIndex.open(store, log, register);
    const { folders, keeper } = this;
    const nodeFolders = this.#nodeFolders;
    register.start(() => this.index.held());
    await heal({ index: this.index, folders, nodeFolders, files: this.#files, keeper, log, now });
    this.#every(SPACE_CHECK_MS, () => this.#watchSpace());
    this.#every(RETENTION_CHECK_MS, () => this.sweep());
    await this.sweep();
  }

  /** A media server told of a file. */
  told(path: string, error: string | null): void {
    if (this.#index === null) return;
    void this.#files.told(path, error);
  }

  /** Deletes what is too old or too much. */
  async sweep(): Promise<void> {
    const { settings, register, now } = this.#options;
    for (const { recording, why } of overdue(this.index.all(), settings, now())) {
      await this.keeper.delete(recording, null, why);
    }
    if (!register.isAlone) await this.#files.takeLeft();
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#index === null) return;
    await this.desk.close();
    await this.recorders.close();
    this.remuxer.close();
    for (const companion of this.#options.companions) companion.close?.();
    await this.#files.close();
    this.#options.register.close();
    await this.#index.close();
  }

  async #watchSpace(): Promise<void> {
    if (this.desk.count === 0 || (await this.keeper.hasSpace())) return;
    for (const recording of this.desk.running()) {
      recording.detail = `${recording.detail} It ended early: no free space was left.`.trim();
      await this.desk.stop(recording, null, STOPS['disk-full']);
    }
  }

  #every(ms: number, run: () => Promise<void>): void {
    const safely = (): void => {
      run().catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'recordings not looked after');
      });
    };
    this.#timers.push(setInterval(safely, ms));
  }
}
