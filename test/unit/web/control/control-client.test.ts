import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ControlState } from '../../../../gateway/protocol/control.ts';
import { ViewerMessage } from '../../../../gateway/protocol/viewer.ts';
import { ControlClient } from '../../../../web/core/control/control-client.ts';
import { NO_LEASES } from '../../../../web/core/control/leases.ts';
import { ViewerSocket } from '../../../../web/core/viewer-socket.ts';
import { FakeBrowser } from '../fake-browser.ts';

const ANNA = 'annaannaan';
const BEN = 'benbenbenb';
const welcome = {
  ...{ type: 'control/welcome', viewer: ANNA, name: 'Anna', rank: 'viewer' },
  resume: 'abcdefghijklmnopqrstuv',
};
const holder = (viewer: string, part: object = {}) => ({
  ...{ viewer, name: viewer, epoch: 7, heldMs: 0, leftMs: null, absent: false },
  ...part,
});

function aState(part: object = {}) {
  return {
    ...{ type: 'control/state', devices: ['pointer', 'keyboard'] },
    holders: { pointer: null, keyboard: null, gamepad: null },
    ...{ queue: [], queueLength: 0, hands: [], handsLength: 0, policy: {} },
    ...part,
  } as unknown as ControlState;
}

function aClient() {
  const browser = new FakeBrowser(() => new Response());
  const options = { url: 'wss://cast.test/ws/control/demo', token: 'a.b.c', source: 'main' };
  const socket = new ViewerSocket(browser, options);
  const client = new ControlClient(socket);
  socket.open();
  browser.webSocket.open();
  browser.webSocket.say(welcome);
  return { browser, socket, client };
}

type Sent = { readonly type: string; readonly id: string };
const wishesOf = (browser: FakeBrowser): Sent[] =>
  (browser.webSocket.sent as Sent[]).filter(({ type }) => type.startsWith('control/'));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('ControlClient', () => {
  it('says what is wished, and each answer comes to its own wish', async () => {
    const { browser, client } = aClient();
    const wishes = [client.request(), client.raiseHand(), client.setPolicy({ mode: 'locked' })];
    const sent = wishesOf(browser);
    for (const wish of sent) expect(ViewerMessage.safeParse(wish).error).toBeUndefined();
    const [request, hand, policy] = sent.map(({ id }) => id);
    const refused = { result: 'refused', why: 'no-right', sentence: 'Ask the owner.' };
    browser.webSocket.say({ type: 'control/answer', id: policy, ...refused });
    browser.webSocket.say({ type: 'control/answer', id: request, result: 'queued', place: 30 });
    browser.webSocket.say({ type: 'control/answer', id: hand, result: 'done' });
    expect(await Promise.all(wishes)).toEqual([
      { result: 'queued', place: 30 },
      { result: 'done' },
      refused,
    ]);
  });

  it('leaves no wish open: not without a connection, nor when it is lost, nor in silence', async () => {
    const { browser, client } = aClient();
    browser.webSocket.say(aState());
    const silent = client.take();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await silent).toMatchObject({ result: 'unanswered', why: 'timeout' });
    const lost = client.release();
    browser.webSocket.end(1006);
    expect(await lost).toMatchObject({ result: 'unanswered', why: 'connection-lost' });
    expect(await client.cancel()).toMatchObject({ result: 'unanswered', why: 'not-connected' });
  });

  it('knows what this page holds, and holds nothing of a host that is gone', () => {
    const { browser, client } = aClient();
    const holders = { pointer: holder(ANNA), keyboard: holder(BEN), gamepad: holder(ANNA) };
    browser.webSocket.say(aState({ holders }));
    expect(client.leases.value).toEqual({ pointer: 7, keyboard: null, gamepad: null });
    expect(client.own.value.devices).toEqual(['pointer']);
    browser.webSocket.say(aState({ holders, devices: [] }));
    expect(client.leases.value).toBe(NO_LEASES);
    browser.webSocket.say(
      aState({ holders: { ...holders, pointer: holder(ANNA, { absent: true }) } }),
    );
    expect(client.leases.value).toBe(NO_LEASES);
    browser.webSocket.say(aState({ holders }));
    browser.webSocket.end(1006);
    expect(client.leases.value).toBe(NO_LEASES);
    expect(client.own.value.devices).toEqual([]);
  });

  it('knows its place in the queue, also behind those who are told by name', async () => {
    const { browser, client } = aClient();
    const asked = client.request();
    const [wish] = wishesOf(browser);
    browser.webSocket.say({ type: 'control/answer', id: wish?.id, result: 'queued', place: 21 });
    await asked;
    const queue = [{ viewer: BEN, name: 'Ben', devices: ['pointer'] }];
    browser.webSocket.say(aState({ queue, queueLength: 21 }));
    expect(client.own.value).toMatchObject({ isWaiting: true, place: 21 });
    const mine = { viewer: ANNA, name: 'Anna', devices: ['pointer'] };
    browser.webSocket.say(aState({ queue: [...queue, mine], queueLength: 2 }));
    expect(client.own.value).toMatchObject({ isWaiting: true, place: 2 });
    browser.webSocket.say(aState({ queue, queueLength: 1 }));
    expect(client.own.value).toMatchObject({ isWaiting: false, place: null });
  });

  it('counts by its own clock when control ends', () => {
    const { browser, client } = aClient();
    const pointer = holder(ANNA, { leftMs: 30_000 });
    const keyboard = holder(ANNA, { leftMs: 20_000 });
    browser.webSocket.say(aState({ holders: { pointer, keyboard, gamepad: null } }));
    expect(client.own.value.endsAtMs).toBe(performance.now() + 20_000);
  });

  it('measures the round trip each second while it controls, else every five', () => {
    const { browser, socket } = aClient();
    const pings = () =>
      (browser.webSocket.sent as { type: string; at: number; rttMs: number | null }[]).filter(
        ({ type }) => type === 'viewer/ping',
      );
    vi.advanceTimersByTime(500);
    expect(pings()).toHaveLength(1);
    vi.advanceTimersByTime(20);
    browser.webSocket.say({ type: 'viewer/pong', at: pings()[0]?.at });
    expect(socket.rttMs.value).toBe(20);
    vi.advanceTimersByTime(10_000);
    expect(pings()).toHaveLength(3);
    expect(pings()[1]).toMatchObject({ rttMs: 20 });
    for (const ping of pings()) expect(ViewerMessage.safeParse(ping).error).toBeUndefined();
    browser.webSocket.say(
      aState({ holders: { pointer: holder(ANNA), keyboard: null, gamepad: null } }),
    );
    const { length } = pings();
    vi.advanceTimersByTime(10_000);
    expect(pings().length - length).toBe(10);
    browser.webSocket.end(1006);
    expect(socket.rttMs.value).toBeNull();
  });
});

