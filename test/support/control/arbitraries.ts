import fc from 'fast-check';
import type { ControlCommand } from '../../../gateway/control/command.ts';
import type { ControlPolicy } from '../../../gateway/protocol/control.ts';
import { DEVICES } from '../../../gateway/protocol/control-terms.ts';

/** The viewers of the room below. */
export const VIEWERS = ['a', 'b', 'c', 'd'] as const;

const viewer = fc.constantFrom(...VIEWERS);
const actor = fc.constantFrom(...VIEWERS, null);
const devices = fc.uniqueArray(fc.constantFrom(...DEVICES), { minLength: 1 });
/** Times so short that all of them end within a few steps. */
export const aPolicy: fc.Arbitrary<ControlPolicy> = fc.record({
  mode: fc.constantFrom('open', 'open', 'locked', 'view-only'),
  ownerPresent: fc.boolean(),
  split: fc.boolean(),
  slotMs: fc.option(fc.integer({ min: 1, max: 30 })),
  idleMs: fc.option(fc.integer({ min: 1, max: 30 })),
  graceMs: fc.integer({ min: 0, max: 20 }),
  denyMs: fc.integer({ min: 0, max: 20 }),
  maxQueue: fc.integer({ min: 0, max: 3 }),
  clipboardToHost: fc.constant('off' as const),
  clipboardFromHost: fc.constant('off' as const),
});
const command: fc.Arbitrary<ControlCommand> = fc.oneof(
  fc.record({
    type: fc.constant('join' as const),
    by: viewer,
    rank: fc.constantFrom('watcher', 'viewer', 'viewer', 'owner', 'admin'),
  }),
  fc.record({
    type: fc.constantFrom('leave' as const, 'cancel' as const, 'release' as const),
    by: viewer,
  }),
  fc.record({ type: fc.constantFrom('used' as const, 'raise-hand' as const), by: viewer }),
  fc.record({
    type: fc.constant('revoke' as const),
    to: viewer,
    why: fc.constantFrom('left' as const, 'revoked' as const),
  }),
  fc.record({ type: fc.constant('request' as const), by: viewer, devices }),
  fc.record({ type: fc.constant('take' as const), by: viewer, devices }),
  fc.record({
    type: fc.constantFrom('give' as const, 'deny' as const),
    by: actor,
    to: viewer,
  }),
  fc.record({ type: fc.constant('lower-hand' as const), by: viewer, to: viewer }),
  fc.record({ type: fc.constant('withdraw' as const), to: viewer }),
  fc.record({ type: fc.constant('set-policy' as const), by: actor, policy: aPolicy }),
  fc.record({ type: fc.constantFrom('tick' as const, 'host-restarted' as const) }),
);
/** Something that happens, and how long after the step before. */
export const aStep = fc.tuple(command, fc.integer({ min: 0, max: 10 }));
