import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { AdminAct, AuditLog } from '../../audit/audit-log.ts';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  getDelivery,
  getWebhook,
  listDeliveries,
  listWebhooks,
  replayDelivery,
  rotateWebhookSecret,
  testWebhook,
  type DeliveryDetail,
} from '../../protocol/api/webhooks.ts';
import type { Endpoint } from '../../webhooks/endpoint.ts';
import { maskSecrets } from '../../webhooks/mask-secrets.ts';
import type { WebhookDesk } from '../../webhooks/webhook-desk.ts';
import type { AdminAccess } from '../admin-access.ts';
import { actOf } from '../audit-entry.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { serve } from './serve-operation.ts';

export interface WebhookRouteDeps extends AdminAccess {
  readonly webhooks: WebhookDesk;
  readonly audit: AuditLog;
}

/** `/api/v1/webhooks`: for administrators of the whole gateway. */
export function webhookRoutes(deps: WebhookRouteDeps): Router {
  const { webhooks, audit } = deps;
  const router = Router({ caseSensitive: true, strict: true });
  const tell = (req: Request, res: Response, act: AdminAct['act'], endpoint: Endpoint): void => {
    // A path may be a secret of the receiver's.
    const target = { webhook: endpoint.id, origin: new URL(endpoint.url).origin };
    audit.acted(actOf(req, res, { act, target }));
  };

  serve(router, deps, listWebhooks, async () => ({ items: await webhooks.list() }));
  serve(router, deps, createWebhook, async ({ body, req, res }) => {
    const endpoint = await webhooks.create(body);
    tell(req, res, 'webhook-created', endpoint);
    return { ...webhooks.view(endpoint), secret: endpoint.secret };
  });
  serve(router, deps, getWebhook, async ({ params: { id } }) => {
    const endpoint = await webhooks.get(id);
    return { version: endpoint.version, value: webhooks.view(endpoint) };
  });
  serve(router, deps, changeWebhook, async ({ params: { id }, body, req, res, ...call }) => {
    const known = await webhooks.get(id);
    call.requireVersion(known.version);
    const endpoint = await webhooks.change(known, body);
    tell(req, res, 'webhook-changed', endpoint);
    return { version: endpoint.version, value: webhooks.view(endpoint) };
  });
  serve(router, deps, deleteWebhook, async ({ params: { id }, req, res, requireVersion }) => {
    const known = await webhooks.get(id);
    requireVersion(known.version);
    await webhooks.delete(known);
    tell(req, res, 'webhook-deleted', known);
    return undefined;
  });
  serve(router, deps, rotateWebhookSecret, async ({ params: { id }, body, req, res }) => {
    const overlapMs = body.overlapSeconds * 1000;
    const endpoint = await webhooks.rotate(await webhooks.get(id), overlapMs);
    tell(req, res, 'webhook-secret-rotated', endpoint);
    return { secret: endpoint.secret, previousSecretUntil: endpoint.previousUntil };
  });
  serve(router, deps, testWebhook, async ({ params: { id }, req, res }) => {
    const endpoint = await webhooks.get(id);
    const delivery = await webhooks.test(endpoint);
    tell(req, res, 'webhook-tested', endpoint);
    return shown(delivery);
  });
  serve(router, deps, listDeliveries, async ({ params: { id }, query }) => {
    const { limit, cursor, q, state } = query;
    const before = readCursor(cursor, z.int().min(1));
    const endpoint = await webhooks.get(id);
    const { items, total } = await webhooks.deliveries(endpoint, { limit, before, q, state });
    const page = items.slice(0, limit);
    const last = items.length > limit ? page.at(-1) : undefined;
    return { items: page, next: last === undefined ? null : writeCursor(Number(last.id)), total };
  });
  serve(router, deps, getDelivery, async ({ params: { id, delivery } }) =>
    shown(await webhooks.delivery(await webhooks.get(id), Number(delivery))),
  );
  serve(router, deps, replayDelivery, async ({ params: { id, delivery }, req, res }) => {
    const endpoint = await webhooks.get(id);
    const fresh = await webhooks.replay(endpoint, Number(delivery));
    tell(req, res, 'webhook-replayed', endpoint);
    return fresh;
  });
  return router;
}

/** A receiver may echo what it was sent, or tell secrets of its own. */
const shown = (delivery: DeliveryDetail): DeliveryDetail => ({
  ...delivery,
  body: maskSecrets(delivery.body),
  answer: maskSecrets(delivery.answer),
});
