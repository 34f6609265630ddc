import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitrate } from '../../../gateway/control/arbiter.ts';
import type { ControlCommand, Verdict } from '../../../gateway/control/command.ts';
import { nextEndMs } from '../../../gateway/control/queue.ts';
import { mayHold, mayKeep } from '../../../gateway/control/right.ts';
import { freeControl, mayUse, type ControlState } from '../../../gateway/control/state.ts';
import { transitions } from '../../../gateway/control/transition.ts';
import { LeaseBegin, LeaseEnd } from '../../../gateway/protocol/control-record.ts';
import { DEVICES } from '../../../gateway/protocol/control-terms.ts';
import { leasesMessage } from '../../../gateway/rooms/control/control-messages.ts';
import { Members } from '../../../gateway/rooms/control/members.ts';
import { VIEWERS, aPolicy, aStep } from '../../support/control/arbitraries.ts';
import { ModelHost } from '../../support/control/model-host.ts';
import { runs, sameRuns } from '../../support/fuzz/runs.ts';

const steps = fc.array(aStep, { minLength: 1, maxLength: 60, size: 'max' });

/** What holds after every command, whatever came before. */
function requireSound(
  before: ControlState,
  command: ControlCommand,
  { state, release }: Verdict,
  nowMs: number,
): void {
  for (const device of DEVICES) {
    const [old, lease] = [before.leases[device], state.leases[device]];
    const moved =
      old?.holder !== lease?.holder ||
      old?.absentSince !== lease?.absentSince ||
      old?.grantedAt !== lease?.grantedAt;
    const joined = command.type === 'join' && old?.holder === command.by;
    const anew = command.type === 'host-restarted' || joined;
    expect(release.includes(device)).toBe(moved || anew);
    if (moved) expect(state.epoch).toBe(before.epoch + 1);
    if (lease === null) continue;
    expect(mayKeep(state, lease.holder)).toBe(true);
    if (lease.absentSince === null) expect(mayHold(state, lease.holder)).toBe(true);
    else expect(state.absent.get(lease.holder)?.since).toBe(lease.absentSince);
    expect(lease.epoch).toBe(release.includes(device) ? state.epoch : old?.epoch);
    expect(mayUse(state, lease.holder, device, lease.epoch)).toBe(lease.absentSince === null);
    expect(mayUse(state, lease.holder, device, lease.epoch - 1)).toBe(false);
  }
  expect(state.epoch).toBeGreaterThanOrEqual(before.epoch);
  requireSoundQueue(state);
  // A shorter grace is over with the next step.
  if (command.type === 'set-policy') return;
  for (const { since } of state.absent.values()) {
    expect(since + state.policy.graceMs).toBeGreaterThanOrEqual(nowMs);
  }
  for (const until of state.denied.values()) expect(until).toBeGreaterThanOrEqual(nowMs);
}

function requireSoundQueue(state: ControlState): void {
  const names = state.queue.map((waiting) => waiting.viewer);
  expect(new Set(names).size).toBe(names.length);
  const first = state.queue.find(({ viewer }) => state.present.has(viewer));
  if (first !== undefined) {
    expect(first.devices.some((device) => state.leases[device] !== null)).toBe(true);
  }
  for (const name of names) expect(mayKeep(state, name)).toBe(true);
  for (const name of state.absent.keys()) expect(state.present.has(name)).toBe(false);
  for (const name of state.hands) {
    expect(state.present.has(name) || state.absent.has(name)).toBe(true);
  }
}

describe('any order of commands', () => {
  it('[CTL-12] leaves one holder by right, releases what changed hands, and fences the old epoch', () => {
    fc.assert(
      fc.property(aPolicy, steps, (rules, played) => {
        let state = freeControl(rules);
        let nowMs = 0;
        for (const [command, waitMs] of played) {
          nowMs += waitMs;
          const verdict = arbitrate(state, command, nowMs);
          requireSound(state, command, verdict, nowMs);
          state = verdict.state;
        }
      }),
      runs(1_000),
    );
  });

  it('[CTL-13] lets go of all that was held, by every way in which control can end', () => {
    const ends = new Map<string, number>();
    const begins = new Map<string, number>();
    const counted = (counts: Map<string, number>, name: string) =>
      counts.set(name, (counts.get(name) ?? 0) + 1);
    fc.assert(
      fc.property(aPolicy, steps, (rules, played) => {
        let state = freeControl(rules);
        let nowMs = 0;
        const host = new ModelHost();
        const play = (command: ControlCommand): void => {
          const held = new Map(host.held);
          const before = state;
          const verdict = arbitrate(before, command, nowMs);
          state = verdict.state;
          if (verdict.release.length > 0) host.hear(leasesMessage(state, new Members()));
          for (const each of transitions({ before, command, after: state, nowMs })) {
            if (each.type === 'began') {
              counted(begins, each.how);
              continue;
            }
            const wasHeld = each.devices.some((device) => held.get(device)?.by === each.viewer);
            if (wasHeld || before.absent.has(each.viewer)) counted(ends, each.why);
          }
          for (const [device, { by, epoch }] of host.held) {
            expect(mayUse(state, by, device, epoch)).toBe(true);
          }
          // Everybody presses everything in every epoch that there was just now.
          for (const device of DEVICES) {
            for (const by of VIEWERS) {
              for (const epoch of [before.epoch - 1, before.epoch, state.epoch]) {
                const passes = mayUse(state, by, device, epoch);
                if (passes) expect(host.press(device, by, epoch)).toBe(true);
              }
            }
          }
        };
        for (const [command, waitMs] of played) {
          nowMs += waitMs;
          if ((nextEndMs(state) ?? Infinity) <= nowMs) play({ type: 'tick' });
          play(command);
        }
      }),
      sameRuns(1_000),
    );
    expect([...ends.keys()].toSorted()).toEqual(LeaseEnd.options.toSorted());
    expect([...begins.keys()].toSorted()).toEqual(LeaseBegin.options.toSorted());
  });
});
