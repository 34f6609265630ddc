import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Expiry } from '../../../gateway/rooms/expiry.ts';
import { aCore, aGrant, aRoom } from '../../support/gateway/a-gateway-core.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a session ends within half a second of its token, at its node too; others go on', async () => {
  const core = await aCore();
  const expiry = new Expiry(core.sessions, () => core.clock.now);
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
