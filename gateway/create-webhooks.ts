import { join } from 'node:path';
import { Counter, Gauge } from 'prom-client';
import type { AuditLog } from './audit/audit-log.ts';
import type { Config } from './config/load.ts';
import type { EventBus } from './events/event-bus.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import { LateStore } from './store/late-store.ts';
import type { SessionTraces } from './tracing/session-traces.ts';
import type { Tracer } from './tracing/span.ts';
import { WEBHOOK_MIGRATIONS } from './webhooks/migrations.ts';
import { TargetRule } from './webhooks/target-rule.ts';
import { WebhookDesk } from './webhooks/webhook-desk.ts';

const DELIVERY = 'deliver webhook';

/** Webhooks, with their outbox in `DATA_DIR`. */
export function createWebhooks(
  { DATA_DIR: folder, WEBHOOK_ALLOWED_ADDRESSES: allowed }: Config,
  deps: {
    readonly bus: EventBus;
    readonly audit: AuditLog;
    readonly log: Logger;
    readonly metrics: Metrics;
    readonly tracer: Tracer;
    readonly sessionTraces: SessionTraces;
    readonly now: () => number;
  },
): WebhookDesk {
  const { bus, audit, log, metrics, tracer, sessionTraces } = deps;
  const registers = [metrics.registry];
  const attempts = new Counter({
    name: 'pixelcast_webhook_attempts_total',
    help: 'Attempts to deliver webhooks, by outcome: delivered, failed (tried again), dead (given up), dropped (too many waited).',
    labelNames: ['outcome'] as const,
    registers,
  });
  const desk = new WebhookDesk({
    ...deps,
    store: new LateStore('webhooks', {
      file: join(folder, 'webhooks.db'),
      migrations: WEBHOOK_MIGRATIONS,
      log,
    }),
    rule: new TargetRule(allowed),
    random: Math.random,
    trace: (event, options) =>
      sessionTraces.of(event)?.child(DELIVERY, options) ?? tracer.begin(DELIVERY, options),
    onAttempt: (outcome) => attempts.inc({ outcome }),
    onDisabled: ({ id: webhook, url }, why) => {
      const { origin } = new URL(url);
      log.warn({ webhook, origin, why }, 'webhook disabled');
      const target = { webhook, origin, why };
      audit.acted({
        act: 'webhook-disabled',
        by: 'gateway',
        address: '',
        request: undefined,
        target,
      });
      bus.publish({ type: 'webhook.disabled', data: { webhook, url: origin, why } });
    },
  });
  new Gauge({
    name: 'pixelcast_webhook_backlog',
    help: 'Deliveries of webhooks that wait.',
    registers,
    collect() {
      this.set(desk.backlog);
    },
  });
  return desk;
}
