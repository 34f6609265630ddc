import { describe, expect, test } from 'vitest';
import { ControlView } from '../../../../gateway/protocol/control-record.ts';
import { anAdminToken, aToken } from '../../../support/gateway/a-token.ts';
import {
  aControlledHost,
  aController,
  anOwnerToken,
} from '../../../support/gateway/a-controlled-room.ts';
import {
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../../support/gateway/start-gateway.ts';

const PATH = '/api/v1/rooms/demo/hosts/main/control';

const send = (gateway: GatewayUnderTest, method: string, body: object, token = anAdminToken()) =>
  gateway.request(method, PATH, {
    token,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const view = async (gateway: GatewayUnderTest): Promise<ControlView> =>
  ControlView.parse(await gateway.json(PATH, anAdminToken()));

const auditOf = ({ lines }: GatewayUnderTest): readonly unknown[] =>
  lines.filter((line) => line['msg'] === 'control changed');

async function counted(gateway: GatewayUnderTest, name: string): Promise<readonly string[]> {
  const text = await (await fetch(new URL('/metrics', gateway.url))).text();
  return text.split('\n').filter((line) => line.startsWith(name));
}

describe('the API of control', () => {
  test('[CTL-32] tells who holds what, who is there and what was, and the audit and figures do', async () => {
    const { gateway } = await startGateway();
    await aControlledHost(gateway.url);
    const anna = await aController(gateway.url, { sub: 'anna' });
    const watcher = await aController(gateway.url, {
      token: aToken({ sub: 'carl', can: ['watch'] }),
    });
    await anna.wish('request');
    await watcher.wish('request');
    await anna.wish('release');
    await anna.wish('request');
    const { state, people, peopleCount, history } = await view(gateway);
    expect(state.holders.keyboard).toMatchObject({ viewer: anna.viewer, name: 'anna' });
    expect(peopleCount).toBe(2);
    expect(people).toMatchObject([
      { viewer: anna.viewer, name: 'anna', subject: 'anna', rank: 'viewer', present: true },
      { viewer: watcher.viewer, rank: 'watcher' },
    ]);
    expect(history).toMatchObject([
      { type: 'lease', viewer: anna.viewer, begin: 'asked', end: 'released' },
      { type: 'refused', viewer: watcher.viewer, wish: 'request', why: 'no-right', times: 1 },
      { type: 'lease', viewer: anna.viewer, devices: state.devices, to: null, end: null },
    ]);
    expect(auditOf(gateway)).toMatchObject([
      { audit: true, control: 'asked', room: 'demo', source: 'main', subject: 'anna' },
      { control: 'released', viewer: anna.viewer },
      { control: 'asked' },
    ]);
    expect(await counted(gateway, 'pixelcast_control_')).toEqual([
      'pixelcast_control_changes_total{change="asked"} 2',
      'pixelcast_control_changes_total{change="released"} 1',
      'pixelcast_control_refusals_total{why="no-right"} 1',
      'pixelcast_control_viewers{state="holds"} 1',
      'pixelcast_control_viewers{state="waits"} 0',
    ]);
  });

  test('[CTL-31] releases, gives and denies, and tells the host, the viewers and the audit', async () => {
    const { gateway } = await startGateway();
    const host = await aControlledHost(gateway.url);
    const anna = await aController(gateway.url, { sub: 'anna' });
    const ben = await aController(gateway.url, { sub: 'ben' });
    await anna.wish('request');
    await ben.wish('request');
    expect((await send(gateway, 'POST', { action: 'deny', viewer: ben.viewer })).status).toBe(200);
    expect(await ben.wish('request')).toMatchObject({ result: 'refused', why: 'denied' });
    expect((await send(gateway, 'POST', { action: 'give', viewer: ben.viewer })).status).toBe(200);
    await ben.socket.hearsSuch('control/state', () => ben.epoch() !== null);
    const reply = await send(gateway, 'POST', { action: 'release', viewer: ben.viewer });
    expect(ControlView.parse(await reply.json()).state.holders.keyboard).toBeNull();
    await host.hears('control/leases', 4);
    const epochs = host.heard('control/leases').map(({ leases }) => leases);
    expect(epochs.at(-1)).toEqual({ pointer: null, keyboard: null, gamepad: null });
    expect(auditOf(gateway)).toMatchObject([
      { control: 'asked', subject: 'anna' },
      { control: 'denied', subject: 'ben', by: 'root' },
      { control: 'given-away', subject: 'anna', by: 'root' },
      { control: 'given', subject: 'ben', by: 'root' },
      { control: 'withdrawn', subject: 'ben', by: 'root' },
    ]);
    const acts = gateway.lines.filter((line) => line['act'] === 'control-changed');
    expect(acts).toMatchObject([
      { by: 'root', target: { action: 'deny', viewer: ben.viewer, source: 'main' } },
      { target: { action: 'give' } },
      { target: { action: 'release' } },
    ]);
  });

  test('[CTL-31] says why something is not possible', async () => {
    const { gateway } = await startGateway();
    const body = { action: 'release', viewer: 'aaaaaaaaaa' };
    const nobody = await send(gateway, 'POST', body);
    expect([nobody.status, (await problemOf(nobody))['code']]).toEqual([409, 'control-refused']);
    await aControlledHost(gateway.url);
    const anna = await aController(gateway.url, { sub: 'anna' });
    const idle = await send(gateway, 'POST', { action: 'release', viewer: anna.viewer });
    expect((await problemOf(idle))['detail']).toBe('That viewer does not have control.');
  });

  test.each([
    ['PATCH', {}, anAdminToken(), 400],
    ['PATCH', { mode: 'closed' }, anAdminToken(), 400],
    ['PATCH', { mode: 'locked', colour: 'red' }, anAdminToken(), 400],
    ['PATCH', { mode: 'locked' }, aToken({ can: ['watch', 'control'] }), 403],
    ['PATCH', { mode: 'locked' }, aToken({ can: ['host', 'publish'] }), 403],
    ['PATCH', { mode: 'locked' }, aToken({ room: 'other', can: ['admin'] }), 403],
    ['POST', { action: 'dance', viewer: 'aaaaaaaaaa' }, anAdminToken(), 400],
    ['POST', { action: 'give', viewer: 'aaaaaaaaaa', id: 1 }, anAdminToken(), 400],
    ['POST', { action: 'give' }, anAdminToken(), 400],
  ])('[CTL-31] refuses %s %j with %s', async (method, body, token, status) => {
    const { gateway } = await startGateway();
    const reply = await send(gateway, method, body, token);
    expect(reply.status).toBe(status);
    await problemOf(reply);
  });
});

describe('a policy', () => {
  test('[CTL-30] comes from the settings, is changed by admins, and outlives viewers and host', async () => {
    const { gateway } = await startGateway({
      env: { CONTROL_MODE: 'locked', CONTROL_SLOT_SECONDS: '30', CONTROL_IDLE_SECONDS: '0' },
    });
    expect((await view(gateway)).state.policy).toMatchObject({
      mode: 'locked',
      slotMs: 30_000,
      idleMs: null,
      clipboardFromHost: 'text',
    });
    const token = aToken({ sub: 'owner', can: ['admin'] });
    expect((await send(gateway, 'PATCH', { mode: 'view-only' }, token)).status).toBe(200);
    const host = await aControlledHost(gateway.url);
    const anna = await aController(gateway.url, { sub: 'anna' });
    expect(await anna.wish('request')).toMatchObject({ why: 'view-only' });
    expect((await send(gateway, 'PATCH', { mode: 'open' }, token)).status).toBe(200);
    expect(await anna.wish('request')).toMatchObject({ result: 'granted' });
    host.socket.close();
    anna.socket.socket.close();
    await anna.socket.end();
    await expect.poll(async () => (await view(gateway)).peopleCount, { timeout: 10_000 }).toBe(0);
    expect((await view(gateway)).state.policy.mode).toBe('open');
  });

  test('[CTL-30] is changed by an owner on the socket, and by nobody else', async () => {
    const { gateway } = await startGateway();
    await aControlledHost(gateway.url);
    const anna = await aController(gateway.url, { sub: 'anna' });
    const owner = await aController(gateway.url, { token: anOwnerToken() });
    await anna.wish('request');
    const change = { policy: { mode: 'locked' } };
    expect(await anna.wish('policy', change)).toMatchObject({ result: 'refused', why: 'no-right' });
    expect(await owner.wish('policy', change)).toMatchObject({ result: 'done' });
    await anna.socket.hearsSuch('control/state', () => anna.epoch() === null);
    expect(await anna.wish('request')).toMatchObject({ why: 'locked' });
    expect(await owner.wish('request')).toMatchObject({ result: 'granted' });
    expect(auditOf(gateway).slice(1, 3)).toMatchObject([
      { control: 'policy', subject: 'anna', by: 'owner' },
      { control: 'policy', room: 'demo', by: 'owner' },
    ]);
  });
});
