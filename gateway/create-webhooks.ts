import { join } from 'node:path';
import { Counter, Gauge } from 'prom-client';
import type { AuditLog } from './audit/audit-log.ts';
import { RowLedger } from './cluster/rows/row-ledger.ts';
import { SharedRows } from './cluster/rows/shared-rows.ts';
import type { RowChange } from './cluster/rows/shared-table.ts';
import type { Config } from './config/load.ts';
import type { Cluster } from './create-cluster.ts';
import type { EventBus } from './events/event-bus.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import { LateStore } from './store/late-store.ts';
import { ToldStore } from './store/told-store.ts';
import type { SessionTraces } from './tracing/session-traces.ts';
import type { Tracer } from './tracing/span.ts';
import { WEBHOOK_MIGRATIONS } from './webhooks/migrations.ts';
import { SHARED_TABLES } from './webhooks/shared-tables.ts';
import { TargetRule } from './webhooks/target-rule.ts';
import { WebhookDesk } from './webhooks/webhook-desk.ts';

const DELIVERY = 'deliver webhook';

/** Webhooks, with their outbox in `DATA_DIR`. All gateways have the same; each sends what happens in it. */
export function createWebhooks(
  config: Pick<Config, 'DATA_DIR' | 'WEBHOOK_ALLOWED_ADDRESSES'>,
  deps: Pick<Cluster, 'link' | 'news' | 'envelope'> & {
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
  const file = join(config.DATA_DIR, 'webhooks.db');
  const store = new LateStore('webhooks', { file, migrations: WEBHOOK_MIGRATIONS, log });
  const endpoints = new ToldStore(store);
  const ledger = new RowLedger(store, SHARED_TABLES);
  const onTaken = (changes: readonly RowChange[]): Promise<void> => desk.take(changes);
  const { link, envelope } = deps;
  const shared =
    link &&
    envelope &&
    new SharedRows({ ...deps, link, envelope, ledger, name: 'webhooks', onTaken });
  if (shared !== undefined) endpoints.use(shared);
  const desk: WebhookDesk = new WebhookDesk({
    ...deps,
    ...{ store, endpoints, ledger, shared },
    rule: new TargetRule(config.WEBHOOK_ALLOWED_ADDRESSES),
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
