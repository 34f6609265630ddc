import { describe, expect, test, vi } from 'vitest';
import { EmbedBridge } from '../../../../web/embed/embed-bridge.ts';
import type { EmbedCommand } from '../../../../web/embed/embed-protocol.ts';
import { embedMessage } from '../../../../web/embed/embed-protocol.ts';

const PORTAL = 'https://portal.example';

/** A frame, and the page around it. */
function aFrame(token = '') {
  const told: { readonly message: Readonly<Record<string, unknown>>; readonly origin: string }[] =
    [];
  const parent = {
    postMessage: (message: Readonly<Record<string, unknown>>, origin: string) => {
      told.push({ message, origin });
    },
  };
  let listener: ((event: MessageEvent) => void) | undefined;
  const frame = {
    parent: parent as unknown as Window,
    addEventListener: (_type: 'message', given: (event: MessageEvent) => void) => {
      listener = given;
    },
  };
  const bridge = new EmbedBridge(frame, token);
  const post = (data: unknown, from: { source?: unknown; origin?: string } = {}) =>
    listener?.({ source: parent, origin: PORTAL, ...from, data } as unknown as MessageEvent);
  const says = (command: EmbedCommand, from: { source?: unknown; origin?: string } = {}) =>
    post(embedMessage(command), from);
  return { bridge, told, post, says, types: () => told.map(({ message }) => message['type']) };
}

const playing = { state: 'live', problem: null, picture: null, mode: 'webrtc' } as const;

describe('a framed page', () => {
  test('says nothing to anybody before it is greeted', () => {
    const { bridge, told } = aFrame();
    bridge.tellState(playing);
    expect(told).toEqual([]);
  });

  test('tells who greeted it, and at that origin alone', () => {
    const { bridge, told, says, types } = aFrame();
    bridge.tellState(playing);
    says({ type: 'hello' });
    bridge.tellControl({ standing: 'free', place: null, drivers: [] });
    expect(types()).toEqual(['ready', 'state', 'control']);
    expect(new Set(told.map(({ origin }) => origin))).toEqual(new Set([PORTAL]));
  });

  test('repeats nothing that did not change', () => {
    const { bridge, says, types } = aFrame();
    says({ type: 'hello' });
    bridge.tellState(playing);
    bridge.tellState({ ...playing });
    expect(types()).toEqual(['ready', 'state']);
  });

  test('takes a token with the greeting, and another later', () => {
    const { bridge, says } = aFrame('from.the.address');
    says({ type: 'hello' });
    expect(bridge.token.value).toBe('from.the.address');
    says({ type: 'hello', token: 'one' });
    expect(bridge.token.value).toBe('one');
    says({ type: 'token', token: 'two' });
    expect(bridge.token.value).toBe('two');
  });

  test.each([
    ['another window', { source: {} }],
    ['no window', { source: null }],
    ['a page without an origin', { origin: 'null' }],
  ])('does not listen to %s', (_what, from) => {
    const { bridge, told, says } = aFrame();
    says({ type: 'hello', token: 'evil' }, from);
    expect(bridge.token.value).toBe('');
    expect(told).toEqual([]);
  });

  test('stays with the origin of the first greeting', () => {
    const { bridge, says } = aFrame();
    says({ type: 'hello', token: 'one' });
    says({ type: 'token', token: 'evil' }, { origin: 'https://other.example' });
    says({ type: 'hello', token: 'evil' }, { origin: 'https://other.example' });
    expect(bridge.token.value).toBe('one');
  });

  test('obeys only after a greeting', () => {
    const { bridge, says } = aFrame();
    const onOrder = vi.fn();
    bridge.onOrder(onOrder);
    says({ type: 'control', wish: 'request' });
    expect(onOrder).not.toHaveBeenCalled();
    says({ type: 'hello' });
    says({ type: 'control', wish: 'request' });
    says({ type: 'player', muted: true });
    expect(onOrder.mock.calls).toEqual([
      [{ type: 'control', wish: 'request' }],
      [{ type: 'player', muted: true }],
    ]);
  });

  test('tells a page of another version which one it speaks', () => {
    const { told, post } = aFrame();
    post({ pixelcast: 9, type: 'hello' });
    expect(told).toEqual([
      { message: { pixelcast: 1, type: 'unsupported', versions: [1] }, origin: PORTAL },
    ]);
  });
});
