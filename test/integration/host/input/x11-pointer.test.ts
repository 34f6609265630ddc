import { execFileSync } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Injection } from '../../../../host-publisher/input/injection.ts';
import { aDisplay, anInjector } from '../../../support/host/x11-desk.ts';
import { X11Witness } from '../../../support/host/x11-witness.ts';
import { waitFor } from '../../../support/wait-for.ts';

const WHOLE = { x: 0, y: 0, width: 640, height: 360 };

const desk = async (
  ...more: Parameters<typeof anInjector> extends [string, ...infer M] ? M : []
) => {
  const display = await aDisplay();
  const witness = await X11Witness.open(display.name, WHOLE);
  onTestFinished(() => witness.close());
  return { display, witness, ...(await anInjector(display.name, ...more)) };
};
const button = (number: number, down: boolean): Injection => ({
  type: 'button',
  button: number,
  down,
});

describe('the pointer of an X11 display', () => {
  it('[INPUT-18] goes to a place in the picture, which may have borders', async () => {
    const { inject, witness } = await desk({ picture: () => ({ width: 1280, height: 960 }) });
    await inject({ type: 'move', x: 0.25, y: 0.5 });
    expect(await witness.pointer()).toEqual({ x: 160, y: 180 });
    await inject({ type: 'move', x: 1, y: 0 });
    expect(await witness.pointer()).toEqual({ x: 639, y: 0 });
    await inject({ type: 'move', x: 11 / 640, y: 0.125 });
    expect(await witness.pointer()).toEqual({ x: 11, y: 0 });
  });

  it('[INPUT-18] follows a screen that changes its size', async () => {
    const { inject, witness, display } = await desk();
    const env = { ...process.env, DISPLAY: display.name };
    const xrandr = (...args: string[]) => execFileSync('xrandr', args, { env });
    xrandr('--newmode', 'small', '0', ...'320 0 0 320 180 0 0 180'.split(' '));
    xrandr('--addmode', 'screen', 'small');
    xrandr('--output', 'screen', '--mode', 'small');
    await waitFor(
      async () => {
        await inject({ type: 'move', x: 0.5, y: 0.5 });
        const { x, y } = await witness.pointer();
        return x === 160 && y === 90;
      },
      { what: 'the middle of the smaller screen' },
    );
  });

  it('[INPUT-19] goes as many pixels as it is told, whatever its speed', async () => {
    const { inject, witness } = await desk();
    await inject({ type: 'move', x: 0.5, y: 0.5 });
    for (let step = 0; step < 20; step += 1) await inject({ type: 'travel', x: 3, y: -2 });
    expect(await witness.pointer()).toEqual({ x: 380, y: 140 });
    await inject({ type: 'travel', x: -300, y: 200 });
    expect(await witness.pointer()).toEqual({ x: 80, y: 340 });
  });

  it('[INPUT-20] presses five buttons and drags', async () => {
    const { inject, witness } = await desk();
    for (let number = 0; number < 5; number += 1) {
      await inject(button(number, true), button(number, false));
    }
    expect(await witness.told('ButtonPress', 'ButtonRelease')).toEqual(
      [1, 2, 3, 8, 9].flatMap((number) => [`ButtonPress ${number}`, `ButtonRelease ${number}`]),
    );
    witness.events.length = 0;
    await inject(button(0, true), { type: 'move', x: 0.5, y: 0.5 }, button(0, false));
    await witness.sync();
    const drag = witness.events.find(({ name }) => name === 'MotionNotify');
    expect(drag).toMatchObject({ rootx: 320, rooty: 180, buttons: 0x100 });
  });

  it('[INPUT-21] turns the wheel both ways and both axes, by whole notches of what was told', async () => {
    const { inject, witness } = await desk();
    await inject({ type: 'wheel', x: 0, y: 240 }, { type: 'wheel', x: -120, y: 0 });
    for (let part = 0; part < 4; part += 1) await inject({ type: 'wheel', x: 0, y: -30 });
    await inject({ type: 'wheel', x: 130, y: 0 });
    expect(await witness.told('ButtonPress')).toEqual(
      [5, 5, 6, 4, 7].map((number) => `ButtonPress ${number}`),
    );
  });

  it('[INPUT-20] is one finger, where fingers cannot be told', async () => {
    const { inject, witness } = await desk();
    const touch = { type: 'touch', x: 0.5, y: 0.5 } as const;
    await inject(
      { ...touch, id: 4, phase: 'begin' },
      { ...touch, id: 5, x: 0.1, phase: 'begin' },
      { ...touch, id: 5, x: 0.2, phase: 'end' },
      { ...touch, id: 4, x: 0.75, phase: 'end' },
    );
    const presses = await witness.told('ButtonPress', 'ButtonRelease');
    expect(presses).toEqual(['ButtonPress 1', 'ButtonRelease 1']);
    expect(await witness.pointer()).toEqual({ x: 480, y: 180 });
  });
});
