import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { explainProblem } from '../../../../web/core/problem.ts';
import { MediaSocket } from '../../../../web/core/stripes/media-socket.ts';
import { FakeThread } from './fake-thread.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function aSocket() {
  const thread = new FakeThread();
  const socket = new MediaSocket({
    ...{ port: thread, url: 'ws://x/ws/media/demo', token: 'a.b.c' },
    onEvent: () => undefined,
    onBinary: () => undefined,
  });
  socket.start();
  return { thread, socket };
}

describe('a media socket', () => {
  test('[MEDIA-78] offers its side and its token, and is open with the welcome', () => {
    const { thread, socket } = aSocket();
    expect(thread.socket.protocols).toEqual(['pixelcast.media.watch.v1', 'pixelcast.token.a.b.c']);
    expect(thread.socket.binaryType).toBe('arraybuffer');
    expect(socket.state.value).toEqual({ kind: 'connecting' });
    thread.socket.welcome();
    expect(socket.state.value).toEqual({ kind: 'open' });
  });

  test('[MEDIA-78] comes again later and later, and from the beginning once it held', () => {
    const { thread, socket } = aSocket();
    const delays: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      thread.socket.end(1006);
      const state = socket.state.value;
      if (state.kind !== 'reconnecting' || state.retryAtMs === null) throw new Error(state.kind);
      expect(state.problem.code).toBe('network');
      delays.push(state.retryAtMs - Date.now());
      vi.advanceTimersByTime(delays.at(-1) ?? 0);
    }
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 7_500]);
    thread.socket.welcome();
    vi.advanceTimersByTime(10_000);
    thread.socket.end(1006);
    expect(socket.state.value).toMatchObject({ problem: { code: 'connection-lost' } });
    vi.advanceTimersByTime(250);
    expect(thread.sockets).toHaveLength(8);
  });

  test('[MEDIA-78] a connection that nobody answers is given up', () => {
    const { thread, socket } = aSocket();
    vi.advanceTimersByTime(10_000);
    expect(thread.sockets[0]?.closedWith).toBe(1000);
    expect(socket.state.value.kind).toBe('reconnecting');
  });

  test('[MEDIA-78] begins afresh when the network is another, and can be hurried', () => {
    const { thread, socket } = aSocket();
    thread.socket.welcome();
    socket.startAfresh();
    expect(thread.sockets).toHaveLength(2);
    expect(socket.state.value).toMatchObject({ kind: 'reconnecting', retryAtMs: null });
    thread.socket.end(1006);
    socket.retryNow();
    socket.retryNow();
    expect(thread.sockets).toHaveLength(3);
    thread.socket.welcome();
    expect(socket.state.value).toEqual({ kind: 'open' });
    vi.advanceTimersByTime(10_000);
    expect(thread.sockets).toHaveLength(3);
  });

  test.each([
    ['texts', ({ socket }: FakeThread) => socket.tell({ type: 'media/alive' })],
    ['media', ({ socket }: FakeThread) => socket.deliver(new Uint8Array(20))],
  ])('[MEDIA-78] a connection that is silent for 12 s is lost; %s keep it', (_, feed) => {
    const { thread, socket } = aSocket();
    thread.socket.welcome();
    for (let n = 0; n < 10; n += 1) {
      vi.advanceTimersByTime(11_000);
      feed(thread);
    }
    vi.advanceTimersByTime(11_900);
    expect(socket.state.value).toEqual({ kind: 'open' });
    vi.advanceTimersByTime(2_100);
    expect(socket.state.value).toMatchObject({
      kind: 'reconnecting',
      problem: { code: 'connection-lost' },
    });
    vi.advanceTimersByTime(1_000);
    thread.socket.welcome();
    expect(thread.sockets).toHaveLength(2);
    socket.stop();
    vi.advanceTimersByTime(60_000);
    expect(socket.state.value).toEqual({ kind: 'stopped' });
  });

  test('[MEDIA-78] says what it wants again on each connection', () => {
    const { thread, socket } = aSocket();
    socket.want({ picture: false, sound: true });
    thread.socket.welcome();
    thread.socket.end(1001);
    vi.advanceTimersByTime(1_000);
    thread.socket.welcome();
    expect(thread.sockets).toHaveLength(2);
    for (const { sent } of thread.sockets) {
      expect(sent).toEqual(['{"type":"media/want","picture":false,"sound":true}']);
    }
  });

  const KICKED = 'An administrator ended this.';
  test.each([
    [4401, '', 'before', 'This link is not valid. Ask for a new link.'],
    [4403, '', 'before', 'This link is not valid for this room. Ask for the right link.'],
    [4400, '', 'before', /did not accept/],
    [4401, KICKED, 'after', KICKED],
    [4403, 'This token does not allow that here.', 'after', 'This token does not allow that here.'],
    [4409, '', 'after', 'The server has ended this.'],
    [1000, '', 'after', 'The server has ended this.'],
    [1008, 'A receipt has six bytes.', 'after', /did not accept/],
    [1009, '', 'after', /did not accept/],
  ] as const)('[MEDIA-80] %d "%s" %s the welcome is an end: %s', (code, reason, when, sentence) => {
    const { thread, socket } = aSocket();
    if (when === 'after') thread.socket.welcome();
    thread.socket.end(code, reason);
    const state = socket.state.value;
    if (state.kind !== 'failed') throw new Error(state.kind);
    expect(explainProblem(state.problem, 'watch')).toMatch(sentence);
    vi.advanceTimersByTime(60_000);
    expect(thread.sockets).toHaveLength(1);
  });

  test.each([
    [1001, 'after', 'shutting-down'],
    [1006, 'after', 'connection-lost'],
    [4408, 'after', 'connection-lost'],
    [4429, 'before', 'rate-limited'],
    [4503, 'before', 'capacity'],
    [4503, 'after', 'shutting-down'],
  ] as const)('[MEDIA-80] %d %s the welcome is no end: %s', (code, when, expected) => {
    const { thread, socket } = aSocket();
    if (when === 'after') thread.socket.welcome();
    thread.socket.end(code);
    expect(socket.state.value).toMatchObject({
      kind: 'reconnecting',
      problem: { code: expected },
    });
  });

  test('[MEDIA-80] a token that fits in no header is an end', () => {
    const thread = new FakeThread();
    const refuse = (): never => {
      throw new SyntaxError('no subprotocol');
    };
    const { random, now, onceShown } = thread;
    const socket = new MediaSocket({
      port: { random, now, onceShown, openWebSocket: refuse },
      ...{ url: 'ws://x', token: ' ', onEvent: () => undefined, onBinary: () => undefined },
    });
    socket.start();
    expect(socket.state.value).toMatchObject({
      kind: 'failed',
      problem: { code: 'token-invalid' },
    });
  });
});
