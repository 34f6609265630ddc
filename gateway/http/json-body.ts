import type { Request } from 'express';
import type { z } from 'zod';
import { GatewayError } from '../errors.ts';

/** The JSON body as a schema has it. @throws GatewayError `bad-request` naming what is wrong. */
export const parseBody = <T extends z.ZodType>(schema: T, req: Request): z.output<T> =>
  parseInput(schema, req.body, 'body');

/** The same for any part of a request; `whole` names it where no member is to blame. */
export function parseInput<T extends z.ZodType>(
  schema: T,
  input: unknown,
  whole: string,
): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.map(String).join('.') || whole}: ${issue.message}`,
  );
  throw new GatewayError('bad-request', problems.join('; '));
}
