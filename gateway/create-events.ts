import type { AuditLog } from './audit/audit-log.ts';
import type { Config } from './config/load.ts';
import type { Cluster } from './create-cluster.ts';
import { createWebhooks } from './create-webhooks.ts';
import { ClusterEvents } from './events/cluster-events.ts';
import { EventBus } from './events/event-bus.ts';
import { NodeEvents } from './events/node-events.ts';
import { OperatorStreams } from './events/operator-streams.ts';
import { SessionEvents } from './events/session-events.ts';
import type { Service } from './lifecycle.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import { SessionTraces } from './tracing/session-traces.ts';
import type { Tracer } from './tracing/span.ts';
import type { WebhookDesk } from './webhooks/webhook-desk.ts';

/** The bus of events, who tells it, and who hears it. */
export interface Events {
  readonly bus: EventBus;
  /** Hears of sessions before `sessionEvents`. */
  readonly sessionTraces: SessionTraces;
  readonly sessionEvents: SessionEvents;
  readonly nodeEvents: NodeEvents;
  readonly operatorStreams: OperatorStreams;
  readonly webhooks: WebhookDesk;
  /** Closed after all that tells events. */
  readonly eventService: Service;
  /** Closed before the listeners. */
  readonly streamService: Service;
}

export function createEvents(
  config: Config,
  deps: Pick<Cluster, 'link' | 'news' | 'envelope'> & {
    readonly audit: AuditLog;
    readonly log: Logger;
    readonly metrics: Metrics;
    readonly tracer: Tracer;
    readonly now: () => number;
  },
): Events {
  const bus = new EventBus(deps);
  const everywhere = new EventBus(deps);
  const cluster = new ClusterEvents({ own: bus, everywhere }, deps.news);
  const operatorStreams = new OperatorStreams(everywhere);
  const sessionTraces = new SessionTraces();
  bus.subscribe((event) => sessionTraces.hear(event));
  const webhooks = createWebhooks(config, { ...deps, bus, sessionTraces });
  return {
    bus,
    sessionTraces,
    sessionEvents: new SessionEvents(bus, deps.now),
    nodeEvents: new NodeEvents(bus),
    operatorStreams,
    webhooks,
    eventService: {
      name: 'events',
      start: () => webhooks.start(),
      close: async () => {
        await Promise.all([cluster.flush(), webhooks.close()]);
      },
    },
    streamService: {
      name: 'event streams',
      start: () => undefined,
      close: () => operatorStreams.close(),
    },
  };
}
