import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DEVICES } from '../../../../gateway/protocol/control-terms.ts';
import type { InputFrame } from '../../../../gateway/protocol/input.ts';
import { devicesOf } from '../../../../gateway/rooms/input/frame-parts.ts';
import {
  aFrame,
  aKeyFrame,
  InputStand,
  KEY_A,
  NOTHING_HELD,
} from '../../../support/gateway/an-input-desk.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const TOUCH = { id: 1, x: 0, y: 0 };
const PAD = { id: 0, buttons: 1, triggers: [0, 0] as [number, number], axes: [0, 0, 0, 0] };

describe('the gate', () => {
  test('[INPUT-30] what the holder sends in its epoch is at the host in the same turn', () => {
    const stand = new InputStand();
    const anna = stand.viewer('anna');
    stand.grant('anna', 7);
    const frame = aKeyFrame({ epoch: 7 });
    stand.desk.hear(anna, frame, performance.now());
    expect(stand.channel.told).toEqual([frame]);
    expect(stand.verdicts).toEqual(['passed']);
    expect(stand.stages).toEqual(['gateway']);
    expect(anna.told).toEqual([]);
  });

  test('[REC-50] what passed is told for the journal, what did not is not', () => {
    const stand = new InputStand();
    const anna = stand.viewer('anna');
    stand.grant('anna', 7);
    const frame = aKeyFrame({ epoch: 7 });
    stand.desk.hear(anna, frame, 0);
    stand.desk.hear(anna, aKeyFrame({ epoch: 6 }), 0);
    stand.desk.hear(stand.viewer('ben'), frame, 0);
    expect(stand.passed).toEqual([{ viewer: anna, frame }]);
  });

  test.each([
    ['without a lease', 'ben', 7, 'not-holder'],
    ['of an epoch that is over', 'anna', 6, 'stale'],
    ['of an epoch that is not yet', 'anna', 8, 'stale'],
    ['of an epoch that is over, by who holds nothing', 'ben', 6, 'stale'],
  ])('[INPUT-31] a frame %s goes nowhere, and its sender is told', (_, by, epoch, why) => {
    const stand = new InputStand();
    const viewers = { anna: stand.viewer('anna'), ben: stand.viewer('ben') };
    stand.grant('anna', 7);
    const viewer = viewers[by as 'anna' | 'ben'];
    stand.desk.hear(viewer, aKeyFrame({ epoch }), 0);
    expect(stand.channel.told).toEqual([]);
    expect(stand.verdicts).toEqual([why]);
    expect(viewer.heard('input/refused')).toMatchObject([{ why }]);
  });

  test('[INPUT-31] so does one of a holder whose socket was taken for lost', () => {
    const stand = new InputStand();
    const anna = stand.viewer('anna');
    stand.grant('anna', 7);
    stand.lose();
    for (const frame of [aKeyFrame({ epoch: 7 }), aFrame({ epoch: 7 })]) {
      stand.desk.hear(anna, frame, 0);
    }
    expect(stand.channel.told).toEqual([]);
  });

  test('[INPUT-31] and any of a source without a host', () => {
    const stand = new InputStand();
    const anna = stand.viewer('anna');
    stand.grant('anna', 7);
    stand.desk.setHost(null);
    stand.desk.hear(anna, aKeyFrame({ epoch: 7 }), 0);
    expect(stand.verdicts).toEqual(['no-host']);
    expect(anna.heard('input/refused')).toMatchObject([{ why: 'no-host' }]);
  });

  test('[INPUT-31] a sender is told once a second', () => {
    const stand = new InputStand();
    const ben = stand.viewer('ben');
    for (let count = 0; count < 500; count += 1) stand.desk.hear(ben, aFrame(), 0);
    expect(ben.told).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    stand.desk.hear(ben, aFrame(), 0);
    expect(ben.told).toHaveLength(2);
  });

  const speaks: readonly [string, Partial<InputFrame>, string[]][] = [
    ['a position', { pointer: { x: 0, y: 0 } }, ['pointer']],
    ['travel', { travel: { x: 0, y: 0 } }, ['pointer']],
    ['a wheel', { wheel: { x: 0, y: 0 } }, ['pointer']],
    ['held buttons', { held: { ...NOTHING_HELD, buttons: 1 } }, ['pointer']],
    ['held touches', { held: { ...NOTHING_HELD, touches: [TOUCH] } }, ['pointer']],
    ['held keys', { held: { ...NOTHING_HELD, keys: [KEY_A] } }, ['keyboard']],
    ['gamepads', { held: { ...NOTHING_HELD, gamepads: [PAD] } }, ['gamepad']],
    ['a button', { events: [{ type: 'button', button: 0, down: false }] }, ['pointer']],
    ['a key', { events: [{ type: 'key', ...KEY_A, down: false }] }, ['keyboard']],
    ['text', { events: [{ type: 'text', text: 'é' }] }, ['keyboard']],
    ['nothing held', { held: NOTHING_HELD }, []],
  ];
  test.each(speaks)('[INPUT-32] %s is of its device', (_, given, devices) => {
    expect(devicesOf(aFrame(given))).toEqual(devices);
  });

  test('[INPUT-32] a frame passes only if its sender holds every device that it speaks of', () => {
    const parts = fc.subarray(speaks.slice(0, -1).map(([, given]) => given));
    const holders = fc.record({
      pointer: fc.constantFrom('anna', 'ben', null),
      keyboard: fc.constantFrom('anna', 'ben', null),
      gamepad: fc.constantFrom('anna', 'ben', null),
    });
    const epochs = fc.record({
      pointer: fc.integer({ min: 1, max: 2 }),
      keyboard: fc.integer({ min: 1, max: 2 }),
      gamepad: fc.integer({ min: 1, max: 2 }),
    });
    fc.assert(
      fc.property(parts, holders, epochs, (given, holder, epoch) => {
        const stand = new InputStand();
        const anna = stand.viewer('anna');
        for (const device of DEVICES) stand.grant(holder[device], epoch[device], [device]);
        const frame = merged(given);
        stand.desk.hear(anna, frame, 0);
        const isHeld = (device: (typeof DEVICES)[number]) =>
          holder[device] === 'anna' && epoch[device] === 1;
        const devices = devicesOf(frame);
        const may = devices.length > 0 ? devices.every(isHeld) : DEVICES.some(isHeld);
        expect(stand.channel.types().includes('input/frame')).toBe(may);
      }),
      { numRuns: 500 },
    );
  });

  test('[INPUT-33] what passed counts against idleness, and nothing else does', () => {
    const stand = new InputStand();
    const [anna, ben] = [stand.viewer('anna'), stand.viewer('ben')];
    stand.grant('anna', 7);
    for (const epoch of [6, 7, 8]) {
      stand.desk.hear(anna, aKeyFrame({ epoch }), 0);
      stand.desk.hear(ben, aKeyFrame({ epoch }), 0);
    }
    expect(stand.used).toEqual(['anna']);
  });
});

