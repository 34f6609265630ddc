import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { InputChannels } from '../../../gateway/input-channel/input-channels.ts';
import { LIMITS } from '../../../gateway/limits/limits.ts';
import { ALLOCATOR } from '../../../native/child-memory.ts';
import { aGrant } from '../../support/gateway/a-gateway-core.ts';
import { waitFor } from '../../support/wait-for.ts';

const OFFER = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=ice-ufrag:name',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=sctp-port:5000',
  '',
].join('\r\n');
const CONTROLLER = aGrant({ can: ['watch', 'control'] });

/** Channels, and what one socket was told of its own. */
function channelsOf(port: number | null) {
  const lines: string[] = [];
  const log = pino(
    { level: 'debug' },
    { write: (line) => void lines.push((JSON.parse(line) as { msg: string }).msg) },
  );
  const { PATH = '' } = process.env;
  const environment = { PATH, ...ALLOCATOR };
  const channels = new InputChannels({ port, addresses: ['192.0.2.1'], environment }, log);
  onTestFinished(() => channels.close());
  const told: string[] = [];
  const open = (grant = CONTROLLER) =>
    channels.link(grant, {
      send: (event) => void told.push(event.type === 'channel/closed' ? event.why : event.sdp),
      hear: () => undefined,
    });
  return { channels, open, told, lines };
}

describe('[INPUT-97] no channels are given', () => {
  test('to who may not control', () => {
    const { open, told, lines } = channelsOf(0);
    open(aGrant({ can: ['watch', 'publish', 'host'] })).offer(OFFER);
    expect(told).toEqual(['unavailable']);
    expect(lines).toEqual([]);
  });

  test('where they are off', () => {
    const { open, told } = channelsOf(null);
    open().offer(OFFER);
    expect(told).toEqual(['unavailable']);
  });

  test('for what is no offer, and no process starts for it', () => {
    const { open, told, channels, lines } = channelsOf(0);
    for (let count = 0; count < 10_000; count += 1) open().offer(`v=0\r\ngarbage ${count}`);
    expect(new Set(told)).toEqual(new Set(['malformed']));
    expect(channels.size).toBe(0);
    expect(lines).toEqual([]);
  });

  test('to who offers again and again: one pair is open, the last one', async () => {
    const { open, told, channels, lines } = channelsOf(0);
    const link = open();
    for (let count = 0; count < 10_000; count += 1) link.offer(OFFER);
    expect(told.filter((why) => why === 'unavailable').length).toBeGreaterThan(9_900);
    expect(channels.size).toBeLessThanOrEqual(1);
    await waitFor(() => lines.includes('input channels ready'), { what: 'the process' });
    expect(lines.filter((line) => line.includes('lost'))).toEqual([]);
  });

  test('beyond as many as there are at most', () => {
    const { open, told, channels } = channelsOf(0);
    for (let count = 0; count < LIMITS.channels + 5; count += 1) open().offer(OFFER);
    expect(channels.size).toBe(LIMITS.channels);
    expect(told).toEqual(Array.from({ length: 5 }, () => 'unavailable'));
  });

  test('while another program has the port, which is said once', async () => {
    const socket = createSocket('udp4');
    socket.bind(0);
    await once(socket, 'listening');
    onTestFinished(() => void socket.close());
    const { open, told, lines } = channelsOf(socket.address().port);
    const link = open();
    link.offer(OFFER);
    await waitFor(() => told.length > 0, { what: 'channel/closed' });
    link.offer(OFFER);
    expect(told).toEqual(['lost', 'unavailable']);
    expect(lines).toEqual(['no input channels: see INPUT_PORT. Input goes by WebSocket']);
  });
});

test('[INPUT-90] an offer of a viewer with control is answered, with the address of the settings', async () => {
  const { open, told } = channelsOf(0);
  open().offer(OFFER);
  await waitFor(() => told.length > 0, { what: 'the answer' });
  expect(told[0]).toMatch(/a=candidate:\S+ 1 udp \d+ 192\.0\.2\.1 \d+ typ host/);
});

test('[INPUT-92] who never connects is forgotten', async () => {
  const { open, told, channels } = channelsOf(0);
  open().offer(OFFER);
  await waitFor(() => told.includes('lost'), { timeoutMs: 30_000, what: 'the end' });
  expect(channels.size).toBe(0);
});
