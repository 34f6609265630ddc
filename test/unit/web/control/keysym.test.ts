import { describe, expect, it } from 'vitest';
import { Keysym } from '../../../../gateway/protocol/input.ts';
import { keysymOf } from '../../../../web/core/control/keysym.ts';
import { NAMED_KEYS } from '../../../../web/core/control/keysym-table.ts';

describe('keysyms', () => {
  it.each([
    ['a', 0, 0x61],
    ['A', 0, 0x41],
    [' ', 0, 0x20],
    ['~', 0, 0x7e],
    ['ß', 0, 0xdf],
    ['ÿ', 0, 0xff],
    ['€', 0, 0x0100_20ac],
    ['ж', 0, 0x0100_0436],
    ['漢', 0, 0x0100_6f22],
    ['😀', 0, 0x0101_f600],
    ['\u0301', 0, 0x0100_0301],
    ['Enter', 0, 0xff0d],
    ['Enter', 3, 0xff8d],
    ['Shift', 1, 0xffe1],
    ['Shift', 2, 0xffe2],
    ['Control', 0, 0xffe3],
    ['Control', 2, 0xffe4],
    ['AltGraph', 2, 0xfe03],
    ['Meta', 2, 0xffec],
    ['7', 3, 0xffb7],
    ['Home', 3, 0xff95],
    ['.', 3, 0xffae],
    [',', 3, 0xffac],
    ['F1', 0, 0xffbe],
    ['F12', 0, 0xffc9],
    ['F35', 0, 0xffe0],
    ['F36', 0, 0],
    ['AudioVolumeUp', 0, 0x1008_ff13],
    ['Unidentified', 0, 0],
    ['Dead', 0, 0],
    ['', 0, 0],
  ])('[INPUT-78] of %j at place %i', (key, location, keysym) => {
    expect(keysymOf({ key, location })).toBe(keysym);
    expect(Keysym.safeParse(keysym).success).toBe(true);
  });

  it('[INPUT-78] of all named keys fit into a frame', () => {
    for (const keysyms of NAMED_KEYS.values()) {
      for (const keysym of keysyms) expect(Keysym.safeParse(keysym).success).toBe(true);
    }
  });
});
