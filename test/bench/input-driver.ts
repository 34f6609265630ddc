import { once } from 'node:events';
import { WebSocket } from 'ws';
import { HOST_PROTOCOL } from '../../gateway/protocol/host.ts';
import { TOKEN_PROTOCOL_PREFIX, VIEWER_PROTOCOL } from '../../gateway/protocol/viewer-protocol.ts';
import { waitFor } from '../support/wait-for.ts';
import type { GatewayProcess } from './gateway-process.ts';

type Message = Readonly<Record<string, unknown>>;

/** A socket of the bench, with the newest message of each type. */
export class BenchSocket {
  readonly socket: WebSocket;
  readonly newest = new Map<string, Message>();

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      this.newest.set(String(message['type']), message);
    });
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  async hears(type: string): Promise<Message> {
    return await waitFor(() => this.newest.get(type), { what: type, timeoutMs: 15_000 });
  }
}

export async function openSocket(
  url: string,
  protocols: readonly string[] = [],
  token?: string,
): Promise<BenchSocket> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const socket = new WebSocket(url.replace(/^http/, 'ws'), [...protocols], {
    perMessageDeflate: false,
    headers,
  });
  const opened = new BenchSocket(socket);
  await once(socket, 'open');
  return opened;
}

/** A host that takes input, and answers nothing by itself. */
export async function openHost(gateway: GatewayProcess, room: string): Promise<BenchSocket> {
  const token = gateway.mint(room, ['host', 'publish']);
  const host = await openSocket(`${gateway.url}/ws/host/${room}`, [HOST_PROTOCOL], token);
  const picture = { width: 1280, height: 720, fps: 30, bitrateKbps: 4000 };
  host.say({
    type: 'host/hello',
    capabilities: {
      ...{ version: '0', kind: 'desktop', encoders: [], publishers: ['native'], picture },
      ...{ sound: false, onDemand: true, cursor: true, clipboard: true, commands: [] },
      ...{ devices: ['pointer', 'keyboard', 'gamepad'], largestScreen: null },
    },
    status: {
      ...{ state: 'idle', encoder: null, codec: null, publisher: null, picture: null },
      ...{ fixed: { bitrateKbps: null, fps: null, size: null, content: null }, message: null },
    },
  });
  await host.hears('media/demand');
  return host;
}

export const viewerProtocols = (token: string): readonly string[] => [
  VIEWER_PROTOCOL,
  `${TOKEN_PROTOCOL_PREFIX}${token}`,
];

/** A viewer that may control. */
export async function openDriver(
  gateway: GatewayProcess,
  room: string,
  sub: string,
): Promise<BenchSocket> {
  const token = gateway.mint(room, ['watch', 'control'], sub);
  const url = `${gateway.url}/ws/control/${room}`;
  const driver = await openSocket(url, viewerProtocols(token));
  driver.say({ type: 'viewer/watching', source: 'main', session: null });
  await driver.hears('control/welcome');
  return driver;
}

/** Waits until a viewer holds the pointer; its epoch. */
export async function epochOf(driver: BenchSocket): Promise<number> {
  const { viewer } = await driver.hears('control/welcome');
  return await waitFor(
    () => {
      const { holders } = (driver.newest.get('control/state') ?? {}) as {
        holders?: { pointer: { viewer: string; epoch: number } | null };
      };
      const held = holders?.pointer;
      return held?.viewer === viewer ? held?.epoch : undefined;
    },
    { what: 'control', timeoutMs: 15_000, everyMs: 1 },
  );
}
