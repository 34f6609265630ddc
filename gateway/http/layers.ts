import { Router, type Request, type RequestHandler, type Response } from 'express';
import { GatewayError } from '../errors.ts';
import { LayerRequest } from '../protocol/layers.ts';
import type { LayerDesk } from '../rooms/layer-desk.ts';
import type { Session } from '../rooms/session.ts';
import { readJson, requireBody } from './body.ts';
import { parseBody } from './json-body.ts';
import type { RateLimits } from './rate-limit.ts';

const JSON_TYPE = 'application/json';
const ALLOW = 'DELETE, OPTIONS, POST';

export interface LayerDeps {
  readonly layers: LayerDesk;
  readonly limits: Pick<RateLimits, 'guard'>;
}

/** `/layers/:id`, WHEP layer selection extension: the URL is a capability of its own. */
export function layerRoutes({ layers, limits }: LayerDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const path = '/layers/:id';
  const find: RequestHandler = (req, res, next) => {
    res.locals['session'] = layers.sessionOf(idOf(req));
    next();
  };

  router.options(path, (_req, res) => {
    res.set('Accept-Post', JSON_TYPE).set('Allow', ALLOW).status(200).end();
  });
  router.post(
    path,
    limits.guard,
    find,
    (req, res, next) => {
      res.set('Accept-Post', JSON_TYPE);
      requireBody(req, JSON_TYPE);
      next();
    },
    readJson,
    async (req, res) => {
      await layers.choose(res.locals['session'] as Session, parseBody(LayerRequest, req));
      done(res);
    },
  );
  // whep.js goes back to automatic by this (LAYER-03).
  router.delete(path, limits.guard, find, async (_req, res) => {
    await layers.release(res.locals['session'] as Session);
    done(res);
  });
  router.all(path, limits.guard, find, (_req, res) => {
    res.set('Allow', ALLOW);
    throw new GatewayError('method-not-allowed', `Only ${ALLOW} are possible here.`);
  });
  return router;
}

const idOf = (req: Request): string => {
  const { id } = req.params;
  return typeof id === 'string' ? id : '';
};

const done = (res: Response): void => void res.status(200).set('Content-Length', '0').end();
