import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a disk has. */
export interface DiskSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

const LEAST_FREE = { bytes: 1024 ** 3, share: 0.05 };

/** Of the disk that a folder lies on, or will once it is made. @throws Error when it cannot be read. */
export async function readDiskSpace(folder: string): Promise<DiskSpace> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isMissing || dirname(folder) === folder) throw error;
    return await readDiskSpace(dirname(folder));
  }
}

/** Free bytes below which a disk is nearly full: recordings and the audit log need more. */
export const leastFreeBytes = ({ totalBytes }: Pick<DiskSpace, 'totalBytes'>): number =>
  Math.max(LEAST_FREE.bytes, totalBytes * LEAST_FREE.share);
