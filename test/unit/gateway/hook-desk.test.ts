import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NodeHook } from '../../../gateway/media/node.ts';
import { aCore } from '../../support/gateway/a-gateway-core.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const aHook = (given: Partial<NodeHook> = {}): NodeHook => ({
  event: 'publish',
  service: 'run-1',
  clientId: 'stranger',
  room: 'demo',
  source: 'main',
  ticket: null,
  ...given,
});

/** A core whose next offer waits at the node; `ticket` is what it carries there. */
async function anOfferUnderWay() {
  const core = await aCore();
  const gate = Promise.withResolvers<undefined>();
  core.node.gate = gate.promise;
  const opening = core.open();
  await vi.advanceTimersByTimeAsync(0);
  return { core, gate, opening, ticket: core.node.offers[0]?.ticket ?? null };
}

describe('a ticket', () => {
  test('lets its offer in, once', async () => {
    const { core, ticket } = await anOfferUnderWay();
    expect(core.hookDesk.handle(aHook({ ticket }))).toBe('allow');
    expect(core.hookDesk.handle(aHook({ ticket }))).toBe('deny');
  });

  test.each<[string, Partial<NodeHook>]>([
    ['to watch', { event: 'play' }],
    ['another room', { room: 'other' }],
    ['another source', { source: 'camera' }],
  ])('for this publish is worth nothing for %s, and stays good for its own', async (_, other) => {
    const { core, ticket } = await anOfferUnderWay();
    expect(core.hookDesk.handle(aHook({ ticket, ...other }))).toBe('deny');
    expect(core.hookDesk.handle(aHook({ ticket }))).toBe('allow');
  });

  test('of an offer that is over is worth nothing', async () => {
    const { core, gate, opening, ticket } = await anOfferUnderWay();
    gate.resolve(undefined);
    await opening;
    expect(core.hookDesk.handle(aHook({ ticket }))).toBe('deny');
  });

  test.each([null, '', 'nonsense'])('%j is none', async (ticket) => {
    const core = await aCore();
    expect(core.hookDesk.handle(aHook({ ticket }))).toBe('deny');
  });
});

describe('a refused publisher', () => {
  const stranger = {
    clientId: 'stranger',
    kind: 'publish',
    path: 'demo/main',
    active: false,
    layers: [],
  } as const;

  test('is removed from its node, not before 200 ms', async () => {
    const core = await aCore();
    core.node.listed.set('stranger', stranger);
    core.hookDesk.handle(aHook());
    await vi.advanceTimersByTimeAsync(199);
    expect(core.node.removed).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(core.node.removed).toEqual(['stranger']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(core.node.removed).toEqual(['stranger']);
  });

  test('is tried again while the node does not list it, five times', async () => {
    const core = await aCore();
    core.hookDesk.handle(aHook());
    await vi.advanceTimersByTimeAsync(60_000);
    expect(core.node.removed).toHaveLength(5);
  });

  test('of a run that no node has is nobody’s', async () => {
    const core = await aCore();
    core.hookDesk.handle(aHook({ service: 'another' }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(core.node.removed).toEqual([]);
  });

  test('is waited for by close, which starts no further try', async () => {
    const core = await aCore();
    core.hookDesk.handle(aHook());
    const closing = core.hookDesk.close();
    await vi.advanceTimersByTimeAsync(200);
    await closing;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(core.node.removed).toHaveLength(1);
  });
});

test('a refused viewer is not removed: the node made no session', async () => {
  const core = await aCore();
  expect(core.hookDesk.handle(aHook({ event: 'play' }))).toBe('deny');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(core.node.removed).toEqual([]);
});

test.each(['unpublish', 'stop'] as const)('%s ends the session of that client', async (event) => {
  const core = await aCore();
  const session = await core.publish();
  const clientId = session.place?.clientId ?? '';
  expect(core.hookDesk.handle(aHook({ event, clientId }))).toBe('allow');
  expect(core.events.at(-1)).toBe('ended publish left');
  expect(core.hookDesk.handle(aHook({ event, clientId }))).toBe('allow');
});

test('an RTMP client is refused, its end is taken note of', async () => {
  const core = await aCore();
  expect(core.hookDesk.handle(aHook({ event: 'connect' }))).toBe('deny');
  expect(core.hookDesk.handle(aHook({ event: 'close' }))).toBe('allow');
});
