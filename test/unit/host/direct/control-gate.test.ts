import { describe, expect, it } from 'vitest';
import { ViewerId } from '../../../../gateway/protocol/control.ts';
import type { InputFrame } from '../../../../gateway/protocol/input.ts';
import { ControlGate, readFrame } from '../../../../host-publisher/direct/control-gate.ts';

const HOLDER = ViewerId.parse('aaaaaaaaaa');
const OTHER = ViewerId.parse('bbbbbbbbbb');
const frame = (epoch: number): InputFrame => ({
  ...{ type: 'input/frame', epoch, sequence: 1, at: 0, eventsBefore: 0, events: [] },
});
const aGate = (): ControlGate => {
  const gate = new ControlGate();
  gate.lease({
    leases: { pointer: 7, keyboard: 8, gamepad: null },
    holders: { pointer: HOLDER, keyboard: OTHER, gamepad: null },
  });
  return gate;
};

describe('input that does not come through the gateway', () => {
  it('[DIR-45] counts from who holds a device, in its epoch', () => {
    const gate = aGate();
    expect(gate.admits(HOLDER, frame(7))).toBe(true);
    expect(gate.admits(OTHER, frame(8))).toBe(true);
    expect(gate.holds(HOLDER)).toBe(true);
  });

  it('[DIR-45] counts from nobody else, in no other epoch, and with another’s epoch neither', () => {
    const gate = aGate();
    expect(gate.admits(HOLDER, frame(8))).toBe(false);
    expect(gate.admits(HOLDER, frame(6))).toBe(false);
    expect(gate.admits(ViewerId.parse('cccccccccc'), frame(7))).toBe(false);
    expect(gate.admits(null, frame(7))).toBe(false);
    expect(gate.holds(null)).toBe(false);
  });

  it('[DIR-45] counts from nobody once the gateway is gone, or names no holders', () => {
    const gate = aGate();
    gate.disconnected();
    expect(gate.admits(HOLDER, frame(7))).toBe(false);
    gate.lease({ leases: { pointer: 7, keyboard: 7, gamepad: null } });
    expect(gate.admits(HOLDER, frame(7))).toBe(false);
  });

  it('[DIR-45] is a frame, or nothing', () => {
    expect(readFrame(JSON.stringify(frame(7)))).toEqual(frame(7));
    for (const text of ['', '{', 'null', '[]', JSON.stringify({ ...frame(7), more: 1 })]) {
      expect(readFrame(text)).toBeNull();
    }
  });
});
