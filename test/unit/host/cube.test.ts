import { describe, expect, it } from 'vitest';
import { FIRST_STATE, advance } from '../../../host-publisher/media/cube/cube-state.ts';
import { FrameClock } from '../../../host-publisher/media/cube/frame-clock.ts';
import { projectCube } from '../../../host-publisher/media/cube/geometry.ts';
import { I420Frame } from '../../../host-publisher/media/cube/i420-frame.ts';
import { CubeScene } from '../../../host-publisher/media/cube/scene.ts';
import { drawTimeCode } from '../../../host-publisher/media/cube/time-code.ts';

const MOMENTS = Array.from({ length: 200 }, (_, index) => index * 0.171);

const area = (corners: readonly { x: number; y: number }[]): number =>
  corners.reduce((sum, from, index) => {
    const to = corners[(index + 1) % corners.length] ?? from;
    return sum + (from.x * to.y - to.x * from.y) / 2;
  }, 0);

describe('the cube', () => {
  it('shows one to three sides, all turned to the eye and inside the picture', () => {
    for (const moment of MOMENTS) {
      const sides = projectCube(advance(FIRST_STATE, moment), 1280, 720);
      expect(sides.length).toBeGreaterThanOrEqual(1);
      expect(sides.length).toBeLessThanOrEqual(3);
      for (const { corners, brightness } of sides) {
        // The screen's y points down, so counter-clockwise comes out negative.
        expect(area(corners)).toBeLessThan(0);
        expect(brightness).toBeGreaterThan(0.3);
        expect(brightness).toBeLessThanOrEqual(1.0001);
        for (const { x, y } of corners) {
          expect(x).toBeGreaterThan(0);
          expect(x).toBeLessThan(1280);
          expect(y).toBeGreaterThan(0);
          expect(y).toBeLessThan(720);
        }
      }
    }
  });

  it('begins with its front side alone, square and in the middle', () => {
    const [front, ...others] = projectCube(FIRST_STATE, 640, 360);
    expect(others).toEqual([]);
    expect(front?.index).toBe(0);
    const xs = front?.corners.map(({ x }) => x) ?? [];
    expect(Math.min(...xs) + Math.max(...xs)).toBeCloseTo(640, 6);
  });

  it('shows every side in the course of its turn', () => {
    const seen = new Set(
      MOMENTS.flatMap((at) =>
        projectCube(advance(FIRST_STATE, at), 64, 64).map(({ index }) => index),
      ),
    );
    expect([...seen].toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('is the same picture for the same moment and another one for another', () => {
    const paint = (seconds: number) => {
      const scene = new CubeScene(320, 180);
      scene.turnTo(seconds);
      return Buffer.from(scene.paint(1, 1));
    };
    expect(paint(1).equals(paint(1))).toBe(true);
    expect(paint(1).equals(paint(1.05))).toBe(false);
  });
});

describe('an I420 frame', () => {
  it.each([
    [1280, 720, 1_382_400],
    [66, 66, 68 * 66 + 2 * 36 * 33],
  ])('%d x %d has the size that GStreamer expects', (width, height, bytes) => {
    expect(new I420Frame(width, height).bytes.length).toBe(bytes);
  });

  it('fills the pixels whose centres lie in the polygon, and no others', () => {
    const frame = new I420Frame(16, 16);
    const square = [
      { x: 4, y: 4 },
      { x: 12, y: 4 },
      { x: 12, y: 12 },
      { x: 4, y: 12 },
    ];
    frame.fillPolygon(square, { y: 200, u: 90, v: 60 });
    const luma = frame.bytes.subarray(0, 256);
    expect(luma.filter((value) => value === 200)).toHaveLength(64);
    expect(luma[4 * 16 + 4]).toBe(200);
    expect(luma[3 * 16 + 4]).toBe(0);
    expect(luma[11 * 16 + 11]).toBe(200);
    expect(luma[12 * 16 + 11]).toBe(0);
    expect(frame.bytes.subarray(256, 320).filter((value) => value === 90)).toHaveLength(16);
    expect(frame.bytes.subarray(320).filter((value) => value === 60)).toHaveLength(16);
  });

  it('cuts off what lies outside', () => {
    const frame = new I420Frame(16, 16);
    const large = [
      { x: -50, y: -50 },
      { x: 50, y: -50 },
      { x: 50, y: 50 },
      { x: -50, y: 50 },
    ];
    frame.fillPolygon(large, { y: 7, u: 7, v: 7 });
    expect(frame.bytes.every((value) => value === 7)).toBe(true);
  });
});

describe('the time code', () => {
  it.each([640, 1000, 1280])('can be read back from a picture %d wide', (width) => {
    const frame = new I420Frame(width, 360);
    drawTimeCode(frame, 1_795_279_656_234, 0x1234567);
    const block = width / 64;
    let code = 0n;
    for (let column = 0; column < 64; column += 1) {
      const x = Math.floor((column + 0.5) * block);
      const first = frame.bytes[Math.floor(0.5 * block) * width + x] ?? 0;
      const second = frame.bytes[Math.floor(1.5 * block) * width + x] ?? 0;
      expect(Math.abs(first - second)).toBeGreaterThan(200);
      code = (code << 1n) | (first > second ? 1n : 0n);
    }
    expect(Number(code >> 20n)).toBe(1_795_279_656_234);
    expect(Number(code & 0xfffffn)).toBe(0x34567);
  });
});

describe('numbers in the picture', () => {
  const readNumber = (bytes: Buffer, width: number, firstRow: number): number => {
    const [block, rowHeight] = [width / 32, Math.round(width / 64)];
    let code = 0n;
    for (let column = 0; column < 32; column += 1) {
      const x = Math.floor((column + 0.5) * block);
      const first = bytes[Math.floor((firstRow + 0.5) * rowHeight) * width + x] ?? 0;
      const second = bytes[Math.floor((firstRow + 1.5) * rowHeight) * width + x] ?? 0;
      expect(Math.abs(first - second)).toBeGreaterThan(200);
      code = (code << 1n) | (first > second ? 1n : 0n);
    }
    return Number(code);
  };
  const HELD_ROW = 32;

  it('show the input from the next frame on, below the time code', () => {
    const scene = new CubeScene(640, 360);
    const without = Buffer.from(scene.paint(5, 6));
    scene.mark(0xdead_beef);
    const marked = Buffer.from(scene.paint(5, 6));
    expect(readNumber(marked, 640, 2)).toBe(0xdead_beef);
    expect(marked.subarray(0, 640 * 20).equals(without.subarray(0, 640 * 20))).toBe(true);
    scene.mark(7);
    expect(readNumber(scene.paint(5, 6), 640, 2)).toBe(7);
  });

  it('show what is held, at the bottom, and nothing of it once it is let go', () => {
    const scene = new CubeScene(640, 360);
    scene.inject(
      [
        { type: 'button', button: 2, down: true },
        { type: 'key', code: 'KeyA', keysym: 0x61, down: true },
        { type: 'key', code: 'KeyB', keysym: 0x62, down: true },
        { type: 'touch', id: 9, x: 0.5, y: 0.5, phase: 'begin' },
      ],
      false,
    );
    const held = (0b00100 << 27) | (1 << 23) | (2 << 17);
    expect(readNumber(scene.paint(5, 6), 640, HELD_ROW) | 0).toBe(held);
    expect(readNumber(scene.paint(5, 6), 640, HELD_ROW + 2)).toBe(0x62);
    scene.inject([], true);
    expect(readNumber(scene.paint(5, 6), 640, HELD_ROW)).toBe(0);
    expect(readNumber(scene.paint(5, 6), 640, HELD_ROW + 2)).toBe(0x62);
  });
});

describe('the frame clock', () => {
  it('gives each frame once, at its time', () => {
    const clock = new FrameClock(30, 1000);
    expect(clock.due(1000)).toBe(0);
    expect(clock.due(1000)).toBeNull();
    expect(clock.waitMs(1000)).toBeCloseTo(33.33, 1);
    expect(clock.due(1034)).toBe(1);
  });

  it('leaves out what is late, and never goes back', () => {
    const clock = new FrameClock(30, 0);
    expect(clock.due(0)).toBe(0);
    expect(clock.due(500)).toBe(15);
    expect(clock.due(501)).toBeNull();
    expect(clock.waitMs(501)).toBeCloseTo(32.33, 1);
  });

  it('has exact times without drift', () => {
    const clock = new FrameClock(30, 0);
    expect(clock.timeNs(30)).toBe(1_000_000_000n);
    expect(clock.timeNs(108_000)).toBe(3_600_000_000_000n);
  });
});
