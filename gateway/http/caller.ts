import type { Request } from 'express';
import type { Grant } from '../auth/grant.ts';

const grants = new WeakMap<Request, Grant>();

/** Notes whose request it is, for the audit of what becomes of it. */
export function noteCaller(req: Request, grant: Grant): void {
  grants.set(req, grant);
}

/** Who made a request, as far as it was found out. */
export const callerOf = (req: Request): Grant | undefined => grants.get(req);
