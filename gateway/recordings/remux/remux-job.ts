import { z } from 'zod';

/** A file that a media server wrote, and what is to be made of it. */
export const RemuxJob = z.object({
  input: z.string(),
  format: z.enum(['flv', 'mp4']),
  /** Written anew; what stands there is replaced. */
  output: z.string(),
  /** Milliseconds of the input: from the last key frame before, up to. Null: from start, to end. */
  fromMs: z.number().nullable(),
  toMs: z.number().nullable(),
});
export type RemuxJob = z.infer<typeof RemuxJob>;

/** What was made. */
export const Remuxed = z.object({
  /** Where in the input it begins. */
  startMs: z.number(),
  durationMs: z.number(),
  /** How long the whole input is. */
  inputMs: z.number(),
  bytes: z.number().int(),
  video: z.string().nullable(),
  audio: z.string().nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
});
export type Remuxed = z.infer<typeof Remuxed>;

/** From the process that does it. `empty`: nothing in the file can be played. */
export const RemuxReply = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), doneMs: z.number() }),
  z.object({ type: z.literal('done'), remuxed: Remuxed }),
  z.object({ type: z.literal('empty') }),
  z.object({ type: z.literal('failed'), reason: z.string(), code: z.string().nullable() }),
]);
export type RemuxReply = z.infer<typeof RemuxReply>;
