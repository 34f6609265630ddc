import {
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  statfs,
  writeFile,
} from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ENGINE_SPOOL } from '../config/recording-settings.ts';
import { RecordingId, type PartId } from '../protocol/api/recordings.ts';
import { Recording } from './recording.ts';

const DELETED = '.deleted-';
const DESCRIPTION = 'recording.json';

/** Where recordings lie: a folder for each, with its description, its media and what goes with it. */
export class RecordingFolders {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** Where the embedded engine writes, on the same disk. */
  get spool(): string {
    return join(this.root, ENGINE_SPOOL);
  }

  folder(id: RecordingId): string {
    return join(this.root, id);
  }

  media(id: RecordingId, part: PartId): string {
    return join(this.folder(id), `${part}.mp4`);
  }

  /** Makes the root; throws when it cannot be written. */
  async prepare(): Promise<void> {
    await mkdir(this.spool, { recursive: true, mode: 0o750 });
  }

  /** Writes the description, by which an index that is lost is made anew. */
  async describe(recording: Recording): Promise<void> {
    const folder = this.folder(recording.id);
    await mkdir(folder, { recursive: true, mode: 0o750 });
    const file = join(folder, DESCRIPTION);
    await writeFile(`${file}.new`, JSON.stringify(recording), { mode: 0o640 });
    await rename(`${file}.new`, file);
  }

  /** Ids of the folders; what was being deleted is deleted now. */
  async list(): Promise<RecordingId[]> {
    const names = await readdir(this.root);
    for (const name of names) {
      if (name.startsWith(DELETED))
        await rm(join(this.root, name), { recursive: true, force: true });
    }
    return names.flatMap((name) => RecordingId.safeParse(name).data ?? []);
  }

  /** What a folder's description says; null where it cannot be read. */
  async read(id: RecordingId): Promise<Recording | null> {
    const text = await readFile(join(this.folder(id), DESCRIPTION), 'utf8').catch(() => 'null');
    const parsed = Recording.safeParse(parse(text));
    return parsed.success && parsed.data.id === id ? parsed.data : null;
  }

  /** Size of a plain file under the root; null where there is none, and where a link leads to it. */
  async size(file: string): Promise<number | null> {
    const [root, found] = await Promise.all([this.root, file].map((each) => realpath(each))).catch(
      () => [],
    );
    if (found === undefined || relative(root ?? '', found) !== relative(this.root, file))
      return null;
    const stats = await lstat(found).catch(() => null);
    return stats?.isFile() === true ? stats.size : null;
  }

  /** A folder that cannot be found any more, even if this is cut short, then nothing. */
  async delete(id: RecordingId): Promise<void> {
    const grave = join(this.root, DELETED + id);
    await rename(this.folder(id), grave).catch(ignoreMissing);
    await rm(grave, { recursive: true, force: true });
  }

  /** Bytes that are free where recordings are written. */
  async free(): Promise<number> {
    return (await this.space()).free;
  }

  /** The file system where recordings are written, bytes. @throws Error where there is none */
  async space(): Promise<{ readonly free: number; readonly size: number }> {
    const { bavail, blocks, bsize } = await statfs(this.root);
    return { free: bavail * bsize, size: blocks * bsize };
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
