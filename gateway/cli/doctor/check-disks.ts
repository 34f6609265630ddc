import type { Config } from '../../config/load.ts';
import { leastFreeBytes, readDiskSpace, type DiskSpace } from '../../disk-space.ts';
import { writtenFolders } from '../../written-folders.ts';
import { printBytes } from '../print.ts';
import { failed, ok, warning, type Check } from './check.ts';

/** The disks that data and recordings are on. */
export async function checkDisks(config: Config): Promise<readonly Check[]> {
  return await Promise.all(
    writtenFolders(config).map(async ({ folder, leastFreeBytes: least }) => {
      const space = await readDiskSpace(folder);
      const { freeBytes, totalBytes } = space;
      const text = `${printBytes(freeBytes)} free of ${printBytes(totalBytes)} at ${folder}`;
      return least === null ? judgeData(space, text) : judgeRecordings(freeBytes, least, text);
    }),
  );
}

const judgeData = (space: DiskSpace, text: string): Check =>
  space.freeBytes < leastFreeBytes(space)
    ? warning('disk', `${text}: accounts, webhooks and the audit log need more.`)
    : ok('disk', `${text}.`);

function judgeRecordings(freeBytes: number, least: number, text: string): Check {
  const name = 'recordings’ disk';
  if (freeBytes < least) {
    const wanted = `RECORDINGS_MIN_FREE_GB wants ${printBytes(least)}`;
    return failed(name, `${text}, ${wanted}: no recording begins. Delete some, or set less.`);
  }
  return freeBytes < 2 * least
    ? warning(name, `${text}: soon no recording begins.`)
    : ok(name, `${text}.`);
}
