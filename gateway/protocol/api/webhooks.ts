import { z } from 'zod';
import { GatewayEventType } from '../gateway-event.ts';
import { RoomId } from '../ids.ts';
import { operation } from './operation.ts';
import { items, page, PageQuery } from './page.ts';

/** Where events may be sent; whether the address behind it is allowed is seen when it is called. */
const WebhookUrl = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .refine(
    (text) => !/^[^/?]*\/\/[^/?\\]*@|#/.test(text),
    'must have no user, no password and no fragment',
  );

const types = z.array(GatewayEventType).max(GatewayEventType.options.length);
const rooms = z.array(RoomId).max(200);
const description = z
  .string()
  .max(200)
  .regex(/^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u, 'must be printable');

/** One receiver of events. Times are epoch milliseconds. */
export const WebhookView = z.object({
  id: z.string(),
  url: z.string(),
  description: z.string(),
  /** Empty: all. */
  types,
  /** Empty: all, and what belongs to none. */
  rooms,
  enabled: z.boolean(),
  /** Why the gateway disabled it; null when it did not. */
  disabledWhy: z.string().nullable(),
  /** Since when no delivery has succeeded; null while they do. */
  failingSince: z.number().nullable(),
  /** Deliveries that wait, and events that were dropped because too many did. */
  waiting: z.int(),
  dropped: z.int(),
  /** Until when the secret before the last rotation signs too; null without one. */
  previousSecretUntil: z.number().nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type WebhookView = z.infer<typeof WebhookView>;

export const WebhookRequest = z.strictObject({
  url: WebhookUrl,
  description: description.default(''),
  types: types.default([]),
  rooms: rooms.default([]),
  enabled: z.boolean().default(true),
});
export type WebhookRequest = z.infer<typeof WebhookRequest>;

/** What is absent stays. */
export const WebhookChange = z.strictObject({
  url: WebhookUrl.exactOptional(),
  description: description.exactOptional(),
  types: types.exactOptional(),
  rooms: rooms.exactOptional(),
  enabled: z.boolean().exactOptional(),
});
export type WebhookChange = z.infer<typeof WebhookChange>;

/** `whsec_` and base64, as Standard Webhooks has it; told this once. */
const secret = z.string();
export const WebhookReply = WebhookView.extend({ secret });
export type WebhookReply = z.infer<typeof WebhookReply>;

/** How long the secret of before signs too. */
export const RotateRequest = z.strictObject({
  overlapSeconds: z
    .number()
    .int()
    .min(0)
    .max(7 * 24 * 3600)
    .default(24 * 3600),
});
export const RotateReply = z.object({ secret, previousSecretUntil: z.number().nullable() });
export type RotateReply = z.infer<typeof RotateReply>;

export const DeliveryState = z.enum(['waiting', 'delivered', 'dead']);
export type DeliveryState = z.infer<typeof DeliveryState>;

/** One event on its way to one receiver. */
export const DeliveryView = z.object({
  id: z.string(),
  /** `webhook-id`: the event's, the same in every attempt and replay. */
  event: z.string(),
  type: z.string(),
  room: z.string().nullable(),
  state: DeliveryState,
  attempts: z.int(),
  createdAt: z.number(),
  /** When it is tried next; null when it is not, or waits for an earlier one of its room. */
  nextAt: z.number().nullable(),
  /** When it was delivered or given up. */
  doneAt: z.number().nullable(),
  /** Of the last attempt: HTTP status, null without an answer. */
  status: z.int().nullable(),
  durationMs: z.number().nullable(),
  /** What became of the last attempt, in words. */
  detail: z.string(),
});
export type DeliveryView = z.infer<typeof DeliveryView>;

/**
 * The same with its body, and the beginning of the receiver's last answer; what looks like a secret
 * is `***` in both.
 */
export const DeliveryDetail = DeliveryView.extend({ body: z.string(), answer: z.string() });
export type DeliveryDetail = z.infer<typeof DeliveryDetail>;

const tag = 'Webhooks';
const access = 'global-admin';
const path = '/api/v1/webhooks';
const one = z.object({ id: z.string().max(64) });
const delivery = one.extend({ delivery: z.string().regex(/^\d{1,15}$/) });

export const listWebhooks = operation({
  id: 'listWebhooks',
  method: 'GET',
  path,
  tag,
  summary: 'All webhooks, the oldest first',
  access,
  reply: items(WebhookView),
});

export const createWebhook = operation({
  id: 'createWebhook',
  method: 'POST',
  path,
  tag,
  summary: 'Send events to a receiver from now on',
  description: 'The secret that signs them is told this once.',
  access,
  body: WebhookRequest,
  reply: WebhookReply,
  status: 201,
  errors: ['capacity'],
});

export const getWebhook = operation({
  id: 'getWebhook',
  method: 'GET',
  path: `${path}/:id`,
  tag,
  summary: 'A webhook',
  access,
  params: one,
  reply: WebhookView,
  etag: true,
  errors: ['not-found'],
});

export const changeWebhook = operation({
  id: 'changeWebhook',
  method: 'PATCH',
  path: `${path}/:id`,
  tag,
  summary: 'Change a webhook',
  access,
  params: one,
  body: WebhookChange,
  reply: WebhookView,
  etag: true,
  errors: ['not-found'],
});

export const deleteWebhook = operation({
  id: 'deleteWebhook',
  method: 'DELETE',
  path: `${path}/:id`,
  tag,
  summary: 'Delete a webhook, its deliveries and its secrets',
  access,
  params: one,
  reply: null,
  etag: true,
  errors: ['not-found'],
});

export const rotateWebhookSecret = operation({
  id: 'rotateWebhookSecret',
  method: 'POST',
  path: `${path}/:id/rotate`,
  tag,
  summary: 'Give a webhook another secret',
  description: 'Both sign until the overlap is over; the new one is told this once.',
  access,
  params: one,
  body: RotateRequest,
  reply: RotateReply,
  errors: ['not-found'],
});

export const testWebhook = operation({
  id: 'testWebhook',
  method: 'POST',
  path: `${path}/:id/test`,
  tag,
  summary: 'Send `webhook.test` now and tell what became of it',
  description: 'Once, past everything that waits, also to a disabled one.',
  access,
  params: one,
  reply: DeliveryDetail,
  errors: ['not-found', 'rate-limited'],
});

export const listDeliveries = operation({
  id: 'listDeliveries',
  method: 'GET',
  path: `${path}/:id/deliveries`,
  tag,
  summary: 'What was sent and what waits, the newest first',
  description: '`q` searches types and rooms.',
  access,
  params: one,
  query: PageQuery.extend({ state: DeliveryState.exactOptional() }),
  reply: page(DeliveryView),
  errors: ['not-found'],
});

export const getDelivery = operation({
  id: 'getDelivery',
  method: 'GET',
  path: `${path}/:id/deliveries/:delivery`,
  tag,
  summary: 'A delivery with its body and the answer to it',
  description: 'What looks like a secret in them, or is named like one, is `***`.',
  access,
  params: delivery,
  reply: DeliveryDetail,
  errors: ['not-found'],
});

export const replayDelivery = operation({
  id: 'replayDelivery',
  method: 'POST',
  path: `${path}/:id/deliveries/:delivery/replay`,
  tag,
  summary: 'Send an event again, after what waits for its room',
  access,
  params: delivery,
  reply: DeliveryView,
  status: 201,
  errors: ['not-found', 'capacity'],
});
