import { describe, expect, test } from 'vitest';
import { PeerView } from '../../../../gateway/protocol/signal/peer-view.ts';
import { aToken, anAdminToken } from '../../../support/gateway/a-token.ts';
import { aPeer } from '../../../support/gateway/signal-peer.ts';
import { startGateway } from '../../../support/gateway/start-gateway.ts';
import { aHost, aViewer } from '../../../support/gateway/test-socket.ts';

describe('an administrator', () => {
  test('[SIG-14] sees the peers of its rooms, and kicks one', async () => {
    const { gateway } = await startGateway();
    const sender = await aPeer(gateway.url, 'sender', { sub: 'anna', name: 'Phone' });
    const receiver = await aPeer(gateway.url, 'receiver');
    const { items } = (await gateway.json('/api/v1/peers', anAdminToken())) as {
      items: unknown[];
    };
    expect(items.map((item) => PeerView.parse(item))).toMatchObject([
      { peerId: sender.peerId, role: 'sender', room: 'demo', name: 'Phone', subject: 'anna' },
      { peerId: receiver.peerId, role: 'receiver' },
    ]);
    const elsewhere = aToken({ room: 'other', can: ['admin'] });
    expect(await gateway.json('/api/v1/peers', elsewhere)).toEqual({ items: [] });
    const path = `/api/v1/peers/${receiver.peerId}`;
    expect((await gateway.request('DELETE', path, { token: elsewhere })).status).toBe(404);
    expect((await gateway.request('DELETE', path)).status).toBe(403);
    expect((await gateway.request('DELETE', path, { token: anAdminToken() })).status).toBe(204);
    expect((await receiver.socket.end()).code).toBe(4401);
    expect(await sender.socket.hears('peer-disconnected')).toMatchObject({ reason: 'kicked' });
    const acts = gateway.lines.filter((line) => line['act'] === 'peer-kicked');
    expect(acts).toHaveLength(1);
  });
});

describe('the control session of a client', () => {
  test('[SIG-15] is told to the host when the client proves it, and only for the same subject', async () => {
    const { gateway } = await startGateway();
    await aHost(gateway.url, { capabilities: { devices: ['pointer'] } });
    const host = await aPeer(gateway.url, 'host');
    const token = aToken({ sub: 'ben', can: ['watch', 'control'] });
    const viewer = await aViewer(gateway.url, { token });
    const welcome = await viewer.hears('control/welcome');
    const control = welcome['resume'] as string;

    const client = await aPeer(gateway.url, 'client', { token, control });
    expect(await host.socket.hears('peer-control')).toEqual({
      type: 'peer-control',
      peerId: client.peerId,
      viewer: welcome['viewer'],
    });
    const late = await aPeer(gateway.url, 'client', { token });
    late.socket.say({ type: 'control', control });
    await host.socket.hears('peer-control', 2);
    const thief = await aPeer(gateway.url, 'client', { sub: 'mallory', control });
    expect(await thief.socket.hears('error')).toMatchObject({ code: 'unknown-control' });
    expect(host.socket.heard('peer-control')).toHaveLength(2);

    host.socket.say({ type: 'bye' });
    await host.socket.end();
    const next = await aPeer(gateway.url, 'host');
    const peers = next.registered['peers'] as { peerId: string; viewer?: string }[];
    const viewerOf = (peerId: string) => peers.find((peer) => peer.peerId === peerId)?.viewer;
    expect(viewerOf(client.peerId)).toBe(welcome['viewer']);
    expect(viewerOf(thief.peerId)).toBeUndefined();
  });

  test('[SIG-15] leases name who holds each device', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url, { capabilities: { devices: ['pointer'] } });
    const token = aToken({ sub: 'ben', can: ['watch', 'control'] });
    const viewer = await aViewer(gateway.url, { token });
    const { viewer: id } = await viewer.hears('control/welcome');
    viewer.say({ type: 'control/request', id: '1', devices: ['pointer'] });
    const leases = await host.hearsSuch('control/leases', (message) => {
      const { holders } = message as unknown as { holders: { pointer: string | null } };
      return holders.pointer !== null;
    });
    expect(leases).toMatchObject({ holders: { pointer: id } });
  });
});

describe('servers for TURN', () => {
  test('[SIG-16] come with registered, bound to subject and token, and anew before they run out', async () => {
    const env = { TURN_URLS: 'turn:192.0.2.1:3478', ICE_LIFETIME_SECONDS: '600' };
    const { gateway } = await startGateway({ env });
    const token = aToken({ sub: 'ben', can: ['watch'], seconds: 30 });
    const { registered } = await aPeer(gateway.url, 'receiver', { token });
    const { turnConfig } = registered as unknown as {
      turnConfig: { iceServers: { urls: string[]; username: string }[]; expiresAt: number };
    };
    expect(turnConfig.iceServers).toMatchObject([{ urls: ['turn:192.0.2.1:3478'] }]);
    expect(turnConfig.expiresAt).toBeLessThanOrEqual(Date.now() + 30_000);
    expect(turnConfig.iceServers[0]?.username).toMatch(/^\d+:/);
  });
});
