import { describe, expect, it, onTestFinished } from 'vitest';
import type { Injection } from '../../../../host-publisher/input/injection.ts';
import { aDisplay, anInjector, tap } from '../../../support/host/x11-desk.ts';
import { X11Witness } from '../../../support/host/x11-witness.ts';
import { waitFor } from '../../../support/wait-for.ts';

const SHARED = { x: 100, y: 50, width: 320, height: 180 };
const CLICK: Injection[] = [true, false].map((down) => ({ type: 'button', button: 0, down }));

const desk = async () => {
  const display = await aDisplay();
  const shared = await X11Witness.open(display.name, SHARED, 'the shared one');
  const other = await X11Witness.open(
    display.name,
    { x: 0, y: 0, width: 640, height: 360 },
    'the private one',
  );
  onTestFinished(() => {
    shared.close();
    other.close();
  });
  return { shared, other, ...(await anInjector(display.name, { window: 'shared' })) };
};

describe('a window that is controlled', () => {
  it('[INPUT-18] has the pointer in it, wherever it is sent', async () => {
    const { shared, inject } = await desk();
    await inject({ type: 'move', x: 0, y: 0 });
    expect(await shared.pointer()).toEqual({ x: 100, y: 50 });
    await inject({ type: 'move', x: 1, y: 0.5 });
    expect(await shared.pointer()).toEqual({ x: 419, y: 140 });
    await inject({ type: 'travel', x: 50, y: -4000 });
    expect(await shared.pointer()).toEqual({ x: 419, y: 50 });
    await inject({ type: 'travel', x: -20, y: 10 });
    expect(await shared.pointer()).toEqual({ x: 399, y: 60 });
  });

  it('[INPUT-20] gets the clicks, and what lies over it none', async () => {
    const { shared, other, inject } = await desk();
    await inject({ type: 'move', x: 0.5, y: 0.5 }, ...CLICK, { type: 'wheel', x: 0, y: 120 });
    expect(await shared.told('ButtonPress')).toEqual(['ButtonPress 1', 'ButtonPress 5']);
    expect(await other.told('ButtonPress')).toEqual([]);
  });

  it('[INPUT-23] gets the keys, and the window that had them none', async () => {
    const { shared, other, inject } = await desk();
    await inject(...tap('KeyA', 0x61), { type: 'text', text: 'b' });
    expect(await shared.told('KeyPress')).toEqual(['KeyPress 38', 'KeyPress 56']);
    expect(await other.told('KeyPress')).toEqual([]);
    other.focus();
    other.raise();
    await other.sync();
    await inject(...tap('KeyC', 0x63));
    expect(await shared.told('KeyPress')).toContain('KeyPress 54');
    expect(await other.told('KeyPress')).toEqual([]);
  });

  it('[INPUT-18] is followed when it moves', async () => {
    const { shared, inject } = await desk();
    shared.place(200, 100);
    await waitFor(
      async () => {
        await inject({ type: 'move', x: 0, y: 0 });
        return (await shared.pointer()).x === 200;
      },
      { what: 'the pointer in the moved window' },
    );
  });
});
