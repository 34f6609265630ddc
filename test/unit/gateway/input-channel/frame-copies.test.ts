import { describe, expect, test } from 'vitest';
import { FrameCopies } from '../../../../gateway/input-channel/frame-copies.ts';
import type { InputEvent } from '../../../../gateway/protocol/input.ts';
import { aFrame, aMotion } from '../../../support/host/a-frame.ts';

const aText: InputEvent = { type: 'text', text: 'a' };

describe('[INPUT-94] frames by two ways', () => {
  test('count once, whichever way is first', () => {
    const copies = new FrameCopies();
    const first = aFrame({ sequence: 1, events: [aText] });
    const second = aFrame({ sequence: 2, eventsBefore: 1, events: [aText] });
    expect(copies.isNew(first, 'channel')).toBe(true);
    expect(copies.isNew(first, 'socket')).toBe(false);
    expect(copies.isNew(second, 'socket')).toBe(true);
    expect(copies.isNew(second, 'channel')).toBe(false);
  });

  test('never overtake events that only the socket has', () => {
    const copies = new FrameCopies();
    const alone = aFrame({ sequence: 1, events: [aText] });
    const both = aFrame({ sequence: 2, eventsBefore: 1, events: [aText] });
    expect(copies.isNew(both, 'channel')).toBe(false);
    expect(copies.isNew(alone, 'socket')).toBe(true);
    expect(copies.isNew(both, 'socket')).toBe(true);
  });

  test('of motion: only newer ones, and keys come late behind it', () => {
    const copies = new FrameCopies();
    expect(copies.isNew(aMotion({ sequence: 5 }), 'channel')).toBe(true);
    expect(copies.isNew(aMotion({ sequence: 4 }), 'channel')).toBe(false);
    expect(copies.isNew(aMotion({ sequence: 5 }), 'socket')).toBe(false);
    expect(copies.isNew(aFrame({ sequence: 3, events: [aText] }), 'socket')).toBe(true);
  });

  test('are told apart by epoch, and few epochs are remembered', () => {
    const copies = new FrameCopies();
    for (let epoch = 0; epoch < 1_000; epoch += 1) {
      expect(copies.isNew(aFrame({ epoch, sequence: 1 }), 'socket')).toBe(true);
    }
    expect(copies.isNew(aFrame({ epoch: 999, sequence: 1 }), 'channel')).toBe(false);
    expect(copies.isNew(aFrame({ epoch: 998, sequence: 1 }), 'channel')).toBe(false);
  });
});
