import type { RequestHandler } from 'express';
import type { Post } from '../../cluster/post.ts';
import { GatewayError } from '../../errors.ts';
import { forward, type ClusterEdge } from './hand-on.ts';
import { isHandedOn } from './peer-entry.ts';

const RETRY_SECONDS = 2;

/**
 * Hands requests about containers on to the gateway that looks after them, which knows how far its work
 * is. While it is not known who that is containers can be looked at, and nothing is done to them.
 */
export function handContainersOn(
  edge: ClusterEdge | undefined,
  post: Post | undefined,
): RequestHandler {
  if (edge === undefined || post === undefined) return (_req, _res, next) => next();
  return async (req, res, next) => {
    const { standing, isWanted } = post;
    const mayWait = req.method !== 'GET' && req.method !== 'HEAD';
    if (standing.at === 'there' && !isHandedOn(req)) {
      const done = (error?: unknown): void => next(isAway(error) ? keeperAway(error) : error);
      const to = { here: false, gateway: standing.gateway } as const;
      await forward(edge.forwarder, { req, res }, to).catch(done);
      return;
    }
    if (mayWait && (standing.at === 'there' || standing.at === 'unknown')) throw notKnown();
    if (mayWait && standing.at === 'nobody' && isWanted) throw notKnown();
    next();
  };
}

const isAway = (error: unknown): error is GatewayError =>
  error instanceof GatewayError && error.code === 'home-away';

const keeperAway = (cause: GatewayError): GatewayError =>
  new GatewayError(
    'docker-unavailable',
    'The gateway that looks after containers went away. Another one takes over within seconds.',
    { cause, retryAfterSeconds: RETRY_SECONDS },
  );

const notKnown = (): GatewayError =>
  new GatewayError(
    'docker-unavailable',
    'It is not known which gateway looks after containers. Try again in some seconds.',
    { retryAfterSeconds: RETRY_SECONDS },
  );
