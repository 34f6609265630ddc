import type { Request } from 'express';
import { mayDo } from '../../auth/grant.ts';
import type { Tokens } from '../../auth/tokens.ts';
import type { Action } from '../../protocol/grant.ts';
import { DEFAULT_SOURCE, RoomId, SourceId } from '../../protocol/ids.ts';
import { verified } from '../authenticate.ts';
import { bearerOf } from '../bearer.ts';

const ACTIONS: Readonly<Record<string, Action>> = { whip: 'publish', whep: 'watch' };

/**
 * Whether a request is an offer that brings a right to make it: such a one may claim its room with
 * its first question to Redis. Why another does not is said where it is refused.
 */
export async function showsRight(
  req: Request,
  deps: { readonly tokens: Tokens; readonly tokenInQuery: boolean },
): Promise<boolean> {
  const [, endpoint = '', ...names] = /^\/(whip|whep)\/([^/]+)(?:\/([^/]+))?$/.exec(req.path) ?? [];
  const action = ACTIONS[endpoint];
  if (req.method !== 'POST' || action === undefined) return false;
  const room = RoomId.safeParse(names[0]).data;
  const source = SourceId.safeParse(names[1] ?? DEFAULT_SOURCE).data;
  if (room === undefined || source === undefined) return false;
  try {
    const bearer = bearerOf(req, { inQuery: deps.tokenInQuery });
    return mayDo(await verified(req, deps.tokens, bearer), action, room, source);
  } catch {
    return false;
  }
}
