import { onTestFinished, describe, expect, it } from 'vitest';
import type { HostView } from '../../../../gateway/protocol/host.ts';
import { takeControl, aControlToken } from '../../../support/gateway/a-controller.ts';
import { openEngineGateway } from '../../../support/gateway/engine-gateway.ts';
import { TcpRelay } from '../../../support/net/tcp-relay.ts';
import type { GatewayUnderTest } from '../../../support/gateway/start-gateway.ts';
import { aViewer } from '../../../support/gateway/test-socket.ts';
import { RoomClient } from '../../../support/direct/room-client.ts';
import type { DirectPeer } from '../../../support/direct/direct-peer.ts';
import { aFrame } from '../../../support/host/a-frame.ts';
import { AgentStage } from '../../../support/host/agent-stage.ts';
import { NO_CONTROL } from '../../../support/host/no-control.ts';
import { waitFor } from '../../../support/wait-for.ts';

const within = (what: string) => ({ timeoutMs: 30_000, what });

/** A host of room demo that answers clients alone; `signalUrl`: where its signalling is. */
const aDirectHost = (
  gateway: GatewayUnderTest,
  given: { signalUrl?: string; mostClients?: number } = {},
): AgentStage => {
  const { signalUrl = gateway.url, mostClients = 4 } = given;
  const socketOf = (path: string): string => `${gateway.url.replace('http', 'ws')}${path}`;
  return new AgentStage(
    gateway,
    { modes: ['direct'] },
    {
      direct: {
        ...{ url: `${signalUrl.replace('http', 'ws')}/ws/signal`, room: 'demo', source: 'main' },
        mostClients,
      },
      post: {
        socketUrl: socketOf('/ws/host/demo/main'),
        version: '0.0.0',
        control: { ...NO_CONTROL, on: true },
      },
    },
  );
};

const pictures = async (peer: DirectPeer, more = 10): Promise<void> => {
  const before = peer.received.pictures;
  await waitFor(() => peer.received.pictures > before + more, within('pictures'));
};

const clientsOf = ({ status }: HostView): number => status.direct?.clients ?? 0;

describe('a host that answers its clients', () => {
  it('[DIR-47] starts with the first client, tells the gateway of all, and rests after the last', async () => {
    const gateway = await openEngineGateway();
    const host = aDirectHost(gateway);
    await host.says('Nobody watches');
    const [anna, ben] = [
      await RoomClient.join(gateway.url, { sub: 'anna' }),
      await RoomClient.join(gateway.url),
    ];
    const [one, two] = [await anna.watch(), await ben.watch()];
    await Promise.all([pictures(one), pictures(two)]);
    const view = await host.is('serves two', (seen) => clientsOf(seen) === 2);
    expect(view.status).toMatchObject({ state: 'live', picture: null, direct: { state: 'live' } });
    await host.is('tells figures', ({ direct }) => (direct?.framesPerSecond ?? 0) > 5);
    anna.socket.say({ type: 'bye' });
    await one.ended;
    await host.is('serves one', (seen) => clientsOf(seen) === 1);
    await pictures(two);
    ben.kill();
    await host.is('rests', ({ status }) => status.state === 'idle');
    await host.says('Nobody watches', 2);
  }, 90_000);

  it('[DIR-48] takes input by channels from who holds control, and moves nothing for others', async () => {
    const gateway = await openEngineGateway();
    const host = aDirectHost(gateway);
    await host.says('Nobody watches');
    const viewer = await aViewer(gateway.url, { token: aControlToken('anna') });
    const { resume } = await viewer.hears('control/welcome');
    const anna = await RoomClient.join(gateway.url, { sub: 'anna', control: resume });
    const ben = await RoomClient.join(gateway.url);
    const [holder, other] = [await anna.watch(), await ben.watch()];
    await pictures(holder);
    const epoch = await takeControl(viewer);
    const key = { type: 'key', code: 'KeyA', keysym: 0x61, down: true } as const;
    const held = { keys: [{ code: 'KeyA', keysym: 0x61 }], buttons: 0, touches: [], gamepads: [] };
    const frame = aFrame({ epoch, sequence: 1, at: 5, held, events: [key] });
    const text = JSON.stringify(frame);
    other.keys.sendMessage(text);
    await waitFor(() => other.messages.length > 0, within('a refusal'));
    expect(JSON.parse(other.messages[0] ?? '')).toMatchObject({ type: 'input/refused' });
    expect(viewer.heard('input/applied')).toEqual([]);
    const sends = setInterval(() => holder.keys.sendMessage(text), 50);
    const applied = await viewer.hears('input/applied').finally(() => clearInterval(sends));
    expect(applied).toMatchObject({ epoch, sequence: 1, at: 5, events: 1 });
    // The same frame by the socket is the second copy, and the next one is new.
    viewer.say(frame);
    viewer.say(aFrame({ epoch, sequence: 2, at: 6, eventsBefore: 1, events: [] }));
    const next = await viewer.hearsSuch('input/applied', ({ sequence }) => sequence === 2);
    expect(next).toMatchObject({ events: 1 });
  }, 60_000);

  it('[DIR-49] goes on sending while its signalling is away, and is itself when it is back', async () => {
    const gateway = await openEngineGateway();
    const relay = await TcpRelay.open(Number(new URL(gateway.url).port));
    onTestFinished(() => relay.close());
    const host = aDirectHost(gateway, { signalUrl: `http://127.0.0.1:${relay.port}` });
    await host.says('Nobody watches');
    const client = await RoomClient.join(gateway.url);
    const before = await client.host();
    const peer = await client.watch();
    await pictures(peer);
    relay.cut();
    await client.socket.hears('peer-disconnected');
    await pictures(peer);
    const back = await client.socket.hears('peer-connected');
    expect(back['peerId']).toBe(before);
    await pictures(peer);
    expect(client.socket.heard('bye')).toEqual([]);
  }, 60_000);

  it('[DIR-50] says goodbye to clients when its media process dies', async () => {
    const gateway = await openEngineGateway();
    const host = aDirectHost(gateway);
    await host.says('Nobody watches');
    const client = await RoomClient.join(gateway.url);
    await pictures(await client.watch());
    host.killMedia();
    await client.socket.hears('bye');
    await pictures(await client.watch());
  }, 60_000);

  it('[DIR-51] has no more clients than it may, and room for another when one leaves', async () => {
    const gateway = await openEngineGateway();
    const host = aDirectHost(gateway, { mostClients: 1 });
    await host.says('Nobody watches');
    const anna = await RoomClient.join(gateway.url, { sub: 'anna' });
    const ben = await RoomClient.join(gateway.url);
    const peer = await anna.watch();
    await pictures(peer);
    ben.socket.say({ type: 'offer', sdp: 'v=0\r\n' });
    await ben.socket.hears('bye');
    anna.socket.say({ type: 'bye', to: await anna.host() });
    await peer.ended;
    await pictures(await ben.watch());
  }, 60_000);

  it('[DIR-52] tells its clients that it left', async () => {
    const gateway = await openEngineGateway();
    const host = aDirectHost(gateway);
    await host.says('Nobody watches');
    const client = await RoomClient.join(gateway.url);
    const peer = await client.watch();
    await pictures(peer);
    await host.stop();
    await peer.ended;
    const gone = await client.socket.hears('peer-disconnected');
    expect(gone).toMatchObject({ role: 'host', reason: 'left' });
  }, 60_000);
});
