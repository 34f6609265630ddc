import type { Request } from 'express';
import type { z } from 'zod';
import { GatewayError } from '../errors.ts';

/** The JSON body as a schema has it. @throws GatewayError `bad-request` naming what is wrong. */
export function parseBody<T extends z.ZodType>(schema: T, req: Request): z.output<T> {
  const parsed = schema.safeParse(req.body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.map(String).join('.') || 'body'}: ${issue.message}`,
  );
  throw new GatewayError('bad-request', problems.join('; '));
}
