import { connect, type Socket } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { aToken } from '../../support/gateway/a-token.ts';
import { startGateway, type GatewayUnderTest } from '../../support/gateway/start-gateway.ts';
import {
  aHost,
  aHostToken,
  aStatus,
  aViewer,
  connectSocket,
  hostUpgrade,
  openSocket,
  someCapabilities,
  viewerProtocols,
  type TestSocket,
} from '../../support/gateway/test-socket.ts';
import { waitFor } from '../../support/wait-for.ts';

const HOST = '/ws/host/demo';
const HELLO = { type: 'host/hello' };

const aSilentHost = (gateway: GatewayUnderTest): Promise<TestSocket> =>
  openSocket(gateway.url, HOST, { token: aHostToken() });

/** Nothing of hosts and viewers is left in any table. */
async function expectNothingLeft(gateway: GatewayUnderTest): Promise<void> {
  await waitFor(async () => (await sizes(gateway)).every((size) => size === 0), {
    what: 'empty tables',
  });
}

async function sizes(gateway: GatewayUnderTest): Promise<readonly number[]> {
  const text = await (await fetch(new URL('/metrics', gateway.url))).text();
  const names = 'sources|arrivals|host_seats|viewer_seats|sockets';
  const rows = [
    ...text.matchAll(new RegExp(`^pixelcast_table_entries{table="(?:${names})"} (\\d+)`, 'gm')),
  ];
  expect(rows).toHaveLength(5);
  return rows.map(([, size]) => Number(size));
}

describe('what breaks the protocol', () => {
  const deep = '['.repeat(40_000);
  test.each([
    ['no JSON', 'hello', 1008],
    ['an array without an end', deep, 1008],
    ['no type', '{}', 1008],
    ['an unknown type', '{"type":"host/dance"}', 1008],
    ['a hello without its parts', JSON.stringify(HELLO), 1008],
    ['a status before the hello', JSON.stringify({ type: 'host/status', status: aStatus() }), 1008],
    ['a name of JavaScript’s own', '{"type":"__proto__"}', 1008],
    ['bytes', Buffer.from('{}'), 1003],
    ['a message of 97 KiB', `"${'a'.repeat(97 * 1024)}"`, 1009],
  ])('[HOST-06] %s ends the socket', async (_, message, code) => {
    const { gateway } = await startGateway();
    const host = await aSilentHost(gateway);
    host.socket.send(message);
    const end = await host.end();
    expect(end.code).toBe(code);
    if (code === 1008) expect(end.reason).not.toBe('');
    await expectNothingLeft(gateway);
  });

  test('[HOST-06] the sentence names the first member that is wrong', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url);
    host.say({ type: 'host/status', status: aStatus({ state: 'asleep' as 'idle' }) });
    expect((await host.end()).reason).toMatch(/^status\.state: /);
  });

  test('[HOST-05] a second hello ends the socket', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url);
    host.say({ ...HELLO, capabilities: someCapabilities(), status: aStatus() });
    expect((await host.end()).code).toBe(1008);
  });

  test('[HOST-05] so does no hello for five seconds', async () => {
    const { gateway } = await startGateway();
    const host = await aSilentHost(gateway);
    const startedAt = performance.now();
    await waitFor(() => host.closed !== null, { timeoutMs: 20_000, what: 'the end' });
    expect(host.closed).toMatchObject({ code: 1008, reason: 'Say host/hello first.' });
    expect(performance.now() - startedAt).toBeGreaterThan(4500);
  }, 15_000);

  test('[VIEW-08] a viewer’s message has at most 34 KiB', async () => {
    const { gateway } = await startGateway();
    const viewer = await aViewer(gateway.url);
    viewer.socket.send(`"${'a'.repeat(35 * 1024)}"`);
    expect((await viewer.end()).code).toBe(1009);
    await expectNothingLeft(gateway);
  });
});

