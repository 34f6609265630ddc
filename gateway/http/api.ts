import { randomUUID } from 'node:crypto';
import { Router, type Request } from 'express';
import type { AddressDesk } from '../addresses/address-desk.ts';
import { mayDo, isGlobalAdmin, type Grant } from '../auth/grant.ts';
import { GatewayError } from '../errors.ts';
import { TokenRequest, type NodeView, type RoomView, type TokenReply } from '../protocol/api.ts';
import { RoomId, SessionId } from '../protocol/ids.ts';
import type { HostDesk } from '../rooms/hosts/host-desk.ts';
import { isHealthy, type Nodes } from '../rooms/nodes.ts';
import type { Sessions } from '../rooms/sessions.ts';
import { actOf } from './audit-entry.ts';
import { adminGrant, globalAdminGrant, roomGrant } from './authenticate.ts';
import { readJson } from './body.ts';
import { parseBody } from './json-body.ts';
import type { RateLimits } from './rate-limit.ts';
import { revocationRoutes, type RevocationDeps } from './revocations.ts';

export interface ApiDeps extends RevocationDeps {
  readonly sessions: Sessions;
  readonly hostDesk: HostDesk;
  readonly nodes: Nodes;
  readonly addresses: AddressDesk;
  readonly limits: RateLimits;
  readonly now: () => number;
}

/** `/api/v1`: rooms for whoever has a grant there; sessions, tokens, revocations and nodes for admins. */
export function apiRoutes(deps: ApiDeps): Router {
  const { sessions, audit } = deps;
  const { registry } = sessions;
  const router = Router({ caseSensitive: true, strict: true });

  router.get('/api/v1/rooms', async (req, res) => {
    const grant = await adminGrant(req, deps);
    const rooms = new Set([...registry.rooms().map(({ id }) => id), ...deps.hostDesk.rooms()]);
    const own = [...rooms].filter((room) => mayDo(grant, 'admin', room));
    res.json({ items: own.map((room) => roomView(deps, room)) });
  });
  router.get('/api/v1/rooms/:room', async (req, res) => {
    const { room } = await roomGrant(req, deps);
    res.json(roomView(deps, room));
  });
  router.get('/api/v1/sessions', async (req, res) => {
    const grant = await adminGrant(req, deps);
    const wanted = roomFilter(req);
    const items = registry
      .sessions()
      .filter(({ room }) => mayDo(grant, 'admin', room) && (wanted ?? room) === room)
      .map((session) => session.toView());
    res.json({ items });
  });
  router.delete('/api/v1/sessions/:id', async (req, res) => {
    const grant = await adminGrant(req, deps);
    const id = SessionId.safeParse(req.params.id);
    const session = id.success ? registry.byId(id.data) : undefined;
    if (session === undefined || !mayDo(grant, 'admin', session.room)) {
      throw new GatewayError('session-not-found', 'There is no such session, or no longer.');
    }
    await sessions.kick(session);
    const { room, source, grant: ended } = session;
    const target = { session: session.id, room, source, subject: ended.subject };
    audit.acted(actOf(req, res, { act: 'session-kicked', target }));
    res.status(204).end();
  });
  router.get('/api/v1/nodes', async (req, res) => {
    await globalAdminGrant(req, deps);
    res.json({ items: nodeViews(deps) });
  });
  router.post('/api/v1/nodes/probe', async (req, res) => {
    await globalAdminGrant(req, deps);
    await deps.addresses.probe();
    res.json({ items: nodeViews(deps) });
  });
  router.post(
    '/api/v1/tokens',
    async (req, res, next) => {
      res.locals['grant'] = await adminGrant(req, deps);
      next();
    },
    readJson,
    (req, res) => {
      const request = parseBody(TokenRequest, req);
      const reply = mint(deps, res.locals['grant'] as Grant, request);
      const { sub: subject, room, can } = request;
      const target = { subject, room, can, jti: reply.jti, expiresAt: reply.expiresAt };
      audit.acted(actOf(req, res, { act: 'token-minted', target }));
      res.status(201).json(reply);
    },
  );
  router.use(revocationRoutes(deps));
  return router;
}

function roomView({ sessions, hostDesk }: ApiDeps, room: RoomId): RoomView {
  const sources = sessions.registry.room(room)?.toView() ?? [];
  const hosts = hostDesk.outline(room);
  return { room, sources, ...(hosts.length === 0 ? {} : { hosts }) };
}

/**
 * Nobody can give more than they have: not another room, not a longer life. Only what a global admin
 * gives to others may outlive its own token; the right to mint never does.
 */
function mint({ tokens, now }: ApiDeps, giver: Grant, request: TokenRequest): TokenReply {
  const { ttlSeconds, ...claims } = request;
  const allowed =
    isGlobalAdmin(giver) || (claims.room !== '*' && mayDo(giver, 'admin', claims.room));
  if (!allowed) throw new GatewayError('scope-insufficient', 'This token is for another room.');
  const wanted = now() + ttlSeconds * 1000;
  const mayOutlive = isGlobalAdmin(giver) && !claims.can.includes('admin');
  const expiresAt = mayOutlive ? wanted : Math.min(wanted, giver.expiresAt);
  const exp = Math.floor(expiresAt / 1000);
  if (claims.room === '*' && !claims.can.includes('admin')) {
    throw new GatewayError('bad-request', 'room: "*" needs the action "admin"');
  }
  const jti = randomUUID();
  return { token: tokens.mint({ ...claims, exp, jti }), expiresAt: exp * 1000, jti };
}

function nodeViews({ nodes, sessions, addresses }: ApiDeps): NodeView[] {
  return nodes.list().map((known) => ({
    node: known.node.name,
    version: known.identity?.version ?? null,
    healthy: isHealthy(known),
    detail: known.detail,
    sessions: sessions.registry.load(known.node),
    addresses: addresses.view(known.node),
  }));
}

function roomFilter(req: Request): RoomId | undefined {
  const { room } = req.query;
  if (room === undefined) return undefined;
  const parsed = RoomId.safeParse(room);
  if (!parsed.success) throw new GatewayError('bad-request', 'room: is not a room name');
  return parsed.data;
}
