import { existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { FileDesk } from '../../../../gateway/recordings/file-desk.ts';
import { RecordingFolders } from '../../../../gateway/recordings/recording-folders.ts';
import { RecordingIndex } from '../../../../gateway/recordings/recording-index.ts';
import { Remuxer } from '../../../../gateway/recordings/remuxer.ts';
import { aFolder } from '../../../support/gateway/start-gateway.ts';

const NOW = 1_700_000_000_000;
const log = pino({ level: 'silent' });

/** A gateway that records nothing, beside one that records some rooms, on one folder. */
function aDesk(folder: string, wanted: ReadonlySet<string>): FileDesk {
  const [index, remuxer] = [RecordingIndex.empty(log), new Remuxer()];
  onTestFinished(() => {
    remuxer.close();
  });
  return new FileDesk({
    ...{ index: () => index, folders: new RecordingFolders(aFolder()), nodeFolders: [folder] },
    ...{ remuxer, log, now: () => NOW },
    isWantedElsewhere: (room) => Promise.resolve(wanted.has(room)),
    onMade: () => Promise.resolve(),
    onChange: () => Promise.resolve(),
  });
}

/** A file that was written to the end so long ago. */
async function aFile(folder: string, name: string, agoMs: number): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, 'media');
  const at = (NOW - agoMs) / 1000;
  await utimes(path, at, at);
  return path;
}

test('[REC-104] a file that a recording of another gateway may want stays, until that is over', async () => {
  const folder = aFolder();
  const wanted = new Set(['demo']);
  const desk = aDesk(folder, wanted);
  const theirs = await aFile(folder, 'demo/main.1700000000000.flv', 5_000);
  const nobodys = await aFile(folder, 'other/main.1700000000000.flv', 5_000);
  for (const told of [theirs, nobodys]) await desk.told(told, null);
  expect([theirs, nobodys].map(existsSync)).toEqual([true, false]);
  await desk.takeLeft();
  wanted.clear();
  await desk.takeLeft();
  expect(existsSync(theirs)).toBe(true);
  const [left, written] = await Promise.all([
    aFile(folder, 'demo/camera.1700000000000.flv', 70_000),
    aFile(folder, 'demo/screen.1700000000000.flv.tmp', 70_000),
  ]);
  await desk.takeLeft();
  expect([left, written].map(existsSync)).toEqual([false, true]);
});