describe('what a host answers', () => {
  const applied = { type: 'input/applied', epoch: 7, sequence: 3, at: 5, events: 1, tookUs: 60 };

  test('[INPUT-34] goes to whoever holds something in that epoch, and to nobody else', () => {
    const stand = new InputStand();
    const [anna, ben] = [stand.viewer('anna'), stand.viewer('ben')];
    stand.grant('anna', 7);
    stand.desk.hear(anna, aKeyFrame({ epoch: 7, sequence: 3 }), 0);
    stand.desk.hearHost({ ...applied, type: 'input/applied' }, stand.host);
    expect(anna.told).toEqual([applied]);
    expect(stand.stages).toEqual(['gateway', 'host']);
    stand.grant('ben', 8);
    stand.desk.hearHost({ ...applied, type: 'input/applied' }, stand.host);
    stand.desk.hearHost({ type: 'input/pictured', mark: 1, rtpTimestamp: 2 }, stand.host);
    expect(anna.told).toHaveLength(1);
    expect(ben.told).toEqual([{ type: 'input/pictured', mark: 1, rtpTimestamp: 2 }]);
  });

  test('[INPUT-35] latencies count of those who hold something alone', () => {
    const stand = new InputStand();
    const [anna, ben] = [stand.viewer('anna'), stand.viewer('ben')];
    stand.grant('anna', 7);
    for (const viewer of [anna, ben]) {
      stand.desk.hear(viewer, { type: 'input/seen', tookMs: 40 }, 0);
      stand.desk.hearRoundTrip(viewer, 10);
    }
    expect(stand.stages).toEqual(['picture', 'viewer']);
  });
});

/** One frame that says all of these. */
function merged(parts: readonly Partial<InputFrame>[]): InputFrame {
  const held = parts.flatMap((part) => part.held ?? []);
  return aFrame({
    ...parts.reduce((all, part) => ({ ...all, ...part }), {}),
    ...(held.length === 0
      ? {}
      : {
          held: {
            keys: held.flatMap(({ keys }) => keys),
            buttons: Math.max(...held.map(({ buttons }) => buttons)),
            touches: held.flatMap(({ touches }) => touches),
            gamepads: held.flatMap(({ gamepads }) => gamepads),
          },
        }),
    events: parts.flatMap(({ events }) => events ?? []),
  });
}
