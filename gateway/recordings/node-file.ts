import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RoomId, SourceId } from '../protocol/ids.ts';

/** A file that a media server wrote or is writing: `<room>/<source>.<milliseconds>.<mp4|flv>`. */
export interface NodeFile {
  /** Its own name when it is complete. */
  readonly name: string;
  readonly path: string;
  readonly room: RoomId;
  readonly source: SourceId;
  readonly format: 'mp4' | 'flv';
  /** Epoch milliseconds, by its name. */
  readonly startedAt: number;
  /** Epoch milliseconds of the last write. */
  readonly writtenAt: number;
  /** False while its media server writes it, or when that ended in the middle. */
  readonly complete: boolean;
}

const NAME = /^([A-Za-z0-9_-]{1,64})\.(\d{12,14})\.(mp4|flv)(\.tmp)?$/;

/**
 * What stands at a path that a media server told, as we see it: its last two names under our
 * folder. Null when they are none of a recording's, or no plain file is there.
 */
export async function toldFile(folder: string, told: string): Promise<NodeFile | null> {
  return await nodeFile(folder, basename(dirname(told)), basename(told));
}

/** The files of a room, or of all rooms. Folders that are not there are empty. */
export async function nodeFiles(folder: string, room?: RoomId): Promise<NodeFile[]> {
  const rooms = room === undefined ? await namesIn(folder) : [room];
  const files: NodeFile[] = [];
  for (const each of rooms) {
    for (const name of await namesIn(join(folder, each))) {
      const file = await nodeFile(folder, each, name);
      if (file !== null) files.push(file);
    }
  }
  return files;
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

async function nodeFile(folder: string, app: string, name: string): Promise<NodeFile | null> {
  const room = RoomId.safeParse(app);
  const [, stream, startedAt, format, unfinished] = NAME.exec(name) ?? [];
  if (!room.success || stream === undefined || startedAt === undefined) return null;
  const path = join(folder, room.data, name);
  const found = await lstat(path).catch(() => null);
  if (found?.isFile() !== true) return null;
  return {
    name: name.replace(/\.tmp$/, ''),
    path,
    room: room.data,
    source: SourceId.parse(stream),
    format: format === 'flv' ? 'flv' : 'mp4',
    startedAt: Number(startedAt),
    writtenAt: found.mtimeMs,
    complete: unfinished === undefined,
  };
}
