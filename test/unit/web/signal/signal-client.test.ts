import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLOSE_CODES } from '../../../../gateway/protocol/close-codes.ts';
import { SignalMessage } from '../../../../gateway/protocol/signal/signal-messages.ts';
import { SIGNAL_SILENT_MS } from '../../../../gateway/protocol/signal/signal-protocol.ts';
import { readSignalEvent } from '../../../../web/core/signal/signal-event.ts';
import { SignalClient } from '../../../../web/core/signal/signal-client.ts';
import { FakeBrowser } from '../fake-browser.ts';

const RESUME = 'abcdefghijklmnopqrstuv';
const registered = {
  ...{ type: 'registered', room: 'demo', role: 'receiver', source: 'camera' },
  ...{ peerId: 'abcdefghijklmnop', resume: RESUME, peers: [] },
  turnConfig: { iceServers: [], expiresAt: null },
};

function aClient() {
  const browser = new FakeBrowser(() => new Response());
  const client = new SignalClient(browser, {
    ...{ url: 'wss://cast.test/ws/signal', token: 'a.b.c' },
    ...{ room: 'demo', source: 'camera', role: 'receiver' },
  });
  client.start();
  return { browser, client };
}

function aRegistered() {
  const parts = aClient();
  parts.browser.webSocket.open();
  parts.browser.webSocket.say(registered);
  return parts;
}

const sentBy = (browser: FakeBrowser): unknown[] =>
  browser.webSocket.sent.map((message) => SignalMessage.parse(message));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('[DIR-07] a peer at the gateway', () => {
  it('brings its token as a subprotocol and registers first', () => {
    const { browser, client } = aClient();
    expect(browser.webSocket.protocols).toEqual(['pixelcast.signal.v1', 'pixelcast.token.a.b.c']);
    browser.webSocket.open();
    expect(sentBy(browser)).toEqual([
      { type: 'register', room: 'demo', role: 'receiver', source: 'camera' },
    ]);
    browser.webSocket.say(registered);
    expect(client.state.value.kind).toBe('live');
  });

  it('comes back as itself after a loss, with pauses that grow', () => {
    const { browser, client } = aRegistered();
    browser.webSocket.end(1006);
    expect(client.state.value).toMatchObject({ kind: 'reconnecting', attempt: 0 });
    vi.advanceTimersByTime(200);
    browser.webSocket.open();
    expect(sentBy(browser)[0]).toMatchObject({ type: 'register', resume: RESUME });
    const pauses = [1, 2, 3, 4, 5, 6, 7].map(() => {
      browser.webSocket.end(1006);
      const state = client.state.value;
      const pause = state.kind === 'reconnecting' ? (state.retryAtMs ?? 0) - Date.now() : 0;
      vi.advanceTimersByTime(pause);
      return pause;
    });
    expect(pauses.toSorted((a, b) => a - b)).toEqual(pauses);
    expect(pauses.at(-1)).toBeLessThanOrEqual(5_000);
  });

  it('takes a connection that says nothing for lost', () => {
    const { client } = aRegistered();
    vi.advanceTimersByTime(SIGNAL_SILENT_MS + 5_000);
    expect(client.state.value.kind).toBe('reconnecting');
  });

  it('says goodbye when it stops, and when the page goes', () => {
    for (const leave of ['stop', 'pagehide'] as const) {
      const { browser, client } = aRegistered();
      if (leave === 'stop') client.stop();
      else browser.happen('pagehide');
      expect(sentBy(browser).at(-1)).toEqual({ type: 'bye' });
      expect(client.state.value).toEqual({ kind: 'stopped' });
    }
  });

  it('stays away after an end that is meant for it, and says which', () => {
    for (const [code, problem] of [
      [CLOSE_CODES.unauthenticated, 'token-invalid'],
      [CLOSE_CODES.forbidden, 'scope-insufficient'],
    ] as const) {
      const { browser, client } = aClient();
      browser.webSocket.open();
      browser.webSocket.end(code);
      expect(client.state.value).toMatchObject({ kind: 'failed', problem: { code: problem } });
    }
  });

  it('does not take the place of another sender', () => {
    const { browser, client } = aClient();
    browser.webSocket.open();
    browser.webSocket.say({ type: 'error', code: 'taken', message: 'Somebody sends.' });
    expect(client.state.value).toMatchObject({
      kind: 'failed',
      problem: { code: 'source-busy' },
    });
  });

  it('ignores what it does not know', () => {
    const nonsense = ['{', '[]', 'null', '{"type":"registered"}', '{"type":"toString"}', 7];
    for (const data of nonsense) expect(readSignalEvent(data)).toBeNull();
    expect(readSignalEvent(JSON.stringify(registered))).toEqual(registered);
    expect(readSignalEvent(JSON.stringify({ ...registered, type: 7 }))).toBeNull();
  });
});
