import type { Request } from 'express';
import { isForRoom, isGlobalAdmin, isOperator, mayDo, type Grant } from '../auth/grant.ts';
import type { Tokens } from '../auth/tokens.ts';
import { GatewayError } from '../errors.ts';
import type { Action } from '../protocol/grant.ts';
import { DEFAULT_SOURCE, RoomId, SourceId } from '../protocol/ids.ts';
import { accessGrant, type AdminAccess } from './admin-access.ts';
import { bearerOf } from './bearer.ts';
import { noteCaller } from './caller.ts';
import { claimHome } from './cluster/hand-on.ts';

/** The room and source that a path names, and the verified right to act there. */
export interface Place {
  readonly room: RoomId;
  readonly source: SourceId;
  readonly grant: Grant;
}

const grants = new WeakMap<Request, Promise<Grant>>();

/** The grant of a request's token, looked at once. @throws GatewayError */
export function verified(req: Request, tokens: Tokens, bearer: string): Promise<Grant> {
  const grant = grants.get(req) ?? tokens.verify(bearer);
  grants.set(req, grant);
  return grant;
}

/** Turns path and token into a place, before any byte of the body is read. @throws GatewayError */
export async function placeOf(
  req: Request,
  tokens: Tokens,
  action: Action,
  bearer = bearerOf(req),
): Promise<Place> {
  const grant = await verified(req, tokens, bearer);
  noteCaller(req, grant);
  const { room, source } = namesOf(req);
  if (!mayDo(grant, action, room, source)) throw notAllowed(action);
  await claimHome(req);
  return { room, source, grant };
}

/** The same for a room, whichever its sources are. @throws GatewayError */
export async function roomPlaceOf(
  req: Request,
  tokens: Tokens,
  action: Action,
): Promise<Pick<Place, 'room' | 'grant'>> {
  const grant = await tokens.verify(bearerOf(req));
  noteCaller(req, grant);
  const { room } = namesOf(req);
  if (!mayDo(grant, action, room)) throw notAllowed(action);
  await claimHome(req);
  return { room, grant };
}

/** A grant that may look into a room, whatever it may do there. @throws GatewayError */
export async function roomGrant(
  req: Request,
  access: AdminAccess,
): Promise<{ room: RoomId; grant: Grant }> {
  const grant = await anyGrant(req, access);
  const { room } = namesOf(req);
  if (!isForRoom(grant, room)) {
    throw new GatewayError('scope-insufficient', 'This token is for another room.');
  }
  return { room, grant };
}

/** Any grant that is good. @throws GatewayError */
export async function anyGrant(req: Request, access: AdminAccess): Promise<Grant> {
  const grant = await accessGrant(req, access);
  noteCaller(req, grant);
  return grant;
}

/** Who may operate rooms: all, or some. @throws GatewayError */
export async function operatorGrant(req: Request, access: AdminAccess): Promise<Grant> {
  const grant = await anyGrant(req, access);
  if (!isOperator(grant)) {
    throw new GatewayError('scope-insufficient', 'This needs a token with "operate".', {
      scope: 'operate',
    });
  }
  return grant;
}

/** An administrator, of all rooms or of the grant's own. @throws GatewayError */
export async function adminGrant(req: Request, access: AdminAccess): Promise<Grant> {
  const grant = await anyGrant(req, access);
  if (!grant.can.includes('admin')) {
    throw new GatewayError('scope-insufficient', 'This needs a token with "admin".', {
      scope: 'admin',
    });
  }
  return grant;
}

/** An administrator of the whole gateway. @throws GatewayError */
export async function globalAdminGrant(req: Request, access: AdminAccess): Promise<Grant> {
  const grant = await adminGrant(req, access);
  if (!isGlobalAdmin(grant)) {
    throw new GatewayError('scope-insufficient', 'This needs an "admin" token for room "*".');
  }
  return grant;
}

function namesOf(req: Request): { room: RoomId; source: SourceId } {
  const room = RoomId.safeParse(req.params['room']);
  const source = SourceId.safeParse(req.params['source'] ?? DEFAULT_SOURCE);
  if (room.success && source.success) return { room: room.data, source: source.data };
  throw new GatewayError(
    'not-found',
    'Room and source names have 1 to 64 letters, digits, "-" or "_".',
  );
}

const notAllowed = (action: Action): GatewayError =>
  new GatewayError('scope-insufficient', `This token does not allow to ${action} here.`, {
    scope: action,
  });
