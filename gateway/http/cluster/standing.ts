import { Router } from 'express';
import { z } from 'zod';
import type { PeerGateway } from '../../cluster/homes.ts';
import { GatewayError } from '../../errors.ts';
import type { Forwarder } from './forward.ts';
import type { ClusterEdge } from './hand-on.ts';
import { isHandedOn } from './peer-entry.ts';

const PATH = '/cluster/standing';
const ASK_MS = 300;

const Standing = z.object({ hearsRedis: z.boolean() });

/** `/cluster/standing`: whether this gateway can reach Redis, for its peers alone. */
export function standingRoutes(edge: ClusterEdge | undefined): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get(PATH, (req, res) => {
    if (edge === undefined || !isHandedOn(req)) {
      throw new GatewayError('not-found', 'There is nothing at this address.');
    }
    res.set('Cache-Control', 'no-store').json({ hearsRedis: edge.hearsRedis() });
  });
  return router;
}

/** Whether a peer cannot reach Redis, or is gone; one that does not answer may well reach it. */
export async function isPeerAway(forwarder: Forwarder, peer: PeerGateway): Promise<boolean> {
  try {
    const answer = await forwarder.ask(new URL(PATH, peer.url), { headers: {}, ms: ASK_MS });
    return !Standing.parse(answer).hearsRedis;
  } catch (error) {
    return causeOf(error) === 'ECONNREFUSED';
  }
}

function causeOf(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}