describe('frames that no library sends', () => {
  /** An open host’s socket whose bytes are ours. */
  async function rawHost(
    gateway: GatewayUnderTest,
  ): Promise<{ socket: Socket; got: () => Buffer }> {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect({ host: hostname, port: Number(port) });
    onTestFinished(() => void socket.destroy());
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.write(hostUpgrade(HOST, ['Sec-WebSocket-Extensions: permessage-deflate']));
    const head = (): string => Buffer.concat(chunks).toString('latin1');
    await waitFor(() => head().includes('\r\n\r\n'), { what: 'the 101' });
    expect(head()).toMatch(/^HTTP\/1\.1 101 /);
    expect(head()).not.toMatch(/permessage-deflate/i);
    return { socket, got: () => Buffer.concat(chunks).subarray(head().indexOf('\r\n\r\n') + 4) };
  }

  /** RFC 6455 §5.2, masked with zeros. */
  function frame(first: number, payload: Buffer, announced = payload.length): Buffer {
    const length =
      announced < 126
        ? Buffer.from([0x80 | announced])
        : announced < 65_536
          ? Buffer.from([0x80 | 126, announced >> 8, announced & 0xff])
          : Buffer.concat([Buffer.from([0x80 | 127]), bigEndian(announced)]);
    return Buffer.concat([Buffer.from([first]), length, Buffer.alloc(4), payload]);
  }

  function bigEndian(value: number): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(value));
    return bytes;
  }

  /** The code of a close frame among what came. */
  function closeCode(bytes: Buffer): number | undefined {
    const at = bytes.findLastIndex((byte, index) => byte === 0x88 && index + 3 < bytes.length);
    return at < 0 ? undefined : bytes.readUInt16BE(at + 2);
  }

  const bomb = deflateRawSync(Buffer.alloc(10 * 1024 * 1024, 'a'));
  test.each([
    ['text that is not UTF-8', frame(0x81, Buffer.from([0xff, 0xfe])), 1007],
    ['a compressed bomb', frame(0xc1, bomb.subarray(0, 10_000)), 1002],
    ['a message announced as 4 GiB', frame(0x81, Buffer.alloc(0), 2 ** 32), 1009],
    ['an unknown opcode', frame(0x83, Buffer.alloc(2)), 1002],
    ['a ping of 200 bytes', frame(0x89, Buffer.alloc(200)), 1002],
    ['a fragment of nothing before', frame(0x80, Buffer.from('a')), 1002],
    [
      'a message in a thousand pieces',
      Buffer.concat([
        frame(0x01, Buffer.from('"')),
        ...Array.from({ length: 1000 }, () => frame(0x00, Buffer.from('a'))),
      ]),
      1008,
    ],
    ['a frame without a mask', Buffer.from([0x81, 0x02, 0x7b, 0x7d]), 1002],
  ])('[HOST-06] %s ends the socket', async (_, bytes, code) => {
    const { gateway } = await startGateway();
    const { socket, got } = await rawHost(gateway);
    socket.write(bytes);
    await waitFor(() => closeCode(got()) !== undefined, { what: 'the close frame' });
    expect(closeCode(got())).toBe(code);
    await waitFor(() => socket.closed, { what: 'the end of the connection' });
    await expectNothingLeft(gateway);
  });

  test('[HOST-07] pings without an end are a flood', async () => {
    const { gateway } = await startGateway();
    const { socket, got } = await rawHost(gateway);
    socket.write(Buffer.concat(Array.from({ length: 2000 }, () => frame(0x89, Buffer.from('x')))));
    await waitFor(() => closeCode(got()) === 4429, { what: 'the close frame' });
    await expectNothingLeft(gateway);
  });
});

describe('too much', () => {
  test('[HOST-07] a host that sends without an end is cut off, and comes again', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url);
    for (let index = 0; index < 2000; index += 1) {
      host.say({ type: 'host/status', status: aStatus() });
    }
    expect((await host.end()).code).toBe(4429);
    await aHost(gateway.url);
  });

  test('[VIEW-08] so is a viewer', async () => {
    const { gateway } = await startGateway();
    const viewer = await aViewer(gateway.url);
    for (let index = 0; index < 200; index += 1) {
      viewer.say({ type: 'viewer/watching', source: 'main', session: null });
    }
    expect((await viewer.end()).code).toBe(4429);
  });

  test('[VIEW-08] beyond MAX_VIEWER_SOCKETS and MAX_VIEWERS_PER_ROOM it is 4503', async () => {
    const limits = { MAX_VIEWER_SOCKETS: '3', MAX_VIEWERS_PER_ROOM: '2' };
    const { gateway } = await startGateway({ env: limits });
    const open = (room: string) =>
      openSocket(gateway.url, `/ws/control/${room}`, {
        protocols: viewerProtocols(aToken({ room })),
      });
    const first = await open('demo');
    await open('demo');
    expect((await (await open('demo')).end()).code).toBe(4503);
    await open('other');
    expect((await (await open('other')).end()).code).toBe(4503);
    first.socket.close();
    await first.end();
    await open('demo');
  });

  test('[HOST-07] a room has at most 16 hosts', async () => {
    const { gateway } = await startGateway();
    for (let index = 0; index < 16; index += 1) {
      await openSocket(gateway.url, `${HOST}/s${index}`, { token: aHostToken() });
    }
    const more = await connectSocket(gateway.url, `${HOST}/more`, { token: aHostToken() });
    expect(more).toMatchObject({ status: 503, problem: { code: 'capacity' } });
  });

  test('[HOST-08] [VIEW-08] who does not answer pings is cut off, and nobody else', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url);
    const viewer = await aViewer(gateway.url);
    const other = await aViewer(gateway.url);
    const { rttMs } = (await gateway.json('/api/v1/rooms/demo/hosts/main', aHostToken())) as {
      rttMs: number;
    };
    expect(rttMs).toBeGreaterThan(0);
    host.socket.pause();
    viewer.socket.pause();
    const left = async () => await gateway.json('/api/v1/rooms/demo/hosts', aHostToken());
    await expect.poll(left, { timeout: 20_000 }).toEqual({ items: [] });
    await waitFor(async () => (await sizes(gateway)).includes(1), {
      timeoutMs: 10_000,
      what: 'the other viewer alone',
    });
    expect(other.closed).toBeNull();
  }, 40_000);
});
