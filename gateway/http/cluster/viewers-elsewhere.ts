import { Router, type Request } from 'express';
import { z } from 'zod';
import { GatewayError } from '../../errors.ts';
import { ViewerId } from '../../protocol/control.ts';
import { RoomId, SourceId } from '../../protocol/ids.ts';
import type { SourcePlace } from '../../rooms/hosts/source-place.ts';
import type { ClusterEdge } from './hand-on.ts';
import { isHandedOn } from './peer-entry.ts';

const PATH = '/cluster/viewers';
const ASK_MS = 2_000;
/** In headers, since a secret belongs in no address. */
const RESUME = 'x-pixelcast-resume';
const SUBJECT = 'x-pixelcast-subject';

/** Who says that a control session is theirs. */
export interface Claimant {
  readonly grant: { readonly subject: string };
  readonly resume: string;
}

/** Finds whose control session a secret is; undefined where it is not this subject's. */
export type ViewerFinder = (place: SourcePlace, who: Claimant) => ViewerId | undefined;

const Place = z.object({ room: RoomId, source: SourceId });
const Answer = z.object({ viewer: ViewerId.nullable() });

/** `/cluster/viewers/:room/:source`: whose control session it is here, for other gateways alone. */
export function viewerRoutes(edge: ClusterEdge | undefined, find: ViewerFinder): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get(`${PATH}/:room/:source`, (req, res) => {
    const place = Place.safeParse(req.params).data;
    if (edge === undefined || !isHandedOn(req) || place === undefined) {
      throw new GatewayError('not-found', 'There is nothing at this address.');
    }
    const who = { grant: { subject: told(req, SUBJECT) }, resume: told(req, RESUME) };
    res.set('Cache-Control', 'no-store').json({ viewer: find(place, who) ?? null });
  });
  return router;
}

/** Asks the home of the room, where its control is. Undefined too when that does not answer. */
export const viewerAtHome =
  (edge: ClusterEdge | undefined) =>
  async ({ room, source }: SourcePlace, who: Claimant): Promise<ViewerId | undefined> => {
    if (edge === undefined || edge.homes.isHere(room)) return undefined;
    try {
      const home = await edge.homes.find(room);
      if (home === undefined || home.here) return undefined;
      const headers = {
        [RESUME]: encodeURIComponent(who.resume),
        [SUBJECT]: encodeURIComponent(who.grant.subject),
      };
      const url = new URL(`${PATH}/${room}/${source}`, home.gateway.url);
      const answer = await edge.forwarder.ask(url, { headers, ms: ASK_MS });
      return Answer.parse(answer).viewer ?? undefined;
    } catch {
      return undefined;
    }
  };

const told = (req: Request, name: string): string => {
  try {
    return decodeURIComponent(String(req.headers[name] ?? ''));
  } catch {
    return '';
  }
};
