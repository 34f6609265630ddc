import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Grant } from '../../../gateway/auth/grant.ts';
import { Expiry } from '../../../gateway/rooms/expiry.ts';
import { aCore, aGrant, aRoom, type GatewayCore } from '../../support/gateway/a-gateway-core.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function anExpiry(core: GatewayCore, isRevoked: (grant: Grant) => boolean = () => false): Expiry {
  return new Expiry({ sessions: core.sessions, isRevoked, now: () => core.clock.now });
}

test('a session ends within half a second of its token, at its node too; others go on', async () => {
  const core = await aCore();
  const expiry = anExpiry(core);
  await core.publish({ grant: aGrant({ expiresAt: core.clock.now + 1000 }) });
  await core.publish({ room: aRoom('other'), grant: aGrant() });
  expiry.start();
  core.clock.now += 999;
  await vi.advanceTimersByTimeAsync(500);
  expect(core.registry.size).toBe(2);
  core.clock.now += 1;
  await vi.advanceTimersByTimeAsync(500);
  expect(core.events.at(-1)).toBe('ended publish expired');
  expect(core.registry.size).toBe(1);
  expect(core.node.released).toEqual(['node-a-client-1']);
  expiry.close();
  expect(vi.getTimerCount()).toBe(0);
});

test('so does a session whose token was taken back', async () => {
  const core = await aCore();
  const revoked = new Set<string>();
  const expiry = anExpiry(core, ({ subject }) => revoked.has(subject));
  await core.publish({ grant: aGrant({ subject: 'anna' }) });
  await core.publish({ room: aRoom('other'), grant: aGrant({ subject: 'ben' }) });
  expiry.start();
  await vi.advanceTimersByTimeAsync(500);
  expect(core.registry.size).toBe(2);
  revoked.add('ben');
  await vi.advanceTimersByTimeAsync(500);
  expect(core.events.at(-1)).toBe('ended publish revoked');
  expect(core.node.released).toEqual(['node-a-client-2']);
  expiry.close();
});

test('one whose offer is still under way at its node is taken back there as well', async () => {
  const core = await aCore();
  const gate = Promise.withResolvers<undefined>();
  core.node.gate = gate.promise;
  const expiry = anExpiry(core, () => true);
  const opening = core.publish();
  expiry.sweep();
  gate.resolve(undefined);
  await expect(opening).rejects.toMatchObject({ code: 'session-not-found', reason: 'revoked' });
  expect(core.node.listed.size).toBe(0);
  expect(core.registry.size).toBe(0);
});
