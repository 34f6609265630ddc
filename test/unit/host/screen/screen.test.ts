import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fitScreen } from '../../../../host-publisher/screen/fit-screen.ts';
import { Settling } from '../../../../host-publisher/screen/settling.ts';
import {
  encodeXSettings,
  settingsOf,
  withResources,
} from '../../../../host-publisher/screen/xsettings.ts';

const LARGEST = { width: 1920, height: 1080 };
const fitted = (width: number, height: number, scale = 1) =>
  fitScreen({ width, height, scale }, LARGEST);

describe('the screen of a viewport', () => {
  it('[SCREEN-01] has its pixels, even ones', () => {
    expect(fitted(1001, 777).size).toEqual({ width: 1002, height: 778 });
    expect(fitted(640, 360, 2)).toEqual({ size: { width: 1280, height: 720 }, scale: 2 });
    expect(fitted(1280, 720, 1.25)).toEqual({ size: { width: 1600, height: 900 }, scale: 1.25 });
  });

  it('[SCREEN-01] is never larger than the display allows, of the same shape, and never tiny', () => {
    expect(fitted(3840, 2160)).toEqual({ size: LARGEST, scale: 1 });
    expect(fitted(1280, 800, 2)).toEqual({ size: { width: 1728, height: 1080 }, scale: 1.35 });
    expect(fitted(16_384, 16_384, 8).size).toEqual({ width: 1080, height: 1080 });
    expect(fitted(1, 1, 0.25)).toEqual({ size: { width: 320, height: 240 }, scale: 0.5 });
    expect(
      fitScreen({ width: 999, height: 999, scale: 1 }, { width: 801, height: 601 }).size,
    ).toEqual({
      width: 600,
      height: 600,
    });
  });
});

describe('wishes that settle', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const settling = () => {
    const done: number[] = [];
    const wishes = new Settling<number>(
      (wish) => {
        done.push(wish);
        return Promise.resolve();
      },
      () => Date.now(),
    );
    return { done, wishes };
  };

  it.each([200, 350])(
    '[SCREEN-02] a storm, one each %i ms, becomes few, and ends with the last',
    async (everyMs) => {
      const { done, wishes } = settling();
      for (let wish = 1; wish <= 50; wish += 1) {
        wishes.wish(wish);
        await vi.advanceTimersByTimeAsync(everyMs);
      }
      await vi.advanceTimersByTimeAsync(2_000);
      expect(done.length).toBeLessThanOrEqual(5);
      expect(done.at(-1)).toBe(50);
    },
  );

  it('[SCREEN-02] one alone is done soon, each time', async () => {
    const { done, wishes } = settling();
    for (const wish of [1, 2, 3]) {
      wishes.wish(wish);
      await vi.advanceTimersByTimeAsync(100);
      expect(done.at(-1)).toBe(wish);
      await vi.advanceTimersByTimeAsync(3_000);
    }
  });

  it('[SCREEN-02] nothing is done after the end', async () => {
    const { done, wishes } = settling();
    wishes.wish(1);
    await wishes.close();
    wishes.wish(2);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(done).toEqual([]);
  });
});

describe('how large programs draw', () => {
  it('[SCREEN-04] is told to GTK by whole factors and the rest by letters', () => {
    expect(settingsOf(1)).toMatchObject({ 'Xft/DPI': 98_304, 'Gdk/WindowScalingFactor': 1 });
    expect(settingsOf(1.5)).toMatchObject({ 'Xft/DPI': 147_456, 'Gdk/UnscaledDPI': 147_456 });
    expect(settingsOf(2)).toEqual({
      'Xft/DPI': 196_608,
      'Gdk/WindowScalingFactor': 2,
      'Gdk/UnscaledDPI': 98_304,
      'Gtk/CursorThemeSize': 48,
    });
  });

  it('[SCREEN-04] is encoded as XSETTINGS says', () => {
    expect(encodeXSettings({ 'Xft/DPI': 98_304 }, 7).toString('hex')).toBe(
      '00000000' +
        '07000000' +
        '01000000' +
        '0000' +
        '0700' +
        '5866742f44504900' +
        '07000000' +
        '00800100',
    );
  });

  it('[SCREEN-04] replaces two resources and leaves the others', () => {
    const before = 'Xft.dpi:\t96\n*color0:\tblack\nXft.dpiX: 1\n';
    expect(withResources(before, 1.5)).toBe(
      '*color0:\tblack\nXft.dpiX: 1\nXft.dpi:\t144\nXcursor.size:\t36\n',
    );
    expect(withResources('', 1)).toBe('Xft.dpi:\t96\nXcursor.size:\t24\n');
  });
});
