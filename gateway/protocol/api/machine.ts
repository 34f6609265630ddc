import { z } from 'zod';
import { operation } from './operation.ts';

/** A disk that the gateway writes to. */
export const DiskView = z.object({
  /** `data`: accounts, the outbox, the audit log; `recordings`: media. */
  use: z.enum(['data', 'recordings']),
  folder: z.string(),
  freeBytes: z.number(),
  totalBytes: z.number(),
  /** With less it is nearly full; of recordings: they end. */
  leastFreeBytes: z.number(),
});
export type DiskView = z.infer<typeof DiskView>;

/** The machine of the gateway, as far as somebody must look after it. */
export const MachineView = z
  .object({
    /** Epoch milliseconds, by the gateway's clock. */
    now: z.number(),
    /** What cannot be read is left out. */
    disks: z.array(DiskView),
    /** Hooks with a wrong secret from where media servers may be; null: none since the start. */
    refusedHooks: z
      .object({
        count: z.int(),
        /** Epoch milliseconds. */
        lastAt: z.number(),
        /** Who called last. */
        address: z.string(),
      })
      .nullable(),
  })
  .meta({ id: 'Machine' });
export type MachineView = z.infer<typeof MachineView>;

export const getMachine = operation({
  id: 'getMachine',
  method: 'GET',
  path: '/api/v1/machine',
  tag: 'Settings',
  summary: 'The machine of the gateway: its clock, its disks, hooks that were refused',
  access: 'global-admin',
  reply: MachineView,
});
