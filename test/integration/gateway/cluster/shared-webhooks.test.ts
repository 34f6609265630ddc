import { expect, test } from 'vitest';
import { aCluster } from '../../../support/gateway/a-cluster.ts';
import { startRedis } from '../../../support/redis/start-redis.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { WebhookClient } from '../../../support/webhooks/webhook-client.ts';
import { aReceiver, isSigned } from '../../../support/webhooks/webhook-receiver.ts';

const SOON = { timeoutMs: 20_000 };

async function two() {
  const redis = await startRedis();
  const { gateways } = await aCluster(redis.url, { WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1' });
  const [one, other] = gateways;
  return { one, other, here: new WebhookClient(one.url), there: new WebhookClient(other.url) };
}

test('[CLUSTER-60] a webhook that is made at one gateway is sent what happens at the other, and is changed and deleted at both', async () => {
  const { other, here, there } = await two();
  const receiver = await aReceiver();
  await receiver.up();
  const { id, secret } = await here.create({ url: receiver.url, types: ['session.opened'] });
  expect(await there.get(id)).toMatchObject({ id, url: receiver.url, enabled: true });

  expect((await other.whip('demo')).status).toBe(201);
  await waitFor(() => receiver.received.length > 0, { ...SOON, what: 'the event' });
  expect(receiver.received.every((each) => isSigned(each, secret))).toBe(true);

  await there.change(id, { enabled: false });
  await waitFor(async () => !(await here.get(id)).enabled, { ...SOON, what: 'the change' });
  const gone = await there.call('DELETE', `/${id}`, { headers: { 'if-match': '*' } });
  expect(gone.status).toBe(204);
  await waitFor(async () => (await here.call('GET', `/${id}`)).status === 404, {
    ...SOON,
    what: 'it to be deleted',
  });
  expect(receiver.ids).toHaveLength(1);
}, 60_000);

test('[CLUSTER-61] deliveries of all gateways are one list, and each is read and sent again at whichever one asks', async () => {
  const { here, there } = await two();
  const receiver = await aReceiver();
  await receiver.up();
  const { id } = await here.create({ url: receiver.url });
  const sent: string[] = [];
  for (const client of [here, there, here, there, there]) sent.unshift((await client.test(id)).id);
  for (const client of [here, there]) {
    const { items, total } = await client.deliveries(id);
    expect(items.map((each) => each.id)).toEqual(sent);
    expect(total).toBe(5);
    for (const delivery of sent) {
      const reply = await client.call('GET', `/${id}/deliveries/${delivery}`);
      expect(await reply.json()).toMatchObject({ id: delivery, state: 'delivered' });
    }
    expect((await client.call('GET', `/${id}/deliveries/1`)).status).toBe(404);
  }
  const pages: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const reply = await here.call('GET', `/${id}/deliveries?limit=2${query}`);
    const page = (await reply.json()) as { items: { id: string }[]; next: string | null };
    pages.push(...page.items.map((each) => each.id));
    cursor = page.next;
  }
  expect(pages).toEqual(sent);

  const again = await here.replay(id, sent[0] ?? '');
  await waitFor(() => receiver.received.length === 6, { ...SOON, what: 'the replay' });
  expect(receiver.ids).toHaveLength(5);
  expect((await there.deliveries(id)).items[0]?.id).toBe(again.id);
}, 60_000);
