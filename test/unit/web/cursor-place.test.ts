import { describe, expect, it } from 'vitest';
import type { CursorShape } from '../../../gateway/protocol/cursor.ts';
import { cursorBox } from '../../../web/core/cursor-place.ts';
import { pictureBox } from '../../../web/core/picture-box.ts';

const boxOf = (
  element: readonly [number, number],
  picture: readonly [number, number],
  objectFit: string,
  objectPosition = '50% 50%',
) => {
  const size = ([width, height]: readonly [number, number]) => ({ width, height });
  const box = pictureBox(size(element), size(picture), { objectFit, objectPosition });
  return [box.x, box.y, box.width, box.height];
};

describe('pictureBox', () => {
  it.each([
    ['bars left and right', [1000, 360], [1280, 720], 'contain', [180, 0, 640, 360]],
    ['bars above and below', [390, 700], [1280, 720], 'contain', [0, 240.3125, 390, 219.375]],
    ['a picture that is cut', [360, 360], [1280, 720], 'cover', [-140, 0, 640, 360]],
    ['a stretched one', [400, 400], [1280, 720], 'fill', [0, 0, 400, 400]],
    ['one in its own size', [1000, 1000], [640, 360], 'none', [180, 320, 640, 360]],
    ['a small one', [1000, 1000], [640, 360], 'scale-down', [180, 320, 640, 360]],
    ['a large one that is scaled down', [320, 320], [640, 360], 'scale-down', [0, 70, 320, 180]],
  ] as const)('finds %s', (_what, element, picture, fit, expected) => {
    expect(boxOf(element, picture, fit)).toEqual(expected);
  });

  it('heeds where the picture is put', () => {
    expect(boxOf([1000, 360], [640, 360], 'contain', '0% 0%')).toEqual([0, 0, 640, 360]);
    expect(boxOf([1000, 360], [640, 360], 'contain', '100% 50%')).toEqual([360, 0, 640, 360]);
    expect(boxOf([1000, 360], [640, 360], 'contain', '12px 4px')).toEqual([12, 4, 640, 360]);
    expect(boxOf([1000, 360], [640, 360], 'contain', 'calc(1px + 2%)')).toEqual([180, 0, 640, 360]);
  });
});

describe('cursorBox', () => {
  const picture = { x: 100, y: 50, width: 640, height: 360 };
  const shape = (over: Partial<CursorShape> = {}): CursorShape => ({
    type: 'cursor/shape',
    width: 24,
    height: 32,
    hotX: 4,
    hotY: 8,
    png: '',
    ...over,
  });
  const at = (x: number, y: number) => ({ type: 'cursor/position', x, y, visible: true }) as const;

  it('puts the hotspot on the place, in the size of the shape', () => {
    expect(cursorBox(shape(), at(0.5, 0.25), picture)).toEqual({
      x: 100 + 320 - 4,
      y: 50 + 90 - 8,
      width: 24,
      height: 32,
    });
  });

  it('is as large as in the picture, hotspot and all', () => {
    expect(cursorBox(shape({ pictureWidth: 320 }), at(0, 1), picture)).toEqual({
      x: 100 - 8,
      y: 50 + 360 - 16,
      width: 48,
      height: 64,
    });
  });

  it('does not get too small to see', () => {
    expect(cursorBox(shape({ pictureWidth: 6400 }), at(0, 0), picture)).toMatchObject({
      width: 12,
      height: 16,
    });
    expect(cursorBox(shape({ height: 2, pictureWidth: 6400 }), at(0, 0), picture).height).toBe(2);
  });
});
