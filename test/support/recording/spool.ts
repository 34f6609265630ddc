import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../wait-for.ts';

/** Waits until the engine has a file of more than so many bytes of a room. */
export async function spoolHolds(folder: string, room: string, bytes: number): Promise<void> {
  await waitFor(async () => (await largest(folder, room)) > bytes, {
    timeoutMs: 60_000,
    what: `${bytes} bytes in the spool of ${room}`,
  });
}

/** Waits until its file has so many bytes more than now. */
export async function spoolGrows(folder: string, room: string, bytes: number): Promise<void> {
  await spoolHolds(folder, room, (await largest(folder, room)) + bytes);
}

async function largest(folder: string, room: string): Promise<number> {
  const spool = join(folder, '.engine', room);
  const names = await readdir(spool).catch(() => []);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(spool, name))).size));
  return Math.max(0, ...sizes);
}
