import type { Request, RequestHandler } from 'express';
import type { PeerGateway } from '../../cluster/homes.ts';
import { forward, type ClusterEdge } from './hand-on.ts';
import { isHandedOn } from './peer-entry.ts';
import { toldHeaders } from './told-headers.ts';

const ASK_MS = 5_000;
/** Below `/api/v1/webhooks`: one delivery, or its replay. */
const ONE = /^(\/[\w-]{1,64}\/deliveries\/\d{1,15})(?:\/replay)?$/;

/** Hands requests about one delivery on to the gateway whose outbox has it. */
export function handDeliveriesOn(edge: ClusterEdge | undefined): RequestHandler {
  if (edge === undefined) return (_req, _res, next) => next();
  const hasIt = (req: Request, to: PeerGateway, path: string): Promise<boolean> =>
    edge.forwarder
      .ask(new URL(`${req.baseUrl}${path}`, to.url), {
        headers: toldHeaders(req),
        ...{ ms: ASK_MS, of: req },
      })
      .then(
        () => true,
        () => false,
      );
  return async (req, res, next) => {
    const path = ONE.exec(req.path)?.[1];
    const peers = edge.homes.peers();
    if (path === undefined || isHandedOn(req) || peers.length === 0) {
      next();
      return;
    }
    const all = [edge.own, ...peers];
    const answers = await Promise.all(all.map((gateway) => hasIt(req, gateway, path)));
    const gateway = all.find((_, at) => answers[at]);
    if (gateway === undefined || gateway === edge.own) next();
    else await forward(edge.forwarder, { req, res }, { here: false, gateway });
  };
}
