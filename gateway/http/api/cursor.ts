import type { z } from 'zod';
import { GatewayError } from '../../errors.ts';

/** Where a list goes on, as clients see it: opaque, and of no use but to go on. */
export const writeCursor = (place: unknown): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/**
 * The place that a cursor names, as a schema has it; undefined without a cursor.
 * @throws GatewayError `bad-request` when it is none of ours.
 */
export function readCursor<T extends z.ZodType>(
  cursor: string | undefined,
  schema: T,
): z.output<T> | undefined {
  if (cursor === undefined) return undefined;
  const place = schema.safeParse(parse(cursor));
  if (place.success) return place.data;
  throw new GatewayError('bad-request', 'cursor: is not "next" of a page of this list');
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
