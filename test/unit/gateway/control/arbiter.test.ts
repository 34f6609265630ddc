import { describe, expect, it } from 'vitest';
import { arbitrate } from '../../../../gateway/control/arbiter.ts';
import type { ControlCommand, Verdict } from '../../../../gateway/control/command.ts';
import { DEFAULT_CONTROL_POLICY } from '../../../../gateway/control/policy.ts';
import { nextEndMs } from '../../../../gateway/control/queue.ts';
import { devicesOf, freeControl, mayUse } from '../../../../gateway/control/state.ts';
import type { ControlPolicy, Device } from '../../../../gateway/protocol/control.ts';
import { DEVICES } from '../../../../gateway/protocol/control-terms.ts';

const ALL = DEVICES;

/** Runs commands one after the other, a millisecond apart unless told. */
function play(policy: Partial<ControlPolicy>, ...commands: readonly ControlCommand[]): Verdict {
  let verdict: Verdict = {
    state: freeControl({ ...DEFAULT_CONTROL_POLICY, ...policy }),
    answer: { kind: 'done' },
    release: [],
  };
  commands.forEach((command, index) => {
    verdict = arbitrate(verdict.state, command, index);
  });
  return verdict;
}

const join = (by: string, rank: 'watcher' | 'viewer' | 'owner' | 'admin' = 'viewer') =>
  ({ type: 'join', by, rank }) as const;
const request = (by: string, devices: readonly Device[] = ALL) =>
  ({ type: 'request', by, devices }) as const;

