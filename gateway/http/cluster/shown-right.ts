import type { Request } from 'express';
import { mayDo } from '../../auth/grant.ts';
import type { Tokens } from '../../auth/tokens.ts';
import { DEFAULT_SOURCE, RoomId, SourceId } from '../../protocol/ids.ts';
import type { SessionKind } from '../../protocol/session-kind.ts';
import { verified } from '../authenticate.ts';
import { bearerOf } from '../bearer.ts';

const KINDS: Readonly<Record<string, SessionKind>> = { whip: 'publish', whep: 'watch' };

/**
 * What a request is an offer for that brings a right to make it: such a one may claim its room with
 * its first question to Redis. Undefined of all others; why is said where they are refused.
 */
export async function shownRight(
  req: Request,
  deps: { readonly tokens: Tokens; readonly tokenInQuery: boolean },
): Promise<SessionKind | undefined> {
  const [, endpoint = '', ...names] = /^\/(whip|whep)\/([^/]+)(?:\/([^/]+))?$/.exec(req.path) ?? [];
  const kind = KINDS[endpoint];
  if (req.method !== 'POST' || kind === undefined) return undefined;
  const room = RoomId.safeParse(names[0]).data;
  const source = SourceId.safeParse(names[1] ?? DEFAULT_SOURCE).data;
  if (room === undefined || source === undefined) return undefined;
  try {
    const bearer = bearerOf(req, { inQuery: deps.tokenInQuery });
    const grant = await verified(req, deps.tokens, bearer);
    return mayDo(grant, kind, room, source) ? kind : undefined;
  } catch {
    return undefined;
  }
}
