import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLOSE_CODES } from '../../../gateway/protocol/close-codes.ts';
import { ViewerMessage } from '../../../gateway/protocol/viewer.ts';
import { Observable } from '../../../web/core/observable.ts';
import { ViewerSocket } from '../../../web/core/viewer-socket.ts';
import { FakeBrowser } from './fake-browser.ts';
import { aHostStatus } from './a-host.ts';

const aReport = {
  loss: 0,
  jitterMs: 3,
  framesReceived: 60,
  framesDecoded: 60,
  framesDropped: 0,
  decodeMs: 2,
  freezes: 0,
  freezeMs: 0,
};
const aShape = { type: 'cursor/shape', width: 8, height: 8, hotX: 1, hotY: 2, png: 'AAAA' };
const aPosition = { type: 'cursor/position', x: 0.5, y: 0.25, visible: true };
const news = { type: 'host/status', status: aHostStatus(), kind: 'cube' };

function aSocket() {
  const browser = new FakeBrowser(() => new Response());
  const options = { url: 'wss://cast.test/ws/control/demo', token: 'a.b.c', source: 'main' };
  return { browser, socket: new ViewerSocket(browser, options) };
}

/** One that was heard of a host. */
function aToldSocket() {
  const parts = aSocket();
  parts.socket.watch('secret-1');
  parts.socket.open();
  parts.browser.webSocket.open();
  parts.browser.webSocket.say(news);
  return parts;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('ViewerSocket', () => {
  it('[USER-28] comes again with a renewed token, and not because of it', () => {
    const browser = new FakeBrowser(() => new Response());
    const token = new Observable('first');
    const options = { url: 'wss://cast.test/ws/control/demo', token, source: 'main' };
    const socket = new ViewerSocket(browser, options);
    socket.open();
    browser.webSocket.open();
    const before = browser.webSocket;
    token.set('second');
    expect(browser.webSocket).toBe(before);
    browser.webSocket.end(1006);
    vi.advanceTimersByTime(30_000);
    expect(browser.webSocket.protocols).toContain('pixelcast.token.second');
  });

  it('[ADOPT-14] comes again within 200 ms when its room is at another gateway, once', () => {
    const { browser } = aToldSocket();
    const before = browser.webSocket;
    before.end(CLOSE_CODES.moved);
    vi.advanceTimersByTime(200);
    const second = browser.webSocket;
    expect(second).not.toBe(before);
    second.open();
    second.end(CLOSE_CODES.moved);
    vi.advanceTimersByTime(200);
    expect(browser.webSocket).toBe(second);
    vi.advanceTimersByTime(2_000);
    expect(browser.webSocket).not.toBe(second);
  });

  it('[CHAOS-32] goes on trying soon when its room moved and the balancer does not know yet, 5 times', () => {
    const { browser } = aToldSocket();
    browser.webSocket.end(CLOSE_CODES.moved);
    for (let tries = 0; tries < 5; tries += 1) {
      const before = browser.webSocket;
      vi.advanceTimersByTime(200);
      expect(browser.webSocket).not.toBe(before);
      browser.webSocket.end(1006);
    }
    const last = browser.webSocket;
    vi.advanceTimersByTime(400);
    expect(browser.webSocket).toBe(last);
    vi.advanceTimersByTime(2_000);
    expect(browser.webSocket).not.toBe(last);
  });

  it('[CHAOS-34] tries once soon when what lasted 2 s is lost, and then by the back-off', () => {
    const { browser } = aToldSocket();
    vi.advanceTimersByTime(2_000);
    const before = browser.webSocket;
    before.end(1006);
    vi.advanceTimersByTime(200);
    const second = browser.webSocket;
    expect(second).not.toBe(before);
    second.open();
    second.end(1006);
    vi.advanceTimersByTime(400);
    expect(browser.webSocket).toBe(second);
    vi.advanceTimersByTime(600);
    expect(browser.webSocket).not.toBe(second);
  });

  it('offers its protocol and the token, and says first what is watched', () => {
    const { browser, socket } = aSocket();
    socket.open();
    expect(browser.webSocket).toMatchObject({
      url: 'wss://cast.test/ws/control/demo',
      protocols: ['pixelcast.viewer.v1', 'pixelcast.token.a.b.c'],
      sent: [],
    });
    browser.webSocket.open();
    socket.watch('secret-1');
    socket.watch('secret-1');
    socket.report(aReport);
    const { sent } = browser.webSocket;
    expect(sent).toEqual([
      { type: 'viewer/watching', source: 'main', session: null },
      { type: 'viewer/watching', source: 'main', session: 'secret-1' },
      { type: 'viewer/report', report: aReport },
    ]);
    for (const message of sent) expect(ViewerMessage.safeParse(message).success).toBe(true);
  });

  it('tells of the host and its cursor, and of nothing that it does not know', () => {
    const { browser, socket } = aToldSocket();
    expect(socket.host.value).toEqual({ status: news.status, kind: 'cube' });
    browser.webSocket.say(aShape);
    browser.webSocket.say(aPosition);
    expect(socket.cursorShape.value).toEqual(aShape);
    expect(socket.cursorPosition.value).toEqual(aPosition);
    for (const strange of [
      'not json',
      'null',
      { type: 'control/granted' },
      { type: 'host/status', status: 7, kind: 'cube' },
      { ...aShape, png: 1 },
      { ...aPosition, x: '0.5' },
    ]) {
      browser.webSocket.say(strange);
    }
    expect(socket.host.value?.kind).toBe('cube');
    expect(socket.cursorShape.value).toEqual(aShape);
    expect(socket.cursorPosition.value).toEqual(aPosition);
  });

  it('remembers what kind of host went away, and that its cursor went with it', () => {
    const { browser, socket } = aToldSocket();
    browser.webSocket.say(aPosition);
    browser.webSocket.say({ type: 'host/status', status: null, kind: '' });
    expect(socket.host.value).toEqual({ status: null, kind: 'cube' });
    expect(socket.cursorPosition.value).toBeNull();
  });

  it('is back after a loss with growing pauses, says anew what is watched, and forgets meanwhile', async () => {
    const { browser, socket } = aToldSocket();
    browser.webSocket.say(aPosition);
    browser.webSocket.end(1001);
    expect(socket.host.value).toBeNull();
    expect(socket.cursorPosition.value).toBeNull();
    socket.report(aReport);
    for (const pauseMs of [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
      const { length } = browser.webSockets;
      await vi.advanceTimersByTimeAsync(pauseMs - 1);
      expect(browser.webSockets.length).toBe(length);
      await vi.advanceTimersByTimeAsync(1);
      expect(browser.webSockets.length).toBe(length + 1);
      browser.webSocket.end(1006);
    }
    await vi.advanceTimersByTimeAsync(15_000);
    browser.webSocket.open();
    expect(browser.webSocket.sent).toEqual([
      { type: 'viewer/watching', source: 'main', session: 'secret-1' },
    ]);
    browser.webSocket.say(news);
    browser.webSocket.end(CLOSE_CODES.unavailable);
    const { length } = browser.webSockets;
    await vi.advanceTimersByTimeAsync(500);
    expect(browser.webSockets.length).toBe(length + 1);
  });

  it.each([CLOSE_CODES.unauthenticated, CLOSE_CODES.forbidden, CLOSE_CODES.replaced, 1008, 1009])(
    'stays away after %i, even under another session',
    async (code) => {
      const { browser, socket } = aToldSocket();
      browser.webSocket.end(code);
      socket.watch('secret-2');
      socket.open();
      await vi.advanceTimersByTimeAsync(120_000);
      expect(browser.webSockets.length).toBe(1);
    },
  );

  it('comes again after too many messages', async () => {
    const { browser } = aToldSocket();
    browser.webSocket.end(CLOSE_CODES['rate-limited']);
    await vi.advanceTimersByTimeAsync(500);
    expect(browser.webSockets.length).toBe(2);
  });

  it('gives up quietly where nobody speaks this, and tries once more with each session', async () => {
    const { browser, socket } = aSocket();
    socket.open();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      browser.webSocket.end(1006);
      await vi.advanceTimersByTimeAsync(60_000);
    }
    expect(browser.webSockets.length).toBe(3);
    socket.watch(null);
    expect(browser.webSockets.length).toBe(3);
    socket.watch('secret-2');
    expect(browser.webSockets.length).toBe(4);
  });

  it('starts afresh when the network is back', () => {
    const { browser } = aToldSocket();
    const before = browser.webSocket;
    browser.happen('online');
    expect(before.closedWith).toBe(4408);
    expect(browser.webSockets.length).toBe(2);
  });

  it('closes, says nothing more, and opens again', async () => {
    const { browser, socket } = aToldSocket();
    socket.close();
    socket.close();
    expect(browser.webSocket.closedWith).toBe(1000);
    expect(socket.host.value).toBeNull();
    browser.happen('online');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(browser.webSockets.length).toBe(1);
    socket.open();
    expect(browser.webSockets.length).toBe(2);
  });

  it('gives up on a token that no header can carry', () => {
    const { browser, socket } = aSocket();
    Object.assign(browser, {
      openWebSocket: () => {
        throw new SyntaxError('The subprotocol is invalid.');
      },
    });
    expect(() => socket.open()).not.toThrow();
  });
});
