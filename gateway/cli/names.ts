import type { z } from 'zod';
import { RoomId, SourceId } from '../protocol/ids.ts';
import { UsageError } from './command.ts';

/** @throws UsageError */
export const roomOf = (text: string): RoomId => parseAs(RoomId, text, 'room');
/** @throws UsageError */
export const sourceOf = (text: string): SourceId => parseAs(SourceId, text, 'source');

/** A word of the command line as a schema has it. @throws UsageError naming it. */
export function parseAs<T extends z.ZodType>(schema: T, text: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${what}: ${issue?.message ?? 'cannot be read'}`);
}
