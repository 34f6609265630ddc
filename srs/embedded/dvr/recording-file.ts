import { open, mkdir, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** While it is written a file has this ending, as SRS's have. */
const UNFINISHED = '.tmp';
/** More than this waiting to be written means that the disk does not keep up. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;

/** A file that is only ever appended to. What was written plays, wherever it ends. */
export class RecordingFile {
  readonly path: string;
  #handle: FileHandle | null = null;
  #work: Promise<void>;
  #waitingBytes = 0;
  #error: string | null = null;

  constructor(path: string) {
    this.path = path;
    this.#work = this.#open().catch((error: unknown) => this.#fail(error));
  }

  /** Why nothing more can be written, in the system's words; null while it can. */
  get error(): string | null {
    return this.#error;
  }

  /** Returns at once; bytes are written in order. */
  append(bytes: Buffer): void {
    if (this.#error !== null) return;
    if (this.#waitingBytes + bytes.length > MOST_WAITING_BYTES) {
      this.#error = 'the disk does not keep up';
      return;
    }
    this.#waitingBytes += bytes.length;
    this.#work = this.#work
      .then(async () => {
        if (this.#error === null) await writeAll(this.#handle, bytes);
      })
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#waitingBytes -= bytes.length;
      });
  }

  /** Writes what is left and gives the file its name. Never rejects: see `error`. */
  async close(): Promise<void> {
    await this.#work;
    const handle = this.#handle;
    this.#handle = null;
    if (handle === null) return;
    try {
      await handle.datasync();
    } catch (error) {
      this.#fail(error);
    }
    await handle.close().catch((error: unknown) => this.#fail(error));
    await rename(this.path + UNFINISHED, this.path).catch((error: unknown) => this.#fail(error));
  }

  async #open(): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    this.#handle = await open(this.path + UNFINISHED, 'wx', 0o640);
  }

  #fail(error: unknown): void {
    const code = (error as NodeJS.ErrnoException).code ?? null;
    const text = error instanceof Error ? error.message : String(error);
    this.#error ??= code === 'ENOSPC' ? 'the disk is full' : text;
  }
}

async function writeAll(handle: FileHandle | null, bytes: Buffer): Promise<void> {
  for (let at = 0; handle !== null && at < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, at);
    at += bytesWritten;
  }
}
