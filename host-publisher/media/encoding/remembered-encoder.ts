import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder, gstreamerRegistry } from '../../environment.ts';
import type { MediaPlan } from '../plan.ts';

/** Sizes, rates and choices that are remembered at a time. */
const MOST = 16;

type Memory = Readonly<Record<string, string>>;

/**
 * The encoder that worked here the last time for the same picture and the same plugins. Nothing
 * fails when the file cannot be read or written: then encoders are tried again.
 */
export class RememberedEncoder {
  readonly #folder: string;
  /** null: GStreamer's list of plugins is nowhere, so that no change of it would be seen. */
  readonly #key: string | null;

  constructor(
    plan: Pick<MediaPlan, 'picture' | 'encoder' | 'excludedEncoders'>,
    { folder = cacheFolder(), registry = gstreamerRegistry() } = {},
  ) {
    const { width, height, fps } = plan.picture;
    const plugins = stampOf(registry);
    const wanted = [width, height, fps, plan.encoder, plan.excludedEncoders];
    this.#folder = folder;
    this.#key = plugins === null ? null : JSON.stringify([plugins, ...wanted]);
  }

  /** Its element, which is forgotten until `keep`: one that ends the process is not taken twice. */
  take(): string | null {
    if (this.#key === null) return null;
    const { [this.#key]: element = null, ...others } = this.#read();
    if (element !== null) this.#write(others);
    return element;
  }

  /** Remembers an encoder whose picture has gone out. */
  keep(element: string): void {
    if (this.#key === null) return;
    const others = Object.entries(this.#read()).filter(([key]) => key !== this.#key);
    this.#write(Object.fromEntries([[this.#key, element], ...others].slice(0, MOST)) as Memory);
  }

  get #file(): string {
    return join(this.#folder, 'encoders.json');
  }

  #read(): Memory {
    try {
      const memory: unknown = JSON.parse(readFileSync(this.#file, 'utf8'));
      const entries = Object.entries(memory ?? {});
      return Object.fromEntries(entries.filter(([, element]) => typeof element === 'string'));
    } catch {
      return {};
    }
  }

  #write(memory: Memory): void {
    const draft = `${this.#file}.${process.pid}`;
    try {
      makeFolder(dirname(this.#folder));
      makeFolder(this.#folder);
      writeFileSync(draft, JSON.stringify(memory));
      renameSync(draft, this.#file);
    } catch {
      return;
    }
  }
}

// Not by `recursive`, which tries for ever where nothing can be made, as below /proc.
function makeFolder(path: string): void {
  if (!existsSync(path)) mkdirSync(path);
}

function stampOf(file: string): string | null {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.mtimeMs} ${stat.size}`;
}
