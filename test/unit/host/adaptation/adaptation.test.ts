import { describe, expect, it } from 'vitest';
import type { EncodedPicture, Fixed, Tuning } from '../../../../gateway/protocol/host.ts';
import { Adaptation } from '../../../../host-publisher/adaptation/adaptation.ts';
import { FREE } from '../../../../host-publisher/adaptation/tuning.ts';
import { aReport } from '../../../support/host/a-report.ts';

const MOST = { width: 1280, height: 720, fps: 30, bitrateKbps: 2500 };

const start = (fixed: Fixed = FREE) => {
  const clock = { nowMs: 0 };
  const applied: EncodedPicture[] = [];
  const told: [EncodedPicture, Fixed][] = [];
  const pauses: number[] = [];
  const adaptation = new Adaptation({
    goal: { most: MOST, content: 'motion' },
    fixed,
    apply: (picture) => void applied.push(picture),
    pause: (forMs) => void pauses.push(forMs),
    tell: (...both) => void told.push(both),
    now: () => clock.nowMs,
  });
  const look = (queueMs: number, arrivedKbps = 2500): void => {
    clock.nowMs += 250;
    adaptation.look({ by: 'transport', loss: 0, queueMs, arrivedKbps, rembKbps: null });
  };
  return { adaptation, applied, told, pauses, look };
};

describe('an adaptation', () => {
  it('tells the picture at its first look, and not again while it stays', () => {
    const { told, applied, look } = start();
    look(0);
    look(0);
    expect(told).toEqual([[MOST, FREE]]);
    expect(applied).toEqual([]);
  });

  it('applies and tells what the policy decides', () => {
    const { told, applied, look } = start();
    look(300, 500);
    expect(applied).toEqual([{ width: 640, height: 360, fps: 30, bitrateKbps: 300 }]);
    expect(told).toEqual([[applied[0], FREE]]);
  });

  it('pauses once for a queue that is very long, not for one that is long', () => {
    const { pauses, look } = start();
    look(100, 1000);
    look(100, 1000);
    expect(pauses).toEqual([]);
    look(0, 1000);
    look(300, 1000);
    look(300, 1000);
    expect(pauses).toEqual([450]);
  });

  it('tells of a bitrate that wanders when it has moved by a tenth, or stood for five seconds', () => {
    const { told, look } = start({ ...FREE, size: { width: 1280, height: 720 }, fps: 30 });
    look(300, 1000);
    look(0, 1000);
    const before = told.length;
    for (let n = 0; n < 16; n += 1) look(0, 1000);
    expect(told).toHaveLength(before);
    for (let n = 0; n < 4; n += 1) look(0, 1000);
    expect(told).toHaveLength(before + 1);
  });

  it.each<[Tuning, Partial<EncodedPicture>]>([
    [{ bitrateKbps: 800 }, { bitrateKbps: 800, width: 960 }],
    [{ fps: 12 }, { fps: 12 }],
    [{ size: { width: 640, height: 480 } }, { width: 640, height: 480 }],
  ])('does %j at once, and gives it back', (tuning, picture) => {
    const { adaptation, applied, told, look } = start();
    adaptation.tune(tuning);
    expect(adaptation.picture).toEqual({
      ...MOST,
      ...picture,
      height: expect.any(Number) as number,
    });
    expect(applied).toEqual([adaptation.picture]);
    expect(told.at(-1)).toEqual([adaptation.picture, { ...FREE, ...tuning }]);
    const released = Object.fromEntries(Object.keys(tuning).map((name) => [name, null])) as Tuning;
    adaptation.tune(released);
    expect(told.at(-1)?.[1]).toEqual(FREE);
    for (let n = 0; n < 100; n += 1) look(0);
    expect(adaptation.picture).toEqual(MOST);
  });

  it('tells that something is fixed also when that changes no picture', () => {
    const { adaptation, told, applied } = start();
    adaptation.tune({ content: 'motion' });
    expect(applied).toEqual([]);
    expect(told).toEqual([[MOST, { ...FREE, content: 'motion' }]]);
  });

  it('decides once by each report', () => {
    const { adaptation, look } = start();
    adaptation.hear(aReport({ losing: 1, lossMedian: 0.5 }));
    look(0);
    expect(adaptation.picture.bitrateKbps).toBe(1250);
    for (let n = 0; n < 30; n += 1) look(0);
    expect(adaptation.picture.bitrateKbps).toBe(1250);
  });
});
