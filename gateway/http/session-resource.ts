import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { Tokens } from '../auth/tokens.ts';
import { GatewayError } from '../errors.ts';
import { SessionSecret } from '../protocol/ids.ts';
import type { Session } from '../rooms/session.ts';
import type { Sessions } from '../rooms/sessions.ts';
import { readFragment } from '../sdp/fragment.ts';
import { bearerOf } from './bearer.ts';
import { readBytes, requireBody, textOf, typeOf } from './body.ts';
import { requireMatch, type IfMatchRule } from './preconditions.ts';
import type { RateLimits } from './rate-limit.ts';

const FRAGMENT = 'application/trickle-ice-sdpfrag';
const SDP = 'application/sdp';
const ALLOW = 'DELETE, GET, HEAD, OPTIONS, PATCH';

export interface SessionResourceDeps {
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly limits: RateLimits;
  readonly ifMatch: IfMatchRule;
}

/**
 * `/sessions/:secret`: the URL is a capability. Without Authorization it suffices; with it, the
 * token must be valid and own the session.
 */
export function sessionRoutes(deps: SessionResourceDeps): Router {
  const { tokens, sessions, limits } = deps;
  const router = Router({ caseSensitive: true, strict: true });
  const path = '/sessions/:secret';

  const find = async (req: Request): Promise<Session> => {
    const secret = SessionSecret.safeParse(req.params['secret']);
    const bearer = req.get('authorization') === undefined ? undefined : bearerOf(req);
    const grant = bearer === undefined ? undefined : await tokens.verify(bearer);
    const session = lookUp(sessions, req);
    if (grant !== undefined && session !== undefined && grant.subject !== session.grant.subject) {
      throw new GatewayError('scope-insufficient', 'This session is not yours.');
    }
    if (session === undefined) {
      throw new GatewayError('session-not-found', 'There is no such session, or no longer.', {
        reason: secret.success ? sessions.registry.endingOf(secret.data) : undefined,
      });
    }
    return session;
  };

  router.options(path, (_req, res) => {
    res.set('Accept-Patch', FRAGMENT).set('Allow', ALLOW).status(200).end();
  });
  // Who has the address of a session was let in before.
  const guard: RequestHandler = async (req, res, next) => {
    await limits.admit(req, res, lookUp(sessions, req) !== undefined);
    next();
  };
  // Fragments count for their session (HOSTILE-23), guesses for their address (HOSTILE-19).
  const guardPatch: RequestHandler = async (req, res, next) => {
    const session = lookUp(sessions, req);
    if (session === undefined) {
      await guard(req, res, next);
      return;
    }
    const { id, grant, room } = session;
    await limits.takeFragment(id, { subject: grant.subject, room }, req);
    next();
  };

  router.get(path, guard, async (req, res) => {
    await find(req);
    res.status(204).set('Cache-Control', 'no-store').end();
  });
  router.delete(path, guard, async (req, res) => {
    // RFC 9725 §4.3.1: entity-tags are ignored here.
    await find(req).then(
      (session) => sessions.end(session, 'client'),
      (error: unknown) => {
        if (!isLateGoodbye(error, sessions, req)) throw error;
      },
    );
    // Three known clients take anything but 200 for a failure (WHIP-30).
    res.status(200).set('Content-Length', '0').end();
  });
  router.patch(
    path,
    guardPatch,
    async (req, res, next) => {
      const session = await find(req);
      res.locals['session'] = session;
      res.set('Accept-Patch', FRAGMENT);
      checkHead(session, req, res);
      next();
    },
    readBytes,
    (req, res) => {
      const session = res.locals['session'] as Session;
      requireMatch(req.get('if-match'), session.etag, deps.ifMatch);
      takeFragment(session, textOf(req));
      res.status(204).end();
    },
  );
  router.all(path, limits.guard, async (req, res) => {
    await find(req);
    res.set('Allow', ALLOW);
    throw new GatewayError('method-not-allowed', `Only ${ALLOW} are possible here.`);
  });
  return router;
}

/** OBS and browsers close the connection first: the media server may have seen them leave (WHIP-30). */
function isLateGoodbye(error: unknown, { registry }: Sessions, req: Request): boolean {
  if (!(error instanceof GatewayError) || error.reason !== 'left') return false;
  const secret = SessionSecret.safeParse(req.params['secret']);
  return secret.success && registry.acknowledge(secret.data);
}

function lookUp(sessions: Sessions, req: Request): Session | undefined {
  const secret = SessionSecret.safeParse(req.params['secret']);
  return secret.success ? sessions.registry.bySecret(secret.data) : undefined;
}

function checkHead({ kind }: Session, req: Request, res: Response): void {
  const type = typeOf(req);
  if (kind === 'watch' && type === SDP) {
    throw new GatewayError(
      'offer-unacceptable',
      'The server made no offer that this could answer.',
    );
  }
  if (type !== FRAGMENT) res.set('Accept', FRAGMENT);
  requireBody(req, FRAGMENT);
}

/** Candidates are read and dropped: the media server learns the peer from STUN (WHIP-45). */
function takeFragment(session: Session, text: string): void {
  const known = session.media?.offerUfrags ?? [];
  if (!readFragment(text).ufrags.every((ufrag) => known.includes(ufrag))) {
    throw new GatewayError(
      'ice-restart-unsupported',
      'ICE cannot be restarted here; the session goes on. POST a new offer instead.',
    );
  }
}
