import { describe, expect, test } from 'vitest';
import { anAdminToken, aToken } from '../../../support/gateway/a-token.ts';
import {
  aControlledHost,
  aController,
  aControllerToken,
  type Controller,
} from '../../../support/gateway/a-controlled-room.ts';
import { startGateway, type GatewayUnderTest } from '../../../support/gateway/start-gateway.ts';
import {
  aHostToken,
  openSocket,
  refusedSocket,
  viewerProtocols,
} from '../../../support/gateway/test-socket.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Anna controls, ben waits, and the host knows. */
async function drivenRoom(gateway: GatewayUnderTest, annasToken = aControllerToken('anna')) {
  const host = await aControlledHost(gateway.url);
  const anna = await aController(gateway.url, { token: annasToken });
  const ben = await aController(gateway.url, { sub: 'ben' });
  await anna.wish('request');
  await ben.wish('request');
  const epoch = await holds(anna);
  return { host, anna, ben, epoch };
}

async function holds(viewer: Controller): Promise<number> {
  await viewer.socket.hearsSuch('control/state', () => viewer.epoch() !== null);
  return viewer.epoch() ?? 0;
}

const released = { leases: { pointer: null, keyboard: null, gamepad: null } };

describe('a viewer that comes back', () => {
  test('[CTL-22] after a cut is the same, with its control in a new epoch; nothing was usable meanwhile', async () => {
    const { gateway } = await startGateway();
    const { host, anna, ben, epoch } = await drivenRoom(gateway);
    anna.socket.socket.terminate();
    await host.hearsSuch('control/leases', () => host.heard('control/leases').length === 3);
    expect(host.heard('control/leases').at(-1)).toMatchObject(released);
    await ben.socket.hearsSuch('control/state', () => holderIn(ben)?.absent === true);
    const back = await aController(gateway.url, { sub: 'anna', resume: anna.welcome.resume });
    expect(back.welcome).toMatchObject({ viewer: anna.viewer, name: 'anna' });
    expect(await holds(back)).toBeGreaterThan(epoch);
    const last = await host.hears('control/leases', 4);
    expect(last).toMatchObject({ leases: { keyboard: back.epoch() } });
    expect(await ben.wish('request')).toMatchObject({ result: 'queued', place: 1 });
  });

  test('[CTL-22] on a second socket takes the place of the first, which is closed 4409', async () => {
    const { gateway } = await startGateway();
    const { anna, epoch } = await drivenRoom(gateway);
    const second = await aController(gateway.url, { sub: 'anna', resume: anna.welcome.resume });
    expect((await anna.socket.end()).code).toBe(4409);
    expect(second.viewer).toBe(anna.viewer);
    expect(await holds(second)).toBeGreaterThan(epoch);
  });

  test('[CTL-22] keeps its place in the queue through a cut', async () => {
    const { gateway } = await startGateway();
    const { anna, ben } = await drivenRoom(gateway);
    const carl = await aController(gateway.url, { sub: 'carl' });
    expect(await carl.wish('request')).toMatchObject({ place: 2 });
    ben.socket.socket.terminate();
    const back = await aController(gateway.url, { sub: 'ben', resume: ben.welcome.resume });
    await anna.wish('release');
    await holds(back);
    expect(carl.epoch()).toBeNull();
  });

  test.each([
    ['by another subject', { sub: 'mallory' }],
    ['for another source', { sub: 'anna', source: 'camera' }],
  ])(
    '[CTL-23] with a secret that is used %s is somebody new, and disturbs nobody',
    async (_, who) => {
      const { gateway } = await startGateway();
      const { anna, epoch } = await drivenRoom(gateway);
      const thief = await aController(gateway.url, { ...who, resume: anna.welcome.resume });
      expect(thief.viewer).not.toBe(anna.viewer);
      expect(thief.welcome.resume).not.toBe(anna.welcome.resume);
      expect(thief.epoch()).toBeNull();
      expect(await anna.wish('request')).toMatchObject({ result: 'granted' });
      expect(anna.epoch()).toBe(epoch);
      expect(anna.socket.closed).toBeNull();
    },
  );

  test('[CTL-24] after a goodbye has lost control, which went to the next at once', async () => {
    const { gateway } = await startGateway();
    const { anna, ben } = await drivenRoom(gateway);
    anna.socket.socket.close(1001);
    await holds(ben);
    const back = await aController(gateway.url, { sub: 'anna', resume: anna.welcome.resume });
    expect(back.viewer).not.toBe(anna.viewer);
  });

  test('[CTL-24] too late finds that control went on after the grace', async () => {
    const { gateway } = await startGateway();
    const reply = await policy(gateway, { graceMs: 50 });
    expect(reply.status).toBe(200);
    const { anna, ben } = await drivenRoom(gateway);
    anna.socket.socket.terminate();
    await holds(ben);
    const back = await aController(gateway.url, { sub: 'anna', resume: anna.welcome.resume });
    expect(back.viewer).not.toBe(anna.viewer);
  });
});

describe('a right that ends', () => {
  test('[CTL-25] ends control at once: a token that is taken back', async () => {
    const { gateway } = await startGateway();
    const { host, anna, ben } = await drivenRoom(gateway);
    await revoke(gateway, 'anna');
    expect((await anna.socket.end()).code).toBe(4401);
    expect(await holds(ben)).toBeGreaterThan(0);
    expect(await host.hears('control/leases', 3)).toMatchObject({
      leases: { keyboard: ben.epoch() },
    });
  });

  test('[CTL-25] ends the control of a viewer that was lost, before its grace is over', async () => {
    const { gateway } = await startGateway();
    await policy(gateway, { graceMs: 60_000 });
    const { anna, ben } = await drivenRoom(gateway);
    anna.socket.socket.terminate();
    await ben.socket.hearsSuch('control/state', () => holderIn(ben)?.absent === true);
    await revoke(gateway, 'anna');
    await holds(ben);
  });

  test('[CTL-25] ends control at once: a token that runs out', async () => {
    const { gateway } = await startGateway();
    const token = aToken({ sub: 'anna', can: ['watch', 'control'], seconds: 6 });
    const { anna, ben } = await drivenRoom(gateway, token);
    await ben.socket.hearsSuch('control/state', () => ben.epoch() !== null);
    expect((await anna.socket.end()).code).toBe(4401);
  }, 25_000);
});

test('[CTL-33] a host’s token is no viewer’s, and the reverse', async () => {
  const { gateway } = await startGateway();
  const wrong = await openSocket(gateway.url, '/ws/control/demo', {
    protocols: viewerProtocols(aHostToken()),
  });
  expect((await wrong.end()).code).toBe(4403);
  const refusal = await refusedSocket(gateway.url, '/ws/host/demo', {
    token: aControllerToken('anna'),
  });
  expect(refusal.status).toBe(403);
});

function holderIn(viewer: Controller): { readonly absent: boolean } | null {
  const { keyboard } = viewer.state?.['holders'] as { keyboard: { absent: boolean } | null };
  return keyboard;
}

const policy = (gateway: GatewayUnderTest, change: object): Promise<Response> =>
  gateway.request('PATCH', '/api/v1/rooms/demo/hosts/main/control', {
    token: anAdminToken(),
    headers: JSON_TYPE,
    body: JSON.stringify(change),
  });

async function revoke(gateway: GatewayUnderTest, sub: string): Promise<void> {
  const reply = await gateway.request('POST', '/api/v1/revocations', {
    token: anAdminToken(),
    headers: JSON_TYPE,
    body: JSON.stringify({ sub }),
  });
  expect(reply.status).toBe(201);
}
