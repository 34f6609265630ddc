import { expect, test } from 'vitest';
import { aCluster } from '../../../support/gateway/a-cluster.ts';
import { aControllableHost, aController } from '../../../support/gateway/a-controller.ts';
import { anApplicant, aPeer } from '../../../support/gateway/signal-peer.ts';
import { startRedis } from '../../../support/redis/start-redis.ts';

test('[CLUSTER-63] who controls is known to a direct host, at whichever gateways their sockets are', async () => {
  const redis = await startRedis();
  const { gateways } = await aCluster(redis.url);
  const [one, two] = gateways;
  await aControllableHost(two.url);
  const { socket } = await aController(one.url);
  const { viewer, resume } = await socket.hears('control/welcome');
  const host = await aPeer(two.url, 'host');
  for (const { url } of gateways) {
    const client = await anApplicant(url, 'client', { sub: 'anna', control: String(resume) });
    const { peerId } = await client.hears('registered');
    const told = await host.socket.hearsSuch(
      'peer-control',
      (each) => each['peerId'] === peerId && each['viewer'] === viewer,
    );
    expect(told).toBeDefined();
    const other = await anApplicant(url, 'client', { sub: 'eve', control: String(resume) });
    expect(await other.hears('error')).toMatchObject({ code: 'unknown-control' });
  }
  const path = '/cluster/viewers/demo/main';
  const headers = { 'x-pixelcast-resume': String(resume), 'x-pixelcast-subject': 'anna' };
  expect((await two.request('GET', path, { headers })).status).toBe(404);
}, 60_000);