describe('the arbiter', () => {
  it('[CTL-01] grants control that is free, and queues who comes later in order', () => {
    const room = [join('a'), join('b'), join('c')];
    expect(play({}, ...room, request('a')).answer).toEqual({ kind: 'granted' });
    const waiting = play({}, ...room, request('a'), request('b'), request('c'));
    expect(waiting.answer).toEqual({ kind: 'queued', place: 2 });
    expect(devicesOf(waiting.state, 'a')).toEqual(ALL);
    const again = arbitrate(waiting.state, request('b'), 10);
    expect(again.answer).toEqual({ kind: 'queued', place: 1 });
  });

  it('[CTL-02] gives what is released to the first who waits, in a new epoch', () => {
    const before = play({}, join('a'), join('b'), request('a'), request('b')).state;
    const { state, release } = arbitrate(before, { type: 'release', by: 'a' }, 9);
    expect(devicesOf(state, 'b')).toEqual(ALL);
    expect(release).toEqual(ALL);
    expect(state.epoch).toBe(before.epoch + 1);
    expect(mayUse(state, 'b', 'keyboard', state.epoch)).toBe(true);
    expect(mayUse(state, 'b', 'keyboard', before.epoch)).toBe(false);
    expect(mayUse(state, 'a', 'keyboard', state.epoch)).toBe(false);
  });

  it('[CTL-03] lets owners and admins take it, and nobody else', () => {
    const room = [join('a'), join('b'), join('o', 'owner'), request('a')];
    const taken = play({}, ...room, { type: 'take', by: 'o', devices: ALL });
    expect(devicesOf(taken.state, 'o')).toEqual(ALL);
    expect(taken.release).toEqual(ALL);
    expect(play({}, ...room, { type: 'take', by: 'b', devices: ALL }).answer).toEqual({
      kind: 'refused',
      why: 'no-right',
    });
  });

  it('[CTL-04] is given by its holder to a viewer that may have it', () => {
    const room = [join('a'), join('b'), join('w', 'watcher'), request('a')];
    const given = play({}, ...room, { type: 'give', by: 'a', to: 'b' });
    expect(devicesOf(given.state, 'b')).toEqual(ALL);
    for (const [to, why] of [
      ['w', 'target-no-right'],
      ['z', 'target-absent'],
    ] as const) {
      expect(play({}, ...room, { type: 'give', by: 'a', to }).answer).toEqual({
        kind: 'refused',
        why,
      });
    }
    expect(play({}, ...room, { type: 'give', by: 'b', to: 'a' }).answer).toEqual({
      kind: 'refused',
      why: 'not-holder',
    });
  });

  it('[CTL-05] keeps who was denied from asking again for a while', () => {
    const room = [join('a'), join('b'), request('a'), request('b')];
    const { state } = play({ denyMs: 100 }, ...room, { type: 'deny', by: 'a', to: 'b' });
    expect(arbitrate(state, request('b'), 50).answer).toEqual({ kind: 'refused', why: 'denied' });
    expect(arbitrate(state, request('b'), 200).answer).toEqual({ kind: 'queued', place: 1 });
  });

  it('[CTL-06] releases at once when the socket is lost, keeps control for the grace, then passes it on', () => {
    const room = [join('a'), join('b'), request('a'), request('b')];
    const lost = play({ graceMs: 100 }, ...room, { type: 'leave', by: 'a' });
    expect(lost.release).toEqual(ALL);
    expect(mayUse(lost.state, 'a', 'pointer', lost.state.epoch)).toBe(false);
    const back = arbitrate(lost.state, join('a'), 50);
    expect(mayUse(back.state, 'a', 'pointer', back.state.epoch)).toBe(true);
    expect(back.state.epoch).toBeGreaterThan(lost.state.epoch);
    expect(nextEndMs(lost.state)).toBe(104);
    const passed = arbitrate(lost.state, { type: 'tick' }, 104);
    expect(devicesOf(passed.state, 'b')).toEqual(ALL);
  });

  it('[CTL-07] ends a slot and an idle lease only while somebody waits', () => {
    const alone = play({ slotMs: 100, idleMs: 50 }, join('a'), join('b'), request('a')).state;
    expect(devicesOf(arbitrate(alone, { type: 'tick' }, 600_000).state, 'a')).toEqual(ALL);
    const busy = arbitrate(alone, request('b'), 3).state;
    const used = arbitrate(busy, { type: 'used', by: 'a' }, 40).state;
    expect(devicesOf(arbitrate(used, { type: 'tick' }, 89).state, 'a')).toEqual(ALL);
    expect(devicesOf(arbitrate(used, { type: 'tick' }, 90).state, 'b')).toEqual(ALL);
    const active = arbitrate(used, { type: 'used', by: 'a' }, 80).state;
    expect(devicesOf(arbitrate(active, { type: 'tick' }, 102).state, 'b')).toEqual(ALL);
  });

  it('[CTL-07] a lease that time has ended begins anew where its holder takes it again at once', () => {
    const { state } = play(
      { split: true, idleMs: 50 },
      join('a'),
      join('o', 'owner'),
      { type: 'take', by: 'o', devices: ['pointer'] },
      request('a', ['keyboard']),
      request('a', ['pointer']),
    );
    const again = arbitrate(state, { type: 'take', by: 'o', devices: ['pointer'] }, 60);
    expect(again.release).toEqual(['pointer']);
    expect(again.state.leases.pointer?.epoch).toBe(state.epoch + 1);
    expect(again.state.leases.keyboard?.epoch).toBe(state.epoch);
  });

  it('[CTL-08] takes control away when the room is locked, made view-only, or left by its owner', () => {
    const room = [join('o', 'owner'), join('a'), request('a')];
    for (const [mode, why] of [
      ['locked', 'locked'],
      ['view-only', 'view-only'],
    ] as const) {
      const policy = { ...DEFAULT_CONTROL_POLICY, mode };
      const { state, release } = play({}, ...room, { type: 'set-policy', by: 'o', policy });
      expect(release).toEqual(ALL);
      expect(arbitrate(state, request('a'), 9).answer).toEqual({ kind: 'refused', why });
    }
    const lost = play({ ownerPresent: true, graceMs: 5 }, ...room, { type: 'leave', by: 'o' });
    expect(lost.release).toEqual([]);
    expect(arbitrate(lost.state, { type: 'tick' }, 8).release).toEqual(ALL);
    const left = play({ ownerPresent: true }, ...room, { type: 'revoke', to: 'o', why: 'left' });
    expect(left.release).toEqual(ALL);
    expect(arbitrate(left.state, request('a'), 9).answer).toEqual({
      kind: 'refused',
      why: 'no-owner',
    });
  });

  it('[CTL-09] splits devices among viewers, and lets nobody pass who waits for the same', () => {
    const { state } = play(
      { split: true },
      join('a'),
      join('b'),
      join('c'),
      request('a', ['keyboard']),
      request('b', ['pointer', 'keyboard']),
      request('c', ['pointer']),
    );
    expect(devicesOf(state, 'a')).toEqual(['keyboard']);
    expect(state.leases.pointer).toBeNull();
    const freed = arbitrate(state, { type: 'release', by: 'a' }, 9).state;
    expect(devicesOf(freed, 'b')).toEqual(['pointer', 'keyboard']);
    const calm = arbitrate(freed, request('a', ['gamepad']), 10).state;
    expect(calm.leases.pointer?.epoch).toBe(freed.epoch);
    expect(calm.leases.gamepad?.epoch).toBe(freed.epoch + 1);
    expect(freed.queue.map(({ viewer }) => viewer)).toEqual(['c']);
  });

  it('[CTL-10] begins a new epoch when the host is a new one', () => {
    const before = play({}, join('a'), request('a')).state;
    const { state } = arbitrate(before, { type: 'host-restarted' }, 9);
    expect(state.epoch).toBe(before.epoch + 1);
    expect(devicesOf(state, 'a')).toEqual(ALL);
  });

  it('[CTL-11] keeps hands in order until they are lowered, granted or gone', () => {
    const raise = (by: string) => ({ type: 'raise-hand', by }) as const;
    const room = [join('a'), join('b'), join('o', 'owner'), raise('b'), raise('a'), raise('b')];
    const { state } = play({}, ...room);
    expect(state.hands).toEqual(['b', 'a']);
    expect(arbitrate(state, { type: 'give', by: 'o', to: 'b' }, 9).state.hands).toEqual(['a']);
    expect(arbitrate(state, { type: 'lower-hand', by: 'a', to: 'b' }, 9).answer.kind).toBe(
      'refused',
    );
    expect(arbitrate(state, { type: 'revoke', to: 'b', why: 'left' }, 9).state.hands).toEqual([
      'a',
    ]);
  });

  it('[CTL-14] is withdrawn, given and denied by an administrator who is not there', () => {
    const room = [join('a'), join('b'), request('a'), request('b')];
    const denied = play({}, ...room, { type: 'deny', by: null, to: 'b' });
    expect(denied.state.queue).toEqual([]);
    const given = arbitrate(denied.state, { type: 'give', by: null, to: 'b' }, 9);
    expect(devicesOf(given.state, 'b')).toEqual(ALL);
    const withdrawn = arbitrate(given.state, { type: 'withdraw', to: 'b' }, 10);
    expect([withdrawn.release, devicesOf(withdrawn.state, 'b')]).toEqual([ALL, []]);
    expect(arbitrate(withdrawn.state, { type: 'withdraw', to: 'b' }, 11).answer).toEqual({
      kind: 'refused',
      why: 'not-holder',
    });
  });

  it('[CTL-10] begins a new epoch when its holder comes by another socket', () => {
    const before = play({}, join('a'), request('a')).state;
    const { state, release } = arbitrate(before, join('a'), 9);
    expect(release).toEqual(ALL);
    expect(mayUse(state, 'a', 'keyboard', before.epoch)).toBe(false);
    expect(mayUse(state, 'a', 'keyboard', state.epoch)).toBe(true);
  });

  it('[CTL-06] keeps the place of who waits through a lost socket, and lets others pass meanwhile', () => {
    const room = [join('a'), join('b'), join('c'), request('a'), request('b'), request('c')];
    const { state } = play({}, ...room, { type: 'leave', by: 'b' });
    const passed = arbitrate(state, { type: 'release', by: 'a' }, 9).state;
    expect(devicesOf(passed, 'c')).toEqual(ALL);
    const back = arbitrate(passed, join('b'), 10).state;
    expect(arbitrate(back, request('b'), 11).answer).toEqual({ kind: 'queued', place: 1 });
  });
});
