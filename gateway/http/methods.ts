import type { NextFunction, Request, Response } from 'express';
import { GatewayError } from '../errors.ts';

/** The methods of RFC 9110 §9 and RFC 5789; node knows many more. */
export const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
]);

/** RFC 9110 §15.6.2. */
export function refuseUnknownMethods(req: Request, _res: Response, next: NextFunction): void {
  if (!METHODS.has(req.method)) {
    throw new GatewayError('method-unknown', 'This HTTP method is not known here.');
  }
  next();
}
