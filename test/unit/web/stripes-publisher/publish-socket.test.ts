import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { KeeperState } from '../../../../web/core/session-keeper.ts';
import { PublishSocket } from '../../../../web/core/stripes-publisher/publish-socket.ts';
import { FakeBrowser } from '../fake-browser.ts';

const WELCOME = { type: 'media/welcome', session: 's'.repeat(22) };

function setUp() {
  const browser = new FakeBrowser(() => new Response());
  const states: KeeperState[] = [];
  const events: string[] = [];
  const socket = new PublishSocket({
    ...{ url: 'wss://cast.test/ws/media/demo', token: 'abc' },
    openWebSocket: browser.openWebSocket,
    random: () => 0,
    nowMs: () => Date.now(),
    onState: (state) => states.push(state),
    onEvent: ({ type }) => events.push(type),
  });
  socket.open();
  const state = () => states.at(-1);
  const welcome = () => {
    browser.webSocket.open();
    browser.webSocket.say(WELCOME);
  };
  return { browser, socket, states, events, state, welcome };
}

beforeEach(() => vi.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

describe('[MEDIA-119] a publish socket', () => {
  test('offers its side and its token, and is live with the welcome', () => {
    const { browser, state, socket, welcome, events } = setUp();
    expect(browser.webSocket.protocols).toEqual([
      'pixelcast.media.publish.v1',
      'pixelcast.token.abc',
    ]);
    expect(state()?.kind).toBe('connecting');
    expect(socket.send(new Uint8Array(1))).toBe(false);
    welcome();
    expect(state()?.kind).toBe('live');
    browser.webSocket.say({ type: 'media/demand', picture: 1, sound: 0 });
    browser.webSocket.say({ type: 'media/demand', picture: 'many' });
    browser.webSocket.say({ type: 'media/tomorrow' });
    browser.webSocket.say('{');
    expect(events).toEqual(['media/welcome', 'media/demand']);
  });

  test.each([
    [1006, '', 'connection-lost'],
    [1001, 'The gateway stops.', 'shutting-down'],
    [4408, 'Silent.', 'connection-lost'],
    [4429, 'Too much.', 'rate-limited'],
    [4503, 'Not now.', 'shutting-down'],
  ])('comes again after %i', (code, reason, problem) => {
    const { browser, state, welcome } = setUp();
    welcome();
    browser.webSocket.end(code, reason);
    expect(state()).toMatchObject({ kind: 'reconnecting', problem: { code: problem } });
    vi.advanceTimersByTime(2_000);
    expect(browser.webSockets).toHaveLength(2);
    welcome();
    expect(state()?.kind).toBe('live');
  });

  test.each([
    [4409, 'Another connection takes its place.', 'replaced'],
    [4401, 'An administrator ended this.', 'dismissed'],
    [4403, 'This token does not allow that here.', 'dismissed'],
    [4400, 'No.', 'bad-request'],
    [1008, 'A stripe is too large.', 'bad-request'],
    [1009, '', 'bad-request'],
  ])('stays away after %i "%s"', (code, reason, problem) => {
    const { browser, state, welcome } = setUp();
    welcome();
    browser.webSocket.end(code, reason);
    expect(state()).toMatchObject({ kind: 'failed', problem: { code: problem, detail: reason } });
    vi.advanceTimersByTime(60_000);
    expect(browser.webSockets).toHaveLength(1);
  });

  test.each([
    [4409, 'source-busy'],
    [4401, 'token-invalid'],
  ])('is told by %i before its welcome that it has no place here', (code, problem) => {
    const { browser, state } = setUp();
    browser.webSocket.open();
    browser.webSocket.end(code);
    expect(state()).toMatchObject({ kind: 'failed', problem: { code: problem } });
  });

  test('gives up a gateway that says nothing: at first, and 12 s after its last word', () => {
    const { browser, state, welcome } = setUp();
    vi.advanceTimersByTime(10_000);
    expect(state()).toMatchObject({ kind: 'reconnecting', problem: { code: 'network' } });
    vi.advanceTimersByTime(500);
    welcome();
    for (let n = 0; n < 10; n += 1) {
      vi.advanceTimersByTime(11_000);
      browser.webSocket.say({ type: 'media/alive' });
    }
    vi.advanceTimersByTime(11_900);
    expect(state()?.kind).toBe('live');
    vi.advanceTimersByTime(2_100);
    expect(state()).toMatchObject({ kind: 'reconnecting', problem: { code: 'connection-lost' } });
    expect(browser.webSocket.closedWith).toBe(4408);
  });

  test('says goodbye, and connects afresh on another network', () => {
    const { browser, socket, state, welcome } = setUp();
    welcome();
    socket.startAfresh();
    expect(browser.webSocket.closedWith).toBe(4408);
    vi.advanceTimersByTime(1_000);
    expect(browser.webSockets).toHaveLength(2);
    welcome();
    socket.close();
    socket.close();
    expect(browser.webSocket.closedWith).toBe(1000);
    expect(state()?.kind).toBe('stopped');
    vi.advanceTimersByTime(60_000);
    expect(browser.webSockets).toHaveLength(2);
  });
});
