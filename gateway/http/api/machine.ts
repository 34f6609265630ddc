import { Router } from 'express';
import { leastFreeBytes, readDiskSpace } from '../../disk-space.ts';
import { getMachine, type DiskView } from '../../protocol/api/machine.ts';
import type { AdminAccess } from '../admin-access.ts';
import type { HookRefusals } from '../hook-refusals.ts';
import { serve } from './serve-operation.ts';

/** A folder that is written to, and the free space that it needs; null: by the size of its disk. */
export interface WrittenFolder {
  readonly use: DiskView['use'];
  readonly folder: string;
  readonly leastFreeBytes: number | null;
}

export interface MachineRouteDeps extends AdminAccess {
  readonly writtenFolders: readonly WrittenFolder[];
  readonly hookRefusals: HookRefusals;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** `/api/v1/machine`: for administrators of the gateway. */
export function machineRoutes(deps: MachineRouteDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  serve(router, deps, getMachine, async () => ({
    now: deps.now(),
    disks: (await Promise.all(deps.writtenFolders.map(readDisk))).flat(),
    refusedHooks: deps.hookRefusals.last,
  }));
  return router;
}

async function readDisk({
  use,
  folder,
  leastFreeBytes: least,
}: WrittenFolder): Promise<DiskView[]> {
  try {
    const space = await readDiskSpace(folder);
    return [{ use, folder, ...space, leastFreeBytes: least ?? leastFreeBytes(space) }];
  } catch {
    return [];
  }
}
