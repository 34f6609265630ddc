import { Router, type Request } from 'express';
import type { AddressDesk } from '../addresses/address-desk.ts';
import { mayOperate } from '../auth/grant.ts';
import { GatewayError } from '../errors.ts';
import type { MediaNode } from '../media/node.ts';
import {
  endTrial,
  getDiagnosis,
  getOwnDiary,
  getSessionDiary,
  getTime,
  openTrial,
} from '../protocol/api/diagnosis.ts';
import type { DiagnosisView } from '../protocol/diagnosis.ts';
import { DEFAULT_SOURCE, SessionSecret, SourceId, type RoomId } from '../protocol/ids.ts';
import type { Diaries } from '../rooms/diaries.ts';
import type { Placement } from '../rooms/fleet/placement.ts';
import type { Sessions } from '../rooms/sessions.ts';
import type { Trials } from '../rooms/trials.ts';
import type { AdminAccess } from './admin-access.ts';
import { serve } from './api/serve-operation.ts';
import { roomGrant } from './authenticate.ts';
import { readBytes, requireBody, textOf } from './body.ts';
import { addressOf } from './client-address.ts';
import type { RateLimits } from './rate-limit.ts';

export interface DiagnosisDeps extends AdminAccess {
  readonly sessions: Sessions;
  readonly placement: Placement;
  readonly trials: Trials;
  readonly addresses: AddressDesk;
  readonly diaries: Diaries;
  readonly limits: RateLimits;
  readonly mediaWebSocket: boolean;
  readonly now: () => number;
}

const SDP = 'application/sdp';
const PATH = '/api/v1/diagnosis';

/**
 * `/api/v1/diagnosis`: what a page needs to find out why no picture comes. The time needs no token,
 * the rest one of the room; trials and diaries are found by names that nobody can guess.
 */
export function diagnosisRoutes(deps: DiagnosisDeps): Router {
  const { trials, diaries, limits, now } = deps;
  const router = Router({ caseSensitive: true, strict: true });

  serve(router, deps, getTime, () => ({ now: now() }));
  serve(router, deps, getDiagnosis, ({ params: { room, source = DEFAULT_SOURCE } }) =>
    viewOf(deps, nodeOf(deps, room, source)),
  );
  router.post(
    openTrial.path,
    async (req, res, next) => {
      const { room, grant } = await roomGrant(req, deps);
      requireBody(req, SDP);
      await limits.takeOffer('watch', { subject: grant.subject, room }, req);
      res.locals['room'] = room;
      next();
    },
    readBytes,
    async (req, res) => {
      const node = nodeOf(deps, res.locals['room'] as RoomId, sourceOf(req));
      if (node === undefined) {
        throw new GatewayError('node-unavailable', 'No media server is ready right now.', {
          retryAfterSeconds: 2,
        });
      }
      const leave = await limits.enterNode(req);
      const wish = { node, offer: textOf(req), address: addressOf(req) };
      const trial = await trials.open(wish).finally(leave);
      res
        .status(201)
        .set('Content-Type', SDP)
        .set('Location', `${PATH}/trials/${trial.id}`)
        .set('Cache-Control', 'no-store')
        .end(trial.sdp);
    },
  );
  serve(router, deps, endTrial, async ({ params: { id } }) => {
    if (!(await trials.end(id))) throw gone();
    return undefined;
  });
  serve(router, deps, getOwnDiary, ({ params }) => {
    const secret = SessionSecret.safeParse(params.secret);
    const diary = secret.success ? diaries.bySecret(secret.data) : undefined;
    if (diary === undefined) throw gone();
    return diary;
  });
  serve(router, deps, getSessionDiary, ({ grant, params: { id } }) => {
    const diary = diaries.byId(id);
    if (diary === undefined || !mayOperate(grant, diary.room)) throw gone();
    return diary;
  });
  return router;
}

/** Where a viewer of the source would be sent now; undefined while no node is ready. */
function nodeOf(
  { sessions, placement }: DiagnosisDeps,
  room: RoomId,
  source: SourceId,
): MediaNode | undefined {
  const publisher = sessions.registry.room(room)?.publisherOf(source, 'webrtc');
  if (publisher?.node != null) return publisher.node;
  return placement.nearest({ room, source });
}

function viewOf(
  { addresses, mediaWebSocket, now }: DiagnosisDeps,
  node: MediaNode | undefined,
): DiagnosisView {
  const { announced, remarks, probes } = node === undefined ? NOTHING : addresses.view(node);
  return {
    now: now(),
    node: node !== undefined,
    mediaWebSocket,
    addresses: announced.map((address) => ({
      address,
      reachable: probes.find((probe) => probe.address === address)?.reachable ?? null,
    })),
    remarks: remarks.map(({ sentence }) => sentence),
  };
}

const NOTHING = { announced: [], remarks: [], probes: [] };

function sourceOf(req: Request): SourceId {
  const source = SourceId.safeParse(req.params['source'] ?? DEFAULT_SOURCE);
  if (source.success) return source.data;
  throw new GatewayError('not-found', 'This is not the name of a source.');
}

const gone = (): GatewayError =>
  new GatewayError('session-not-found', 'There is no such thing, or no longer.');
