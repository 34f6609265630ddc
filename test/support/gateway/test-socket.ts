import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';
import { onTestFinished } from 'vitest';
import type { HostCapabilities, HostStatus } from '../../../gateway/protocol/host.ts';
import { HOST_PROTOCOL } from '../../../gateway/protocol/host.ts';
import {
  TOKEN_PROTOCOL_PREFIX,
  VIEWER_PROTOCOL,
} from '../../../gateway/protocol/viewer-protocol.ts';
import { waitFor } from '../wait-for.ts';
import { aToken } from './a-token.ts';

export interface Message {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** How an attempt ended that was no upgrade. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly problem: Readonly<Record<string, unknown>>;
}

/** A WebSocket of a test, with all that it was told. Closed after the test. */
export class TestSocket {
  readonly socket: WebSocket;
  readonly messages: Message[] = [];
  /** Code and sentence of its end. */
  closed: { readonly code: number; readonly reason: string } | null = null;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString()) as Message);
    });
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    socket.on('error', () => undefined);
    onTestFinished(() => socket.terminate());
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The messages of one type, in their order. */
  heard(type: string): readonly Message[] {
    return this.messages.filter((message) => message.type === type);
  }

  /** The newest message of a type, once there are so many. */
  async hears(type: string, count = 1): Promise<Message> {
    await waitFor(() => this.heard(type).length >= count, { what: `${count} of ${type}` });
    const message = this.heard(type).at(-1);
    if (message === undefined) throw new Error(`no ${type}`);
    return message;
  }

  /** The newest message of a type that is as told, once there is one. */
  async hearsSuch(type: string, isSuch: (message: Message) => boolean): Promise<Message> {
    return await waitFor(() => this.heard(type).findLast(isSuch), {
      timeoutMs: 15_000,
      what: `such a ${type}`,
    });
  }

  async end(): Promise<{ readonly code: number; readonly reason: string }> {
    await waitFor(() => this.closed !== null, { what: 'the end of the socket' });
    return this.closed ?? { code: 0, reason: '' };
  }
}

/** Opens a WebSocket. Resolves with a refusal where the gateway answers by HTTP. */
export async function connectSocket(
  url: string,
  path: string,
  given: { protocols?: readonly string[]; token?: string | null } & ClientOptions = {},
): Promise<TestSocket | Refusal> {
  const { protocols = [HOST_PROTOCOL], token = null, headers = {}, ...options } = given;
  const socket = new WebSocket(new URL(path, url.replace(/^http/, 'ws')), [...protocols], {
    ...options,
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
  });
  const test = new TestSocket(socket);
  const refusal = new Promise<Refusal>((resolve) => {
    socket.on('unexpected-response', (_req, res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const problem = body === '' ? {} : (JSON.parse(body) as Record<string, unknown>);
        resolve({ status: res.statusCode ?? 0, headers: res.headers, problem });
        socket.terminate();
      });
    });
  });
  return await Promise.race([once(socket, 'open').then(() => test), refusal]);
}

/** The same, where the socket must open. */
export async function openSocket(...args: Parameters<typeof connectSocket>): Promise<TestSocket> {
  const opened = await connectSocket(...args);
  if (opened instanceof TestSocket) return opened;
  throw new Error(`refused: ${opened.status} ${JSON.stringify(opened.problem)}`);
}

/** The same, where it must be refused. */
export async function refusedSocket(...args: Parameters<typeof connectSocket>): Promise<Refusal> {
  const opened = await connectSocket(...args);
  if (opened instanceof TestSocket) throw new Error('the socket opened');
  return opened;
}

export const aHostToken = (sub = 'machine', room = 'demo'): string =>
  aToken({ sub, room, can: ['host', 'publish'] });

/** The request of a host for its socket, for who writes it byte by byte. */
export const hostUpgrade = (path: string, more: readonly string[] = []): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: gateway',
    `Authorization: Bearer ${aHostToken()}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol: pixelcast.host.v1',
    ...more,
    '\r\n',
  ].join('\r\n');

export const someCapabilities = (given: Partial<HostCapabilities> = {}): HostCapabilities => ({
  version: '0.1.0',
  kind: 'cube',
  encoders: [{ name: 'x264enc', codec: 'h264', hardware: false }],
  publishers: ['native'],
  picture: { width: 1280, height: 720, fps: 30, bitrateKbps: 4000 },
  sound: true,
  onDemand: true,
  cursor: false,
  devices: [],
  clipboard: false,
  largestScreen: null,
  commands: [],
  ...given,
});

export const aStatus = (given: Partial<HostStatus> = {}): HostStatus => ({
  state: 'idle',
  encoder: null,
  codec: null,
  publisher: null,
  picture: null,
  fixed: { bitrateKbps: null, fps: null, size: null, content: null },
  message: null,
  ...given,
});

/** A host that has said hello and was welcomed. */
export async function aHost(
  url: string,
  given: {
    path?: string;
    token?: string;
    capabilities?: Partial<HostCapabilities>;
    status?: Partial<HostStatus>;
  } = {},
): Promise<TestSocket> {
  const { path = '/ws/host/demo', token = aHostToken() } = given;
  const host = await openSocket(url, path, { token });
  host.say({
    type: 'host/hello',
    capabilities: someCapabilities(given.capabilities),
    status: aStatus(given.status),
  });
  await host.hears('media/demand');
  return host;
}

/** What a page offers. */
export const viewerProtocols = (token = aToken({ sub: 'ben', can: ['watch'] })): string[] => [
  VIEWER_PROTOCOL,
  `${TOKEN_PROTOCOL_PREFIX}${token}`,
];

/** A viewer that has said what it watches, and was told of the host. */
export async function aViewer(
  url: string,
  given: { token?: string; source?: string; session?: string | null } = {},
): Promise<TestSocket> {
  const { source = 'main', session = null } = given;
  const protocols = viewerProtocols(given.token);
  const viewer = await openSocket(url, '/ws/control/demo', { protocols });
  viewer.say({ type: 'viewer/watching', source, session });
  await viewer.hears('host/status');
  return viewer;
}
