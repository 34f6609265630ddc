import { onTestFinished } from 'vitest';
import type { Size } from '../../../host-publisher/cursor/picture-place.ts';
import type { Injection } from '../../../host-publisher/input/injection.ts';
import { X11Injector } from '../../../host-publisher/input/x11/x11-injector.ts';
import type { X11Options } from '../../../host-publisher/input/x11/x11-session.ts';
import { openVirtualDisplay, type VirtualDisplay } from './virtual-display.ts';

const SCREEN: Size = { width: 640, height: 360 };

/** A display of its own that ends with the test. */
export async function aDisplay(more: readonly string[] = []): Promise<VirtualDisplay> {
  const display = await openVirtualDisplay(SCREEN, more);
  onTestFinished(() => display.close());
  return display;
}

/** An injector for a display that ends with the test, and what it said. */
export async function anInjector(display: string, more: Partial<X11Options> = {}) {
  const lines: string[] = [];
  let resets = 0;
  const injector = new X11Injector({
    display,
    window: null,
    control: { keyboardMode: 'keysym', keyboardLayout: null },
    picture: () => SCREEN,
    say: (line) => void lines.push(line),
    onReset: () => void (resets += 1),
    ...more,
  });
  onTestFinished(() => injector.close());
  await injector.ready;
  const inject = (...acts: Injection[]): Promise<void> =>
    new Promise((resolve) => injector.inject(acts, resolve));
  return { injector, inject, lines, resets: () => resets };
}

/** A key that goes down, or up. */
export const key = (code: string, keysym: number, down: boolean): Injection => ({
  type: 'key',
  code,
  keysym,
  down,
});

/** A key that goes down and up again. */
export const tap = (code: string, keysym: number): [Injection, Injection] => [
  key(code, keysym, true),
  key(code, keysym, false),
];
