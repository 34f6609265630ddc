import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../gateway/errors.ts';
import { aCore, aGrant, aRoom, aSource } from '../../support/gateway/a-gateway-core.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

const rejected = (): GatewayError => new GatewayError('upstream-rejected', 'no');
const aGate = () => Promise.withResolvers<undefined>();

describe('the states of a session', () => {
  test('are offering, connecting, live, ended, and it keeps the first reason', async () => {
    const core = await aCore();
    const gate = aGate();
    core.node.gate = gate.promise;
    const opening = core.open();
    expect(core.registry.sessions()[0]?.state.kind).toBe('offering');
    gate.resolve(undefined);
    const { session } = await opening;
    expect(session.state).toMatchObject({ kind: 'connecting', answeredAt: core.clock.now });
    core.clock.now += 500;
    core.sessions.setLive(session);
    expect(session.state).toMatchObject({ kind: 'live', liveAt: core.clock.now });
    await core.sessions.end(session, 'kicked');
    await core.sessions.end(session, 'expired');
    expect(session.state).toEqual({ kind: 'ended', reason: 'kicked', liveAt: core.clock.now });
    expect(core.events).toEqual(['opened publish', 'live publish', 'ended publish kicked']);
  });

  test('do not go back: live stays live, ended stays ended', async () => {
    const core = await aCore();
    const session = await core.publish();
    core.sessions.setLive(session);
    const since = session.state;
    core.clock.now += 1;
    core.sessions.setLive(session);
    expect(session.state).toBe(since);
    await core.sessions.end(session, 'client');
    core.sessions.setLive(session);
    expect(session.ended).toBe(true);
  });

  test('hold the codecs that the answer settled', async () => {
    const core = await aCore();
    expect((await core.publish()).media).toMatchObject({ video: 'h264', audio: 'opus' });
  });
});

describe('who is let in', () => {
  const failing = (code: string) => expect.objectContaining({ code }) as Error;

  test('one publisher for a source; another subject is source-busy', async () => {
    const core = await aCore();
    await core.publish();
    const other = core.publish({ grant: aGrant({ subject: 'ben' }) });
    await expect(other).rejects.toEqual(failing('source-busy'));
    expect(core.node.offers).toHaveLength(1);
    await core.publish({ source: aSource('camera'), grant: aGrant({ subject: 'ben' }) });
  });

  test('the same subject again, whose old session ends first', async () => {
    const core = await aCore();
    const old = await core.publish();
    const fresh = await core.publish();
    expect(core.events).toEqual(['opened publish', 'ended publish replaced', 'opened publish']);
    expect(core.node.released).toEqual(['node-a-client-1']);
    expect([old.ended, fresh.ended]).toEqual([true, false]);
    expect(core.registry.room(aRoom('demo'))?.publisherOf(aSource('main'), 'webrtc')).toBe(fresh);
  });

  test('nobody takes over with an offer that is refused', async () => {
    const core = await aCore();
    const old = await core.publish();
    const offer = anOffer('chromium-publish-vp8');
    await expect(core.publish({ offer })).rejects.toEqual(failing('codec-unsupported'));
    expect(old.ended).toBe(false);
  });

  test('no viewer without a publisher, unless they may wait', async () => {
    await expect((await aCore()).play()).rejects.toEqual(failing('no-publisher'));
    const patient = await aCore({ withoutPublisher: 'wait' });
    expect((await patient.play()).kind).toBe('watch');
  });

  test('as many as there is room for', async () => {
    const core = await aCore({ maxSessions: 2 });
    await core.publish();
    await core.play();
    await expect(core.play()).rejects.toEqual(failing('capacity'));
    await core.publish();
    const small = await aCore({ maxViewersPerRoom: 1 });
    await small.publish();
    await small.play();
    await expect(small.play()).rejects.toMatchObject({ code: 'capacity', retryAfterSeconds: 10 });
  });

  test('nobody when no node is healthy', async () => {
    const core = await aCore();
    core.node.away = new Error('away');
    await core.watch.check();
    await expect(core.publish()).rejects.toEqual(failing('node-unavailable'));
  });

  test('nobody after the end', async () => {
    const core = await aCore();
    await core.sessions.close();
    await expect(core.publish()).rejects.toEqual(failing('shutting-down'));
  });
});

