import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { LIMITS } from '../../limits/limits.ts';
import type { Logger } from '../../observability/logger.ts';
import { MOST_THUMBNAILS, thumbnailIntervalMs } from '../../protocol/thumbnails.ts';

/** What of a part is asked and told. */
interface PictureSource {
  readonly id: string;
  readonly durationMs: number;
  readonly video: string | null;
  thumbnails: number;
  detail: string;
}

/** Where the pictures of a part lie, `0.jpg` and so on. */
export const thumbnailFolder = (recordingFolder: string, part: string): string =>
  join(recordingFolder, `${part}-thumbnails`);

/** Small pictures of parts, made by the system's ffmpeg: one part at a time, with low priority. */
export class Thumbnails {
  readonly #command: string;
  readonly #log: Logger;
  #work: Promise<void> = Promise.resolve();
  readonly #closed = new AbortController();

  /** `command`: what is run as ffmpeg. */
  constructor({ command = 'ffmpeg', log }: { readonly command?: string; readonly log: Logger }) {
    this.#command = command;
    this.#log = log;
  }

  /** Makes those of a part and sets how many there are; says in its `detail` why there are none. */
  partMade(_recording: unknown, part: PictureSource, file: string): Promise<void> {
    this.#work = this.#work.then(() => this.#make(part, file));
    return this.#work;
  }

  /** Ends what runs; parts that wait have none. */
  close(): void {
    this.#closed.abort();
  }

  #isClosed(): boolean {
    return this.#closed.signal.aborted;
  }

  async #make(part: PictureSource, file: string): Promise<void> {
    if (part.video === null || this.#isClosed()) return;
    const folder = thumbnailFolder(dirname(file), part.id);
    const fresh = `${folder}.new`;
    try {
      await rm(fresh, { recursive: true, force: true });
      await mkdir(fresh, { mode: 0o750 });
      await this.#run(argumentsFor(part, file, fresh));
      await rm(folder, { recursive: true, force: true });
      await rename(fresh, folder);
      part.thumbnails = (await readdir(folder)).length;
    } catch (error) {
      await rm(fresh, { recursive: true, force: true });
      if (this.#isClosed()) return;
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      part.detail ||= isMissing ? NOT_INSTALLED : NOT_MADE;
      if (!isMissing) this.#log.warn({ err: error, part: part.id }, 'thumbnails not made');
    }
  }

  async #run(args: readonly string[]): Promise<void> {
    const child = spawn(this.#command, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: LIMITS.thumbnailsMs,
      killSignal: 'SIGKILL',
      signal: this.#closed.signal,
    });
    if (child.pid !== undefined) setPriority(child.pid, LOW_PRIORITY);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-500);
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    if (code !== 0) throw new Error(`ffmpeg ended with ${signal ?? String(code)}: ${said}`);
  }
}

const LOW_PRIORITY = 15;
/** Longer ones are read by their key frames alone, which may be minutes apart. */
const WHOLE_MS = 300_000;
const NOT_INSTALLED = 'There are no thumbnails: ffmpeg is not installed beside the gateway.';
const NOT_MADE = 'There are no thumbnails: ffmpeg could not read it.';

/** A picture may change its size: each fits into the same frame. */
function argumentsFor({ durationMs }: PictureSource, file: string, folder: string): string[] {
  const [width, height] = [240, 136];
  const fit = `scale=${width}:${height}:force_original_aspect_ratio=decrease:force_divisible_by=2`;
  const pad = `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`;
  const rate = `fps=1000/${thumbnailIntervalMs(durationMs)}:eof_action=pass`;
  const few = durationMs > WHOLE_MS ? ['-skip_frame', 'nokey'] : [];
  return [
    ...['-nostdin', '-v', 'error', '-threads', '1', ...few, '-i', file, '-an'],
    ...['-vf', `${rate},${fit},${pad},setsar=1`, '-frames:v', String(MOST_THUMBNAILS)],
    ...['-q:v', '6', '-start_number', '0', '-f', 'image2', join(folder, '%d.jpg')],
  ];
}