describe('who a viewer is', () => {
  const watchingOf = (browser: FakeBrowser) =>
    (browser.webSocket.sent as { type: string }[]).filter(({ type }) => type === 'viewer/watching');

  it('is told again after a loss, and with a name of its own', async () => {
    const { browser, socket } = aClient();
    browser.webSocket.end(1006);
    await vi.advanceTimersByTimeAsync(500);
    browser.webSocket.open();
    expect(watchingOf(browser)).toEqual([
      { type: 'viewer/watching', source: 'main', session: null, resume: welcome.resume },
    ]);
    socket.rename('Anna B.');
    expect(watchingOf(browser).at(-1)).toMatchObject({ name: 'Anna B.', resume: welcome.resume });
    expect(browser.stored.get('local pixelcast.name')).toBe('Anna B.');
  });

  it('goes on in the next page of this tab, and not in a copy of the tab', () => {
    const { browser } = aClient();
    expect([...browser.stored.keys()]).toEqual([]);
    browser.happen('pagehide');
    const next = Object.assign(new FakeBrowser(() => new Response()), { stored: browser.stored });
    const options = { url: 'wss://cast.test/ws/control/demo', token: 'a.b.c', source: 'main' };
    const socket = new ViewerSocket(next, options);
    socket.open();
    next.webSocket.open();
    expect(watchingOf(next)).toMatchObject([{ resume: welcome.resume }]);
    expect([...browser.stored.keys()]).toEqual([]);
    const other = new ViewerSocket(next, { ...options, source: 'camera' });
    other.open();
    next.webSocket.open();
    expect(watchingOf(next)).toEqual([
      { type: 'viewer/watching', source: 'camera', session: null },
    ]);
  });
});
