import { Router } from 'express';
import type { AuditLog } from '../audit/audit-log.ts';
import { mayOperate } from '../auth/grant.ts';
import { GatewayError } from '../errors.ts';
import { kickPeer, listPeers } from '../protocol/api/peers.ts';
import type { PeerView } from '../protocol/signal/peer-view.ts';
import type { SignalDesk } from '../signal/signal-desk.ts';
import type { SignalSeat } from '../signal/signal-seat.ts';
import type { AdminAccess } from './admin-access.ts';
import { actOf } from './audit-entry.ts';
import { serve } from './api/serve-operation.ts';

export interface PeerRouteDeps extends AdminAccess {
  readonly signalDesk: SignalDesk;
  readonly audit: AuditLog;
}

/** `/api/v1/peers`: who is in direct sessions at this gateway, for operators of their rooms. */
export function peerRoutes(deps: PeerRouteDeps): Router {
  const { signalDesk, audit } = deps;
  const router = Router({ caseSensitive: true, strict: true });
  serve(router, deps, listPeers, ({ grant }) => {
    const own = [...signalDesk.seats()].filter(({ room }) => mayOperate(grant, room.place.room));
    return { items: own.map(viewOf) };
  });
  serve(router, deps, kickPeer, ({ grant, params: { id }, req, res }) => {
    const seat = [...signalDesk.seats()].find(({ member }) => member.peerId === id);
    if (seat === undefined || !mayOperate(grant, seat.room.place.room)) {
      throw new GatewayError('session-not-found', 'There is no such peer here, or no longer.');
    }
    seat.channel.dismiss('kicked');
    const { peerId, role } = seat.member;
    const target = { peer: peerId, role, ...seat.room.place, subject: seat.grant.subject };
    audit.acted(actOf(req, res, { act: 'peer-kicked', target }));
    return undefined;
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
