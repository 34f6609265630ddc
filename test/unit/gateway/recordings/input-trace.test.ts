import { describe, expect, test } from 'vitest';
import type { ViewerId } from '../../../../gateway/protocol/control.ts';
import type { InputFrame } from '../../../../gateway/protocol/input.ts';
import { JournalEntry } from '../../../../gateway/protocol/journal.ts';
import { InputTrace } from '../../../../gateway/recordings/journal/input-trace.ts';
import { aSource } from '../../../support/gateway/a-gateway-core.ts';
import { aFrame, aKeyFrame, KEY_A, NOTHING_HELD } from '../../../support/gateway/an-input-desk.ts';

const VIEWER = 'aaaaaaaaaa' as ViewerId;
const TEXT = { type: 'text' as const, text: 'hunter2' };

/** A trace that is given frames one by one, at the times that the test says. */
function aTrace(detail: 'redacted' | 'full' = 'redacted') {
  const trace = new InputTrace(detail);
  let sequence = 0;
  return {
    rest: () => trace.rest(),
    take: (at: number, given: Partial<InputFrame> = {}) => {
      const frame = aFrame({ sequence: (sequence += 1), ...given });
      return trace.take({ at, source: aSource('main'), viewer: VIEWER, frame });
    },
  };
}

describe('what a frame leaves in the journal', () => {
  test('[REC-51] a key is told as pressed or let go, not which it was', () => {
    const [entry] = aTrace().take(7, aKeyFrame({ pointer: { x: 0.5, y: 0.25 } }));
    expect(entry).toEqual({
      type: 'input',
      at: 7,
      source: 'main',
      viewer: VIEWER,
      pointer: { x: 0.5, y: 0.25 },
      keys: 1,
      events: [{ type: 'key', down: true }],
    });
  });

  test('[REC-51] text is told as typed, and nothing of it', () => {
    const entries = aTrace().take(0, { held: NOTHING_HELD, events: [TEXT] });
    expect(entries).toMatchObject([{ events: [{ type: 'text' }] }]);
    expect(JSON.stringify(entries)).not.toContain('hunter2');
  });

  test('[REC-51] a full journal has keys and text', () => {
    const key = { type: 'key' as const, ...KEY_A, down: true };
    const [entry] = aTrace('full').take(0, { held: NOTHING_HELD, events: [key, TEXT] });
    expect(entry?.events).toEqual([key, TEXT]);
  });

  test('[REC-52] buttons, wheel, travel and touches are told, and pass as a line of the journal', () => {
    const trace = aTrace();
    trace.take(0, { wheel: { x: 0, y: 1 }, travel: { x: 3, y: 4 } });
    const [entry] = trace.take(100, {
      wheel: { x: 0, y: 2.5 },
      travel: { x: 13, y: 4 },
      held: { ...NOTHING_HELD, buttons: 1, touches: [{ id: 2, x: 0.123456, y: 1 }] },
      events: [{ type: 'button', button: 0, down: true }],
    });
    expect(entry).toMatchObject({
      wheel: { x: 0, y: 1.5 },
      travel: { x: 10, y: 0 },
      buttons: 1,
      touches: [{ id: 2, x: 0.1235, y: 1 }],
      events: [{ type: 'button', button: 0, down: true }],
    });
    expect(JournalEntry.parse(entry)).toEqual(entry);
  });

  test('[REC-53] a frame that says nothing new is not written', () => {
    const trace = aTrace();
    const held = { ...NOTHING_HELD, buttons: 1 };
    const frame = { pointer: { x: 0.1, y: 0.1 }, held };
    expect(trace.take(0, frame)).toHaveLength(1);
    for (const at of [100, 200, 300]) expect(trace.take(at, frame)).toEqual([]);
    expect(trace.rest()).toEqual([]);
  });

  test('[REC-53] an event that comes by two ways is written once', () => {
    const trace = aTrace();
    const click = {
      eventsBefore: 0,
      held: NOTHING_HELD,
      events: [{ type: 'button' as const, button: 0, down: true }],
    };
    expect(trace.take(0, click)).toHaveLength(1);
    expect(trace.take(1, click)).toEqual([]);
  });

  test('[REC-53] motion is thinned, and its end is written', () => {
    const trace = aTrace();
    const entries = Array.from({ length: 100 }, (_, at) =>
      trace.take(at, { pointer: { x: at / 100, y: 0 } }),
    ).flat();
    expect(entries.map(({ at }) => at)).toEqual([0, 40, 80]);
    expect(trace.rest()).toMatchObject([{ at: 99, pointer: { x: 0.99 } }]);
    expect(trace.rest()).toEqual([]);
  });

  test('[REC-53] a click is where the pointer was last, though that was not written yet', () => {
    const trace = aTrace();
    trace.take(0, { pointer: { x: 0.1, y: 0 } });
    trace.take(1, { pointer: { x: 0.7, y: 0 }, wheel: { x: 0, y: 1 } });
    const [entry] = trace.take(2, {
      held: { ...NOTHING_HELD, buttons: 1 },
      events: [{ type: 'button', button: 0, down: true }],
    });
    expect(entry).toMatchObject({ at: 2, pointer: { x: 0.7, y: 0 }, wheel: { x: 0, y: 1 } });
  });

  test('[REC-53] motion that was overtaken is not written', () => {
    const trace = aTrace();
    trace.take(0, { sequence: 9, pointer: { x: 0.9, y: 0 } });
    expect(trace.take(100, { sequence: 8, pointer: { x: 0.8, y: 0 } })).toEqual([]);
  });

  test('[REC-53] a new epoch counts from its beginning', () => {
    const trace = aTrace();
    trace.take(0, { epoch: 1, sequence: 50, eventsBefore: 7, wheel: { x: 0, y: 30 } });
    const [entry] = trace.take(100, {
      epoch: 2,
      sequence: 1,
      eventsBefore: 0,
      wheel: { x: 0, y: 1 },
      held: NOTHING_HELD,
      events: [{ type: 'button', button: 2, down: true }],
    });
    expect(entry).toMatchObject({ wheel: { x: 0, y: 1 }, events: [{ button: 2 }] });
  });
});
