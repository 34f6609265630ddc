import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../../gateway/limits/limits.ts';
import { DeskUnderTest } from '../../../support/webhooks/a-webhook-desk.ts';
import { aReceiver, isSigned } from '../../../support/webhooks/webhook-receiver.ts';
import { waitFor } from '../../../support/wait-for.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** One that answers, and is away by its own word. */
async function aFailingReceiver() {
  const receiver = await aReceiver();
  receiver.answer = () => 503;
  await receiver.up();
  return receiver;
}

describe('webhooks that fail', () => {
  test('[WEBHOOK-13] an event is given up after a day, and the next of its room goes on', async () => {
    const stage = new DeskUnderTest();
    const receiver = await aFailingReceiver();
    const endpoint = await stage.create(receiver.url);
    stage.happen();
    await stage.attempts(1, endpoint);
    await stage.later(DAY - 1, endpoint);
    await stage.attempts(2, endpoint);
    expect(stage.outcomes).not.toContain('dead');
    const next = stage.happen();
    stage.time += 1;
    const states = async (): Promise<string> => {
      await stage.later(0, endpoint);
      return (await stage.deliveries(endpoint)).map(({ state }) => state).join();
    };
    await waitFor(async () => (await states()) === 'waiting,dead', {
      what: 'the end of the first',
    });
    expect(stage.outcomes.filter((outcome) => outcome === 'dead')).toHaveLength(1);
    expect((await stage.desk.get(endpoint.id)).enabled).toBe(true);
    receiver.answer = () => 204;
    await waitFor(async () => (await states()) === 'delivered,dead', { what: 'the next event' });
    expect(receiver.ids).toEqual([next]);
  });

  test('[WEBHOOK-14] an endpoint at which nothing came in for three days is disabled', async () => {
    const stage = new DeskUnderTest();
    const receiver = await aFailingReceiver();
    const endpoint = await stage.create(receiver.url);
    stage.happen();
    await stage.attempts(1, endpoint);
    const known = async () => stage.desk.get(endpoint.id);
    const since = (await known()).failingSince;
    expect(since).toBe(stage.time);
    for (const [day, ms] of [DAY - 1, DAY - 1, DAY - 1, 2].entries()) {
      stage.time += ms;
      stage.happen(`day-${day}`);
      await stage.attempts(day + 2, endpoint);
      expect(await known()).toMatchObject({ failingSince: since, enabled: true });
    }
    stage.time += 1;
    stage.happen('the-last-day');
    await waitFor(() => stage.disabled.length > 0, { what: 'the end' });
    expect(stage.disabled).toEqual(['Nothing could be delivered for 3 days.']);
    const disabled = await known();
    expect(disabled).toMatchObject({ enabled: false, disabledWhy: stage.disabled[0] });

    receiver.answer = () => 204;
    const { enabled, failingSince, disabledWhy } = await stage.desk.change(disabled, {
      enabled: true,
    });
    expect({ enabled, failingSince, disabledWhy }).toEqual({
      enabled: true,
      failingSince: null,
      disabledWhy: null,
    });
    const fresh = stage.happen('fresh');
    await waitFor(() => receiver.ids.includes(fresh), { what: 'the next event' });
  });

  test('[WEBHOOK-14] one success begins the three days anew', async () => {
    const stage = new DeskUnderTest();
    const receiver = await aFailingReceiver();
    const endpoint = await stage.create(receiver.url);
    stage.happen();
    await stage.attempts(1, endpoint);
    receiver.answer = () => 204;
    stage.time += DAY / 2;
    const isForgotten = async (): Promise<boolean> => {
      await stage.later(0, endpoint);
      return (await stage.desk.get(endpoint.id)).failingSince === null;
    };
    await waitFor(isForgotten, { what: 'the failure to be forgotten' });
    expect(receiver.ids).toHaveLength(1);
    receiver.answer = () => 503;
    stage.time += 3 * DAY;
    stage.happen();
    await waitFor(async () => (await stage.desk.get(endpoint.id)).failingSince === stage.time, {
      what: 'another failure',
    });
    expect(stage.disabled).toEqual([]);
  });

  test('[WEBHOOK-15] a full backlog takes no more, counts what it drops, and keeps its order', async () => {
    const stage = new DeskUnderTest();
    const receiver = await aFailingReceiver();
    const endpoint = await stage.create(receiver.url);
    const kept = Array.from({ length: LIMITS.webhookBacklog }, () => stage.happen());
    const view = () => stage.desk.view(endpoint);
    await waitFor(() => view().waiting === kept.length, { timeoutMs: 60_000, what: 'all to wait' });
    for (let count = 0; count < 7; count += 1) stage.happen();
    expect(view()).toMatchObject({ waiting: kept.length, dropped: 7 });
    expect(stage.desk.backlog).toBe(kept.length);
    expect(stage.outcomes.filter((outcome) => outcome === 'dropped')).toHaveLength(7);
    receiver.answer = () => 204;
    await stage.later(HOUR, endpoint);
    await waitFor(() => receiver.ids.length >= 50, { timeoutMs: 30_000, what: 'fifty' });
    expect(receiver.ids.slice(0, 50)).toEqual(kept.slice(0, 50));
  });

  test('[WEBHOOK-05] both secrets sign until the very end of the overlap, the oldest of three never', async () => {
    const stage = new DeskUnderTest();
    const receiver = await aReceiver();
    await receiver.up();
    const endpoint = await stage.create(receiver.url);
    const second = await stage.desk.rotate(endpoint, HOUR);
    const third = await stage.desk.rotate(second, HOUR);
    const signers = async (): Promise<boolean[]> => {
      const id = stage.happen();
      const arrived = () => receiver.received.find((each) => each.id === id);
      const received = await waitFor(arrived, { what: 'the event' });
      return [endpoint, second, third].map(({ secret }) => isSigned(received, secret));
    };
    expect(await signers()).toEqual([false, true, true]);
    expect(stage.desk.view(third).previousSecretUntil).toBe(stage.time + HOUR);
    stage.time += HOUR - 1;
    expect(await signers()).toEqual([false, true, true]);
    stage.time += 1;
    expect(await signers()).toEqual([false, false, true]);
    expect(stage.desk.view(third).previousSecretUntil).toBeNull();
  });
});
