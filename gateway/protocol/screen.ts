import { z } from 'zod';

/**
 * How large the one with the pointer sees the picture: CSS pixels, and how many of the screen's
 * pixels each has. Null: it has no wish any more. A host that can resize itself follows.
 */
export const Viewport = z.strictObject({
  type: z.literal('viewport'),
  size: z
    .strictObject({
      width: z.int().min(1).max(16_384),
      height: z.int().min(1).max(16_384),
      scale: z.number().min(0.25).max(8),
    })
    .nullable(),
});
export type Viewport = z.infer<typeof Viewport>;

/** Runs one of the commands that the host allows, by its name. */
export const HostRun = z.strictObject({
  type: z.literal('host/run'),
  id: z.string().min(1).max(32),
  command: z.string().min(1).max(32),
});
export type HostRun = z.infer<typeof HostRun>;

export const HostRan = z.object({
  type: z.literal('host/ran'),
  id: z.string().min(1).max(32),
  ok: z.boolean(),
  /** For people. */
  sentence: z.string().max(500),
});
export type HostRan = z.infer<typeof HostRan>;
