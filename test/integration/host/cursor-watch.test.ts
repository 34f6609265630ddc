import { execFileSync, spawn } from 'node:child_process';
import { PNG } from 'pngjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CursorPosition, CursorShape } from '../../../gateway/protocol/cursor.ts';
import { CursorWatch } from '../../../host-publisher/cursor/cursor-watch.ts';
import { openVirtualDisplay } from '../../support/host/virtual-display.ts';
import { X11Hand } from '../../support/host/x11-hand.ts';
import { waitFor } from '../../support/wait-for.ts';

const watched = async () => {
  const display = await openVirtualDisplay();
  const shapes: CursorShape[] = [];
  const positions: CursorPosition[] = [];
  let lost = false;
  const watch = new CursorWatch({
    display: display.name,
    picture: () => ({ width: 1280, height: 720 }),
    send: (message) => {
      if (message.type === 'cursor/shape') shapes.push(CursorShape.parse(message));
      else positions.push(CursorPosition.parse(message));
    },
    onLost: () => {
      lost = true;
    },
  });
  const hand = await X11Hand.at(display.name);
  onTestFinished(async () => {
    watch.close();
    hand.close();
    await display.close();
  });
  const env = { ...process.env, DISPLAY: display.name };
  return { display, shapes, positions, watch, hand, env, isLost: () => lost };
};

describe('a cursor that is watched', () => {
  it('is told where it is in the picture, when it moved', async () => {
    const { positions, hand } = await watched();
    hand.move(160, 90);
    await waitFor(() => positions.at(-1)?.x === 0.25, { what: 'the first place' });
    expect(positions.at(-1)?.y).toBeCloseTo(0.25, 2);
    const told = positions.length;
    hand.move(320, 180);
    await waitFor(() => positions.at(-1)?.x === 0.5, { what: 'the next place' });
    expect(positions.length - told).toBe(1);
  });

  it('is told as a picture with its hotspot, again when it changes', async () => {
    const { shapes, positions, env, watch } = await watched();
    const first = await waitFor(() => shapes.at(-1), { what: 'a shape' });
    expect(PNG.sync.read(Buffer.from(first.png, 'base64')).width).toBe(first.width);
    expect(first.pictureWidth).toBe(640);
    await waitFor(() => positions.at(-1)?.visible, { what: 'a visible cursor' });
    const count = shapes.length;
    const terminal = spawn('xterm', ['-geometry', '120x40+0+0'], { env, stdio: 'ignore' });
    onTestFinished(() => void terminal.kill());
    await waitFor(() => shapes.length > count, { timeoutMs: 10_000, what: 'another shape' });
    const told = shapes.length;
    watch.repeat();
    expect(shapes).toHaveLength(told + 1);
  });

  it('follows the size of the screen', async () => {
    const { positions, hand, env, shapes } = await watched();
    hand.move(160, 90);
    await waitFor(() => positions.at(-1)?.x === 0.25 && shapes.length > 0, { what: 'the place' });
    execFileSync('xrandr', ['--newmode', 'small', '0', ...'320 0 0 320 180 0 0 180'.split(' ')], {
      env,
    });
    execFileSync('xrandr', ['--addmode', 'screen', 'small'], { env });
    execFileSync('xrandr', ['--output', 'screen', '--mode', 'small'], { env });
    await waitFor(() => positions.at(-1)?.x === 0.5, { what: 'the place on the smaller screen' });
    await waitFor(() => shapes.at(-1)?.pictureWidth === 320, { what: 'the shape to scale' });
  });

  it('whose owner has gone, so that it cannot be read, is followed on', async () => {
    const { positions, shapes, hand, env, isLost } = await watched();
    await waitFor(() => shapes.length > 0, { what: 'a shape' });
    execFileSync('xsetroot', ['-cursor_name', 'gumby'], { env });
    hand.move(160, 90);
    await waitFor(() => positions.at(-1)?.x === 0.25, { what: 'the place' });
    hand.move(320, 90);
    await waitFor(() => positions.at(-1)?.x === 0.5, { what: 'the next place' });
    const count = shapes.length;
    hand.wearDot();
    await waitFor(() => shapes.length > count, { what: 'the shape of another owner' });
    expect(isLost()).toBe(false);
  });

  it('is lost with its display', async () => {
    const { display, isLost } = await watched();
    await display.close();
    await waitFor(isLost, { what: 'the loss' });
  });
});