describe('an offer that fails', () => {
  test('at the firewall reaches no node', async () => {
    const core = await aCore();
    await expect(core.publish({ offer: 'no' })).rejects.toMatchObject({ code: 'sdp-malformed' });
    expect(core.node.offers).toEqual([]);
    expect(core.registry.size).toBe(0);
  });

  test('in the answer is released at the node', async () => {
    const core = await aCore();
    core.node.served = ['audio'];
    await expect(core.publish()).rejects.toMatchObject({ code: 'codec-unsupported' });
    expect(core.node.released).toEqual(['node-a-client-1']);
    expect([core.registry.size, core.node.listed.size]).toEqual([0, 0]);
  });

  test('without its hook is released at the node', async () => {
    const core = await aCore();
    core.node.onOffer = () => true;
    await expect(core.publish()).rejects.toMatchObject({ code: 'upstream-rejected' });
    expect(core.node.released).toEqual(['node-a-client-1']);
  });

  test('after its hook is removed at the node by its id', async () => {
    const core = await aCore();
    const failure = new GatewayError('node-unavailable', 'timed out');
    core.node.failures.push(failure);
    await expect(core.publish()).rejects.toBe(failure);
    expect(core.node.removed).toEqual(['node-a-client-1']);
    expect(core.node.listed.size).toBe(0);
  });

  test('is tried once more after the name was cleared', async () => {
    const core = await aCore();
    core.node.failures.push(rejected());
    const session = await core.publish();
    expect(core.node.removed).toEqual(['node-a-client-1']);
    expect(session.place?.clientId).toBe('node-a-client-2');
    expect(core.node.offers[0]?.ticket).not.toBe(core.node.offers[1]?.ticket);
  });

  test('is not confused by what the node says of the first try', async () => {
    const core = await aCore();
    core.node.failures.push(rejected());
    const remove = core.node.remove.bind(core.node);
    core.node.remove = (clientId) => {
      const hook = { room: 'demo', source: 'main', ticket: null, clientId };
      core.hookDesk.handle({ event: 'unpublish', service: core.node.service, ...hook });
      return remove(clientId);
    };
    expect((await core.publish()).ended).toBe(false);
  });

  test('twice stays failed', async () => {
    const core = await aCore();
    core.node.failures.push(rejected(), rejected(), rejected());
    await expect(core.publish()).rejects.toMatchObject({ code: 'upstream-rejected' });
    expect(core.node.offers).toHaveLength(2);
    expect([core.registry.size, core.node.listed.size]).toEqual([0, 0]);
  });

  test('of a viewer is never tried again', async () => {
    const core = await aCore();
    await core.publish();
    core.node.failures.push(rejected());
    await expect(core.play()).rejects.toMatchObject({ code: 'upstream-rejected' });
    expect(core.node.offers).toHaveLength(2);
  });
});

describe('[HOSTILE-35] races', () => {
  test('a session ended before its offer left reaches no node', async () => {
    const core = await aCore();
    const opening = core.open();
    const [session] = core.registry.sessions();
    if (session !== undefined) await core.sessions.end(session, 'kicked');
    await expect(opening).rejects.toMatchObject({ code: 'session-not-found' });
    expect(core.node.offers).toEqual([]);
  });

  test('a session ended while its offer is at the node is released there', async () => {
    const core = await aCore();
    const gate = aGate();
    core.node.gate = gate.promise;
    const opening = core.open();
    await expect.poll(() => core.node.offers).toHaveLength(1);
    const [session] = core.registry.sessions();
    if (session === undefined) throw new Error('no session');
    await core.sessions.end(session, 'kicked');
    core.node.onOffer = () => true;
    gate.resolve(undefined);
    await expect(opening).rejects.toMatchObject({ code: 'session-not-found', reason: 'kicked' });
    expect(core.node.released).toEqual(['node-a-client-1']);
    expect(core.events).toEqual(['ended publish kicked']);
  });

  test('its hook, when it comes after the end, is denied', async () => {
    const core = await aCore();
    const gate = aGate();
    core.node.gate = gate.promise;
    const opening = core.open();
    await expect.poll(() => core.node.offers).toHaveLength(1);
    const [session] = core.registry.sessions();
    if (session !== undefined) await core.sessions.end(session, 'kicked');
    gate.resolve(undefined);
    await expect(opening).rejects.toMatchObject({ code: 'session-not-found' });
    await core.hookDesk.close();
  });

  test('of two publishes of one subject at once the later wins, without an orphan', async () => {
    const core = await aCore();
    const gate = aGate();
    core.node.gate = gate.promise;
    const both = [core.open(), core.open()];
    gate.resolve(undefined);
    const [first, second] = await Promise.allSettled(both);
    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled']);
    expect(core.registry.count('publish', 'webrtc')).toBe(1);
    await core.hookDesk.close();
  });

  test('of two publishes of two subjects at once the first wins', async () => {
    const core = await aCore();
    const both = [core.open(), core.open({ grant: aGrant({ subject: 'ben' }) })];
    const [first, second] = await Promise.allSettled(both);
    expect([first?.status, second?.status]).toEqual(['fulfilled', 'rejected']);
    expect(core.node.offers).toHaveLength(1);
  });

  test('a client that went before its answer leaves nothing', async () => {
    const core = await aCore();
    const gone = new AbortController();
    const gate = aGate();
    core.node.gate = gate.promise;
    const opening = core.open({ signal: gone.signal });
    await expect.poll(() => core.node.offers).toHaveLength(1);
    gone.abort();
    gate.resolve(undefined);
    await expect(opening).rejects.toBeInstanceOf(GatewayError);
    expect(core.node.released).toEqual(['node-a-client-1']);
    expect([core.registry.size, core.node.listed.size]).toEqual([0, 0]);
  });

  test('a close waits for the offer that is under way, and tells it why', async () => {
    const core = await aCore();
    const gate = aGate();
    core.node.gate = gate.promise;
    const opening = core.open();
    opening.catch(() => undefined);
    await expect.poll(() => core.node.offers).toHaveLength(1);
    let closed = false;
    const closing = core.sessions.close().then(() => (closed = true));
    await setImmediate();
    expect(closed).toBe(false);
    gate.resolve(undefined);
    await expect(opening).rejects.toMatchObject({ code: 'shutting-down' });
    await closing;
    await core.hookDesk.close();
  });
});

test('a close ends every session and releases it at its node', async () => {
  const core = await aCore();
  await core.publish();
  await core.play();
  await core.sessions.close();
  expect(core.events.slice(2)).toEqual(['ended publish shutdown', 'ended watch shutdown']);
  expect(core.node.listed.size).toBe(0);
});

test('the node is not called for what it ended itself', async () => {
  const core = await aCore();
  for (const reason of ['left', 'node-lost'] as const) {
    await core.sessions.end(await core.publish(), reason);
  }
  expect([core.node.released, core.node.removed]).toEqual([[], []]);
});
