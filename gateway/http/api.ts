import { Router } from 'express';
import { auditRoutes, type AuditRouteDeps } from './api/audit.ts';
import { carriageRoutes, type CarriageRouteDeps } from './api/carriages.ts';
import { containerRoutes, type ContainerRouteDeps } from './api/containers.ts';
import { invitationRoutes, type InvitationRouteDeps } from './api/invitations.ts';
import { loginRoutes, type LoginRouteDeps } from './api/login.ts';
import { figureRoutes, type FigureRouteDeps } from './api/figures.ts';
import { machineRoutes, type MachineRouteDeps } from './api/machine.ts';
import { nodeInspectionRoutes, type NodeInspectionDeps } from './api/node-inspection.ts';
import { nodeRoutes, type NodeRouteDeps } from './api/nodes.ts';
import { operatorEventRoutes, type OperatorEventDeps } from './api/operator-events.ts';
import { recordingRoutes, type RecordingRouteDeps } from './api/recordings.ts';
import { roomRoutes, type RoomRouteDeps } from './api/rooms.ts';
import { sessionListRoutes, type SessionRouteDeps } from './api/sessions.ts';
import { settingRoutes, type SettingRouteDeps } from './api/settings.ts';
import { sourceRoutes, type SourceRouteDeps } from './api/sources.ts';
import { tokenRoutes, type TokenRouteDeps } from './api/tokens.ts';
import { userRoutes, type UserRouteDeps } from './api/users.ts';
import { webhookRoutes, type WebhookRouteDeps } from './api/webhooks.ts';
import { revocationRoutes, type RevocationDeps } from './revocations.ts';

export interface ApiDeps
  extends
    InvitationRouteDeps,
    LoginRouteDeps,
    FigureRouteDeps,
    MachineRouteDeps,
    OperatorEventDeps,
    AuditRouteDeps,
    CarriageRouteDeps,
    ContainerRouteDeps,
    WebhookRouteDeps,
    NodeRouteDeps,
    NodeInspectionDeps,
    RecordingRouteDeps,
    RoomRouteDeps,
    SessionRouteDeps,
    SourceRouteDeps,
    SettingRouteDeps,
    TokenRouteDeps,
    UserRouteDeps,
    RevocationDeps {}

/** `/api/v1`, as far as it is of this folder, and revocations. */
export function apiRoutes(deps: ApiDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(roomRoutes(deps), sourceRoutes(deps), sessionListRoutes(deps));
  router.use(nodeRoutes(deps), nodeInspectionRoutes(deps), settingRoutes(deps));
  router.use(containerRoutes(deps), carriageRoutes(deps));
  router.use(loginRoutes(deps), userRoutes(deps), invitationRoutes(deps), tokenRoutes(deps));
  router.use(revocationRoutes(deps), figureRoutes(deps), operatorEventRoutes(deps));
  router.use(recordingRoutes(deps), machineRoutes(deps));
  router.use(webhookRoutes(deps), auditRoutes(deps));
  return router;
}
