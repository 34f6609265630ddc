import { Router, type Request, type Response } from 'express';
import type { AddressDesk } from '../addresses/address-desk.ts';
import { mayDo } from '../auth/grant.ts';
import { GatewayError } from '../errors.ts';
import type { MediaNode } from '../media/node.ts';
import type { DiagnosisView, GatewayTime } from '../protocol/diagnosis.ts';
import {
  DEFAULT_SOURCE,
  SessionId,
  SessionSecret,
  SourceId,
  type RoomId,
} from '../protocol/ids.ts';
import type { Diaries } from '../rooms/diaries.ts';
import type { Nodes } from '../rooms/nodes.ts';
import type { Sessions } from '../rooms/sessions.ts';
import type { Trials } from '../rooms/trials.ts';
import type { AdminAccess } from './admin-access.ts';
import { adminGrant, roomGrant } from './authenticate.ts';
import { readBytes, requireBody, textOf } from './body.ts';
import { addressOf } from './client-address.ts';
import type { RateLimits } from './rate-limit.ts';

export interface DiagnosisDeps extends AdminAccess {
  readonly sessions: Sessions;
  readonly nodes: Nodes;
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
  const places = [`${PATH}/rooms/:room`, `${PATH}/rooms/:room/:source`];

  router.get(PATH, (_req, res) => {
    answer(res, { now: now() } satisfies GatewayTime);
  });
  router.get(places, async (req, res) => {
    const { room } = await roomGrant(req, deps);
    answer(res, viewOf(deps, nodeOf(deps, room, sourceOf(req))));
  });
  router.post(
    places,
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
  router.delete(`${PATH}/trials/:id`, async (req, res) => {
    if (!(await trials.end(req.params.id))) throw gone();
    res.status(204).end();
  });
  router.get(`${PATH}/diaries/:secret`, (req, res) => {
    const secret = SessionSecret.safeParse(req.params.secret);
    const diary = secret.success ? diaries.bySecret(secret.data) : undefined;
    if (diary === undefined) throw gone();
    answer(res, diary);
  });
  router.get('/api/v1/sessions/:id/diary', async (req, res) => {
    const grant = await adminGrant(req, deps);
    const id = SessionId.safeParse(req.params.id);
    const diary = id.success ? diaries.byId(id.data) : undefined;
    if (diary === undefined || !mayDo(grant, 'admin', diary.room)) throw gone();
    answer(res, diary);
  });
  return router;
}

/** Where a viewer of the source would be sent now; undefined while no node is ready. */
function nodeOf(
  { sessions, nodes }: DiagnosisDeps,
  room: RoomId,
  source: SourceId,
): MediaNode | undefined {
  const publisher = sessions.registry.room(room)?.publisherOf(source, 'webrtc');
  if (publisher?.node != null) return publisher.node;
  if (nodes.healthy().length === 0) return undefined;
  return nodes.pick((node) => sessions.registry.load(node));
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

const answer = (res: Response, body: object): void =>
  void res.set('Cache-Control', 'no-store').json(body);

const gone = (): GatewayError =>
  new GatewayError('session-not-found', 'There is no such thing, or no longer.');
