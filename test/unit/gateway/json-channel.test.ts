import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { LIMITS } from '../../../gateway/limits/limits.ts';
import { closeReason } from '../../../gateway/ws/close-reason.ts';
import { JsonChannel, type SocketEnd } from '../../../gateway/ws/json-channel.ts';
import { MessageBudget } from '../../../gateway/limits/message-budget.ts';
import { UnreadSocket } from '../../support/ws/unread-socket.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function aChannel() {
  const socket = new UnreadSocket();
  const ends: SocketEnd[] = [];
  const channel = new JsonChannel<{ n: number }, { text: string }>({
    socket: socket as unknown as WebSocket,
    schema: z.object({ n: z.number() }),
    rates: { rates: { all: { perSecond: 10, burst: 10 } }, costsOf: () => [['all', 1]] },
    onMessage: () => undefined,
    onEnd: (end) => ends.push(end),
  });
  return { socket, ends, channel };
}

test('[HOST-07] [VIEW-08] who does not read is cut off before much is kept for it', () => {
  const { socket, ends, channel } = aChannel();
  const message = { text: 'a'.repeat(100_000) };
  for (let count = 0; count < 100; count += 1) channel.send(message);
  expect(ends).toEqual(['slow']);
  expect(socket.terminated).toBe(true);
  expect(socket.bufferedAmount).toBeLessThan(LIMITS.socketQueueBytes + 200_000);
});

test('[HOST-08] the round trip is that of our own pings, whatever else comes', () => {
  const { socket, channel } = aChannel();
  expect(channel.rttMs).toBeNull();
  vi.advanceTimersByTime(40);
  for (const made of ['', 'x', '-5', '1e99', 'NaN']) socket.emit('pong', Buffer.from(made));
  expect(channel.rttMs).toBeNull();
  socket.emit('pong', Buffer.from(socket.pings[0] ?? ''));
  expect(channel.rttMs).toBeCloseTo(40, 0);
});

test('[HOST-08] [MEDIA-19] silence for ten seconds is the end, once, and stops every timer', () => {
  const { socket, ends } = aChannel();
  vi.advanceTimersByTime(LIMITS.socketSilentMs + LIMITS.socketPingMs);
  expect(ends).toEqual(['silent']);
  expect(socket.closed).toBe(4408);
  socket.emit('close');
  expect(ends).toEqual(['silent']);
  expect(vi.getTimerCount()).toBe(0);
});

test('a budget is saved up to its burst; a message counts by 4 KiB begun', () => {
  let now = 0;
  const budget = new MessageBudget({ perSecond: 10, burst: 20 }, () => now);
  for (let count = 0; count < 20; count += 1) expect(budget.take(10)).toBe(true);
  expect(budget.take(0)).toBe(false);
  now += 60_000;
  expect(budget.take(4096 * 20)).toBe(true);
  expect(budget.take(1)).toBe(false);
  now += 300;
  expect(budget.take(4097)).toBe(true);
});

test.each(['Short.', 'ä'.repeat(200), '😀'.repeat(100), 'a'.repeat(123), 'a'.repeat(124)])(
  'a close reason fits its frame and ends between characters: %#',
  (sentence) => {
    const reason = closeReason(sentence);
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
    expect(reason).not.toMatch(/[\ud800-\udbff]…$|\ufffd/);
    expect(sentence.startsWith(reason.replace(/…$/, ''))).toBe(true);
  },
);
