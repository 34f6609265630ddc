import { Router } from 'express';
import type { AuditLog } from '../audit/audit-log.ts';
import { mayDo } from '../auth/grant.ts';
import { GatewayError } from '../errors.ts';
import type { PeerView } from '../protocol/signal/peer-view.ts';
import type { SignalDesk } from '../signal/signal-desk.ts';
import type { SignalSeat } from '../signal/signal-seat.ts';
import type { AdminAccess } from './admin-access.ts';
import { actOf } from './audit-entry.ts';
import { adminGrant } from './authenticate.ts';

export interface PeerRouteDeps extends AdminAccess {
  readonly signalDesk: SignalDesk;
  readonly audit: AuditLog;
}

/** `/api/v1/peers`: who is in direct sessions at this gateway, for admins of their rooms. */
export function peerRoutes(deps: PeerRouteDeps): Router {
  const { signalDesk, audit } = deps;
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/api/v1/peers', async (req, res) => {
    const grant = await adminGrant(req, deps);
    const own = [...signalDesk.seats()].filter(({ room }) =>
      mayDo(grant, 'admin', room.place.room),
    );
    res.json({ items: own.map(viewOf) });
  });
  router.delete('/api/v1/peers/:id', async (req, res) => {
    const grant = await adminGrant(req, deps);
    const seat = [...signalDesk.seats()].find(({ member }) => member.peerId === req.params.id);
    if (seat === undefined || !mayDo(grant, 'admin', seat.room.place.room)) {
      throw new GatewayError('session-not-found', 'There is no such peer here, or no longer.');
    }
    seat.channel.dismiss('kicked');
    const { peerId, role } = seat.member;
    const target = { peer: peerId, role, ...seat.room.place, subject: seat.grant.subject };
    audit.acted(actOf(req, res, { act: 'peer-kicked', target }));
    res.status(204).end();
  });
  return router;
}

const viewOf = ({ room, member, grant, since }: SignalSeat): PeerView => ({
  ...room.place,
  peerId: member.peerId,
  role: member.role,
  name: member.name,
  subject: grant.subject,
  since,
});
