import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PictureSize } from '../../../gateway/protocol/host.ts';
import { ScreenDesk, type ScreenDeskParts } from '../../../host-publisher/screen/screen-desk.ts';
import { X11Connection } from '../../../host-publisher/x11/x11-connection.ts';
import { openVirtualDisplay } from '../../support/host/virtual-display.ts';
import { waitFor } from '../../support/wait-for.ts';

const execute = promisify(execFile);
const LARGEST = { width: 1920, height: 1080 };

const opened = async (more: Partial<ScreenDeskParts> = {}) => {
  const display = await openVirtualDisplay({ width: 1600, height: 1200 });
  const sizes: (PictureSize | null)[] = [];
  const desk = new ScreenDesk({
    display: display.name,
    resize: 'auto',
    largest: LARGEST,
    onSize: (size) => sizes.push(size),
    say: () => undefined,
    ...more,
  });
  onTestFinished(async () => {
    await desk.close();
    await display.close();
  });
  const env = { ...process.env, DISPLAY: display.name };
  // The desk, which may hold the display for itself, runs in this process.
  const ask = async (...[program, ...args]: [string, ...string[]]): Promise<string> =>
    (await execute(program, args, { env, timeout: 20_000 })).stdout;
  const screen = async (): Promise<string> =>
    /current (\d+ x \d+)/.exec(await ask('xrandr'))?.[1] ?? '';
  await desk.ready;
  return { desk, sizes, screen, ask, display };
};

const ofSize = (width: number, height: number, scale = 1) => ({ width, height, scale });

describe('the screen of a display without a person', () => {
  it('[SCREEN-03] takes the size of the viewport while somebody has the pointer, and its own again', async () => {
    const { desk, sizes, screen, ask } = await opened();
    expect(desk.largest).toEqual({ width: 1600, height: 1080 });
    desk.driven(true);
    desk.follow(ofSize(1001, 777));
    await waitFor(() => sizes.length === 1, { what: 'the size' });
    expect(sizes).toEqual([{ width: 1002, height: 778 }]);
    expect(await screen()).toBe('1002 x 778');
    desk.follow(ofSize(4000, 2000));
    await waitFor(() => sizes.length === 2, { what: 'the largest' });
    expect(await screen()).toBe('1600 x 800');
    desk.driven(false);
    await waitFor(() => sizes.length === 3, { what: 'the end' });
    expect(sizes.at(-1)).toBeNull();
    expect(await screen()).toBe('1600 x 1200');
    expect(await ask('xrandr')).not.toContain('pixelcast');
  });

  it('[SCREEN-03] is not resized by nobody, nor when it is off', async () => {
    const { desk, sizes } = await opened();
    desk.follow(ofSize(800, 600));
    desk.driven(true);
    desk.follow(ofSize(640, 480));
    await waitFor(() => sizes.length > 0, { what: 'the size of the one who drives' });
    expect(sizes).toEqual([{ width: 640, height: 480 }]);
    const off = await opened({ resize: 'off' });
    expect(off.desk.largest).toBeNull();
  });

  it('[SCREEN-02] in a storm it changes few times, and keeps few modes', async () => {
    const { desk, sizes, screen, ask } = await opened();
    desk.driven(true);
    for (let width = 401; width <= 1001; width += 100) {
      desk.follow(ofSize(width, 500));
      await waitFor(() => sizes.at(-1)?.width === width + 1, { what: `width ${width}` });
    }
    expect(await screen()).toBe('1002 x 500');
    expect((await ask('xrandr')).match(/pixelcast/g)).toHaveLength(1);
  });

  it('[SCREEN-04] tells programs how large to draw, and takes it back', async () => {
    const { desk, ask, sizes, display } = await opened();
    await ask('sh', '-c', 'echo "*color0: black" | xrdb -nocpp -merge');
    desk.driven(true);
    desk.follow(ofSize(700, 400, 2));
    await waitFor(async () => (await ask('xrdb', '-query')).includes('Xft.dpi:\t192'), {
      what: 'the resource',
    });
    const x11 = await X11Connection.open(display.name);
    onTestFinished(() => x11.close());
    const selection = await x11.atom('_XSETTINGS_S0');
    const property = await x11.atom('_XSETTINGS_SETTINGS');
    const settings = async (): Promise<Buffer> => {
      const owner = await x11.ask<number>((reply) =>
        x11.client.GetSelectionOwner(selection, reply),
      );
      const { data } = await x11.ask<{ readonly data: Buffer }>((reply) =>
        x11.client.GetProperty(0, owner, property, property, 0, 1000, reply),
      );
      return data;
    };
    const factor = async (): Promise<number> => {
      const name = 'Gdk/WindowScalingFactor';
      const data = await settings();
      return data.readInt32LE(data.indexOf(name) + 24 + 4);
    };
    await waitFor(async () => (await factor()) === 2, { what: 'the factor' });
    desk.driven(false);
    await waitFor(() => sizes.at(-1) === null, { what: 'the end' });
    await waitFor(async () => (await factor()) === 1, { what: 'the factor of before' });
    expect(await ask('xrdb', '-query')).toBe('*color0:\tblack\n');
  });

  it('[SCREEN-03] is let alone when its display is gone, and its size is its own again', async () => {
    const { desk, sizes, display } = await opened();
    desk.driven(true);
    desk.follow(ofSize(640, 480));
    await waitFor(() => sizes.length === 1, { what: 'the size' });
    await display.close();
    await waitFor(() => sizes.at(-1) === null, { what: 'the loss' });
    desk.follow(ofSize(800, 600));
    await desk.close();
    expect(sizes).toHaveLength(2);
  });
});
