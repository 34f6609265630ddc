import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { LIMITS } from '../../../gateway/limits/limits.ts';
import { MediaPublisherMessage } from '../../../gateway/protocol/media/media-messages.ts';
import { JsonChannel, type SocketEnd } from '../../../gateway/ws/json-channel.ts';
import { PUBLISHER_RATES } from '../../../gateway/ws/media-rates.ts';
import { UnreadSocket } from '../../support/ws/unread-socket.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const MIB = 1024 * 1024;

/** A publisher whose every binary message has its place; it answers pings. */
function aPublisher() {
  const socket = new UnreadSocket();
  const ends: SocketEnd[] = [];
  let taken = 0;
  new JsonChannel<MediaPublisherMessage, object>({
    socket: socket as unknown as WebSocket,
    schema: MediaPublisherMessage,
    rates: PUBLISHER_RATES,
    onMessage: () => undefined,
    onBinary: () => {
      taken += 1;
      return undefined;
    },
    onEnd: (end) => ends.push(end),
  });
  return {
    socket,
    ends,
    get taken() {
      return taken;
    },
    send: (bytes: number) => socket.emit('message', Buffer.alloc(bytes), true),
    /** So many seconds of `act`, evenly so often in each, with the answers to our pings. */
    pass(seconds: number, perSecond: number, act: () => void) {
      for (let count = 0; count < seconds * perSecond; count += 1) {
        act();
        vi.advanceTimersByTime(1000 / perSecond);
        socket.bufferedAmount = 0;
        for (const text of socket.pings.splice(0)) socket.emit('pong', Buffer.from(text));
      }
    },
  };
}

test('[MEDIA-17] 64 rows at 60 Hz with sound, or 20 MiB a second, are within a publisher’s budget', () => {
  const rows = aPublisher();
  rows.pass(20, 60, () => {
    for (let row = 0; row < 64; row += 1) rows.send(900);
    rows.send(160);
    rows.send(160);
  });
  expect(rows).toMatchObject({ ends: [], taken: 20 * 60 * 66 });
  const large = aPublisher();
  large.pass(20, 20, () => large.send(MIB));
  expect(large).toMatchObject({ ends: [], taken: 400 });
});

test.each([
  ['32 MiB a second', 1, MIB, 32],
  ['so many small messages', 100, 10, 100],
])('[MEDIA-17] a publisher of %s is sent away, 4429', (_, each, bytes, perSecond) => {
  const publisher = aPublisher();
  publisher.pass(10, perSecond, () => {
    for (let count = 0; count < each; count += 1) publisher.send(bytes);
  });
  expect(publisher).toMatchObject({ ends: ['flood'], socket: { closed: 4429 } });
  const most = LIMITS.mediaMessagesAtOnce + 10 * LIMITS.mediaMessagesPerSecond;
  expect(publisher.taken * Math.max(1, bytes / 4096)).toBeLessThan(most);
});

test('[MEDIA-17] what came at once after a standstill is within the budget', () => {
  const publisher = aPublisher();
  for (let count = 0; count < 40; count += 1) publisher.send(MIB);
  expect(publisher.ends).toEqual([]);
  for (let count = 0; count < 10; count += 1) publisher.send(MIB);
  expect(publisher).toMatchObject({ ends: ['flood'], socket: { closed: 4429 } });
});

test.each([60, 120])('[MEDIA-17] a ping after each of %i pictures a second is answered', (rate) => {
  const publisher = aPublisher();
  publisher.pass(60, rate, () => {
    publisher.send(4_000);
    publisher.socket.emit('ping', Buffer.alloc(4));
  });
  expect(publisher).toMatchObject({ ends: [], socket: { closed: null, pongs: 60 * rate } });
});

test('[MEDIA-17] a publisher that floods with pings is sent away, 4429', () => {
  const publisher = aPublisher();
  publisher.pass(10, 400, () => publisher.socket.emit('ping', Buffer.alloc(4)));
  expect(publisher).toMatchObject({ ends: ['flood'], socket: { closed: 4429 } });
});
