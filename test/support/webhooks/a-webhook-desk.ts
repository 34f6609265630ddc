import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { RowLedger } from '../../../gateway/cluster/rows/row-ledger.ts';
import { EventBus } from '../../../gateway/events/event-bus.ts';
import type { DeliveryView } from '../../../gateway/protocol/api/webhooks.ts';
import { RoomId } from '../../../gateway/protocol/ids.ts';
import { LateStore } from '../../../gateway/store/late-store.ts';
import { NO_SPAN } from '../../../gateway/tracing/span.ts';
import type { Endpoint } from '../../../gateway/webhooks/endpoint.ts';
import { WEBHOOK_MIGRATIONS } from '../../../gateway/webhooks/migrations.ts';
import { SHARED_TABLES } from '../../../gateway/webhooks/shared-tables.ts';
import { TargetRule } from '../../../gateway/webhooks/target-rule.ts';
import { WebhookDesk } from '../../../gateway/webhooks/webhook-desk.ts';
import { aFolder } from '../gateway/start-gateway.ts';
import { aKeepingLogger } from '../store/a-store.ts';
import { waitFor } from '../wait-for.ts';

/** Webhooks by a clock that a test turns on, with a real outbox and real requests. */
export class DeskUnderTest {
  /** Epoch milliseconds. */
  time = Date.UTC(2026, 0, 1);
  readonly disabled: string[] = [];
  readonly outcomes: string[] = [];
  readonly bus: EventBus;
  readonly desk: WebhookDesk;

  constructor(allowed: readonly string[] = ['127.0.0.1']) {
    const { log } = aKeepingLogger();
    const now = (): number => this.time;
    this.bus = new EventBus({ log, now });
    const file = join(aFolder(), 'webhooks.db');
    const store = new LateStore('webhooks', { file, migrations: WEBHOOK_MIGRATIONS, log });
    this.desk = new WebhookDesk({
      ...{ store, endpoints: store, shared: undefined },
      ledger: new RowLedger(store, SHARED_TABLES),
      bus: this.bus,
      rule: new TargetRule(allowed),
      log,
      now,
      random: () => 0.5,
      trace: () => NO_SPAN,
      onAttempt: (outcome) => void this.outcomes.push(outcome),
      onDisabled: (_endpoint, why) => void this.disabled.push(why),
    });
    this.desk.start();
    onTestFinished(() => this.desk.close());
  }

  create(url: string): Promise<Endpoint> {
    return this.desk.create({ url, description: '', types: [], rooms: [], enabled: true });
  }

  /** Something happens in a room. */
  happen(room = 'demo'): string {
    return this.bus.publish({ type: 'room.opened', room: RoomId.parse(room), data: {} }).id;
  }

  /** Turns the clock on and tries everything that rests. */
  async later(ms: number, { id }: Endpoint): Promise<void> {
    this.time += ms;
    await this.desk.change(await this.desk.get(id), {});
  }

  /** What became of each, the newest first. */
  async deliveries(endpoint: Endpoint): Promise<readonly DeliveryView[]> {
    const query = { limit: 200, before: undefined, q: undefined, state: undefined };
    return (await this.desk.deliveries(endpoint, query)).items;
  }

  /** Waits until so many attempts are over and noted, and what failed rests. */
  async attempts(count: number, endpoint: Endpoint): Promise<void> {
    const noted = async (): Promise<boolean> => {
      const deliveries = await this.deliveries(endpoint);
      return deliveries.reduce((sum, { attempts }) => sum + attempts, 0) >= count;
    };
    await waitFor(noted, { what: `${count} attempts` });
  }
}
