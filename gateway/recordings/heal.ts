import type { Logger } from '../observability/logger.ts';
import type { FileDesk } from './file-desk.ts';
import { nodeFiles } from './node-file.ts';
import type { Recording } from './recording.ts';
import type { RecordingFolders } from './recording-folders.ts';
import type { RecordingIndex } from './recording-index.ts';
import type { RecordingKeeper } from './recording-keeper.ts';

const GONE = 'Its file is gone.';

export interface HealParts {
  readonly index: RecordingIndex;
  readonly folders: RecordingFolders;
  readonly nodeFolders: readonly string[];
  readonly files: FileDesk;
  readonly keeper: RecordingKeeper;
  readonly log: Logger;
  readonly now: () => number;
}

/**
 * Brings index and files together after a start, however the gateway ended: folders without a row
 * get one by their description, rows without files say so, what was being recorded ends with what
 * was written, and files of media servers become parts or are deleted.
 */
export async function heal(parts: HealParts): Promise<void> {
  const { index, folders, log, files, keeper } = parts;
  for (const id of await folders.list()) {
    if (index.byId(id) !== undefined) continue;
    const recording = await folders.read(id);
    if (recording === null) log.warn({ recording: id }, 'folder of a recording says nothing of it');
    else {
      await index.save(recording);
      log.info({ recording: id }, 'recording is in the index again');
    }
  }
  for (const recording of index.all()) await settle(recording, parts);
  await files.takeAll();
  // What no file came for is looked for once more, and then is known to be lost.
  for (const recording of index.all()) {
    for (const part of recording.parts) files.expect(recording, part);
    await keeper.changed(recording);
  }
}

async function settle(recording: Recording, parts: HealParts): Promise<void> {
  const { folders } = parts;
  for (const part of recording.parts) {
    const size = await folders.size(folders.media(recording.id, part.id));
    if (part.state === 'ready' && size === null) {
      Object.assign(part, { state: 'failed', detail: GONE, bytes: 0, durationMs: 0 });
    } else if (part.state === 'processing') {
      // Made anew from its media server's file, where that is still there.
      part.state = 'recording';
    }
  }
  if (recording.state === 'recording') {
    recording.endedAt = await lastSign(recording, parts);
    recording.state = 'processing';
  } else if (
    recording.state === 'ready' &&
    recording.parts.every(({ state }) => state === 'failed')
  ) {
    Object.assign(recording, { state: 'failed', detail: GONE });
  }
}

/** When something was last written of a recording that was cut short. */
async function lastSign({ room, startedAt }: Recording, parts: HealParts): Promise<number> {
  let lastAt = startedAt;
  for (const folder of parts.nodeFolders) {
    for (const { writtenAt } of await nodeFiles(folder, room)) lastAt = Math.max(lastAt, writtenAt);
  }
  return Math.min(Math.round(lastAt), parts.now());
}
