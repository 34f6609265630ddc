import type { NextFunction, Request, RequestHandler, Response, Router } from 'express';
import type { z } from 'zod';
import { mayDo, mayOperate, type Grant } from '../../auth/grant.ts';
import { GatewayError } from '../../errors.ts';
import {
  isRaw,
  successOf,
  type Access,
  type BodyOf,
  type OperationTable,
  type ParamsOf,
  type QueryOf,
  type ReplyOf,
} from '../../protocol/api/operation.ts';
import { RoomId, SourceId } from '../../protocol/ids.ts';
import type { AdminAccess } from '../admin-access.ts';
import {
  adminGrant,
  anyGrant,
  globalAdminGrant,
  operatorGrant,
  roomGrant,
} from '../authenticate.ts';
import { readJson } from '../body.ts';
import { claimHome } from '../cluster/hand-on.ts';
import { parseInput } from '../json-body.ts';
import { requireMatch } from '../preconditions.ts';

/** A request that may be answered: read by the operation's own schemas. */
export interface Call<O extends OperationTable> {
  readonly grant: O['access'] extends 'open' ? undefined : Grant;
  readonly params: ParamsOf<O>;
  readonly query: QueryOf<O>;
  readonly body: BodyOf<O>;
  readonly req: Request;
  readonly res: Response;
  /** Holds `If-Match` against the version that is to be changed. @throws GatewayError 412 */
  readonly requireVersion: (version: number | string) => void;
}

/** A thing and its version, from an operation with `etag`. */
export interface Versioned<T> {
  readonly version: number | string;
  readonly value: T;
}

export type Answer<O extends OperationTable> = O['reply'] extends z.ZodType
  ? O extends { readonly etag: true }
    ? Versioned<ReplyOf<O>>
    : ReplyOf<O>
  : undefined;

/**
 * Routes an operation: its right is asked for before a byte of the body is read, then path, query
 * and body are parsed, then `handle` answers. What is not JSON `handle` reads and writes itself.
 */
export function serve<const O extends OperationTable>(
  router: Router,
  access: AdminAccess,
  operation: O,
  handle: (call: Call<O>) => Promise<Answer<O>> | Answer<O>,
): void {
  const authorize = async (req: Request, res: Response, next: NextFunction): Promise<void> => {
    res.locals['grant'] = await operationGrant(req, access, operation.access);
    if (operation.etag === true && !isRead(req)) requireMatchHeader(req);
    if (operation.access !== 'open' && !isRead(req)) await claimHome(req);
    next();
  };
  const answer = async (req: Request, res: Response): Promise<void> => {
    const call = {
      grant: res.locals['grant'] as Grant | undefined,
      ...inputsOf(operation, req),
      req,
      res,
      requireVersion: (version: number | string) => {
        requireMatch(req.get('if-match'), etagOf(version));
      },
    } as Call<O>;
    send(operation, res, await handle(call));
  };
  const readBody: RequestHandler[] = readsJson(operation) ? [readJson] : [];
  const method = operation.method.toLowerCase() as Lowercase<O['method']>;
  router[method](operation.path, authorize, ...readBody, answer);
}

/** The grant of a request that an access level lets in. @throws GatewayError */
async function operationGrant(
  req: Request,
  access: AdminAccess,
  level: Access,
): Promise<Grant | undefined> {
  const hasRoom = req.params['room'] !== undefined;
  switch (level) {
    case 'open':
      return undefined;
    case 'look':
      return hasRoom ? (await roomGrant(req, access)).grant : await anyGrant(req, access);
    case 'publish':
    case 'watch':
    case 'host':
      return await actorGrant(req, access, level);
    case 'operate': {
      const grant = await operatorGrant(req, access);
      if (hasRoom) requireRoom(req, (room) => mayOperate(grant, room));
      return grant;
    }
    case 'admin': {
      const grant = await adminGrant(req, access);
      if (hasRoom) requireRoom(req, (room) => mayDo(grant, 'admin', room));
      return grant;
    }
    case 'global-admin':
      return await globalAdminGrant(req, access);
  }
}

/** Whoever may do this there, and operators where they steer it as well. @throws GatewayError */
async function actorGrant(
  req: Request,
  access: AdminAccess,
  action: 'publish' | 'watch' | 'host',
): Promise<Grant> {
  const { grant, room } = await roomGrant(req, access);
  const source = SourceId.safeParse(req.params['source']);
  const mayAct = mayDo(grant, action, room, source.data);
  if (mayAct || (action === 'host' && mayOperate(grant, room))) return grant;
  throw new GatewayError('scope-insufficient', `This needs a token with "${action}" here.`, {
    scope: action,
  });
}

function requireRoom(req: Request, mayAct: (room: RoomId) => boolean): void {
  const room = RoomId.safeParse(req.params['room']);
  if (!room.success) throw badName();
  if (!mayAct(room.data)) {
    throw new GatewayError('scope-insufficient', 'This token is for another room.');
  }
}

function inputsOf(operation: OperationTable, req: Request) {
  const params = operation.params?.safeParse(req.params);
  if (params?.success === false) throw badName();
  const { query, body } = operation;
  return {
    params: params?.data,
    query: query && parseInput(query, { ...req.query }, 'query'),
    body: body === undefined || isRaw(body) ? undefined : parseInput(body, req.body, 'body'),
  };
}

function send(operation: OperationTable, res: Response, result: unknown): void {
  const { reply, etag } = operation;
  if (reply !== null && isRaw(reply)) return;
  res.status(successOf(operation)).set('Cache-Control', 'no-store');
  if (reply === null) {
    res.end();
    return;
  }
  if (etag !== true) {
    res.json(result);
    return;
  }
  const { version, value } = result as Versioned<unknown>;
  res.set('ETag', etagOf(version)).json(value);
}

function requireMatchHeader(req: Request): void {
  if (req.method === 'POST' || req.get('if-match') !== undefined) return;
  throw new GatewayError('precondition-required', 'Send If-Match with the ETag you know, or "*".');
}

const isRead = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD';

const readsJson = ({ body }: OperationTable): boolean => body !== undefined && !isRaw(body);

/** The entity-tag of a version. */
const etagOf = (version: number | string): string => `"${version}"`;

const badName = (): GatewayError =>
  new GatewayError('not-found', 'There is nothing by a name like this.');
