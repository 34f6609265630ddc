import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PaintablePicture } from '../../../../web/core/stripes/picture-queue.ts';
import { PictureQueue } from '../../../../web/core/stripes/picture-queue.ts';
import { runs } from '../../../support/fuzz/runs.ts';
import { aStripe, FakeImage } from './a-stripe.ts';

function aQueue() {
  const painted: PaintablePicture<FakeImage>[] = [];
  const queue = new PictureQueue<FakeImage>((picture) => painted.push(picture));
  return { queue, painted };
}

const shown = ({ frame, stripes }: PaintablePicture<FakeImage>) => [
  frame,
  ...stripes.map(({ y, image }) => `${y}:${image.name}`),
];

describe('pictures of stripes', () => {
  test('[MEDIA-82] a picture is painted as soon as its last stripe is decoded, not before', () => {
    const { queue, painted } = aQueue();
    const first = queue.add(aStripe({ isLast: false }), 5);
    first(new FakeImage('a'));
    expect(painted).toEqual([]);
    const last = queue.add(aStripe({ y: 10, capturedAtUs: 7 }), 6);
    expect(painted).toEqual([]);
    last(new FakeImage('b'));
    expect(painted.map(shown)).toEqual([[1, '0:a', '10:b']]);
    expect(painted[0]).toMatchObject({ arrivedAtMs: 5, capturedAtUs: 1_000_000, pictures: 1 });
    expect(queue.length).toBe(0);
  });

  test('[MEDIA-82] pictures that are ready together are one, with the newest of each row', () => {
    const { queue, painted } = aQueue();
    const tickets = [
      queue.add(aStripe({ frame: 2 ** 32 - 1, isLast: false }), 0),
      queue.add(aStripe({ frame: 2 ** 32 - 1, y: 10 }), 0),
      queue.add(aStripe({ frame: 0 }), 1),
    ] as const;
    const images = ['a', 'b', 'c'].map((name) => new FakeImage(name));
    tickets[2](images[2] ?? null);
    tickets[0](images[0] ?? null);
    expect(painted).toEqual([]);
    tickets[1](images[1] ?? null);
    expect(painted.map(shown)).toEqual([[0, '0:c', '10:b']]);
    expect(painted[0]?.pictures).toBe(2);
    expect(images.map(({ closed }) => closed)).toEqual([1, 0, 0]);
  });

  test('[MEDIA-82] a stripe of which nothing came is left out; another number ends a picture', () => {
    const { queue, painted } = aQueue();
    queue.add(aStripe({ isLast: false }), 0)(null);
    expect(painted).toEqual([]);
    queue.add(aStripe({ frame: 2 }), 0)(new FakeImage('a'));
    expect(painted.map(shown)).toEqual([[2, '0:a']]);
  });

  test('[MEDIA-82] what belongs to a layout that is over is not painted', () => {
    const { queue, painted } = aQueue();
    const before = queue.add(aStripe(), 0);
    const after = queue.add(aStripe({ frame: 2, layout: 2, y: 10 }), 0);
    const old = new FakeImage('old');
    after(new FakeImage('new'));
    before(old);
    expect(painted.map(shown)).toEqual([[2, '10:new']]);
    expect(old.closed).toBe(1);
  });

  test('[MEDIA-82] what was cleared is closed, also when it is decoded later', () => {
    const { queue, painted } = aQueue();
    const done = new FakeImage();
    const late = new FakeImage();
    queue.add(aStripe({ isLast: false }), 0)(done);
    const ticket = queue.add(aStripe({ y: 10 }), 3);
    expect(queue.oldestAtMs).toBe(0);
    expect(queue.clear()).toBe(1);
    expect(queue.clear()).toBeNull();
    ticket(late);
    expect([done.closed, late.closed, painted.length]).toEqual([1, 1, 0]);
  });

  test('[MEDIA-82] however rows are decoded, each image is painted or closed once, in order', () => {
    const pictures = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(pictures, fc.infiniteStream(fc.nat(1_000)), (sizes, draws) => {
        const { queue, painted } = aQueue();
        const first = 2 ** 32 - 5;
        const all = sizes.flatMap((rows, n) =>
          Array.from({ length: rows }, (_, row) => {
            const frame = (first + n) >>> 0;
            const stripe = aStripe({ frame, y: row * 10, height: 40, isLast: row === rows - 1 });
            return { ticket: queue.add(stripe, n), image: new FakeImage(`${n}`) };
          }),
        );
        const waiting = [...all];
        while (waiting.length > 0) {
          const at = (draws.next().value ?? 0) % waiting.length;
          const [one] = waiting.splice(at, 1);
          one?.ticket(one.image);
        }
        const shownImages = painted.flatMap(({ stripes }) => stripes.map(({ image }) => image));
        for (const { image } of all) {
          expect(image.closed).toBe(shownImages.includes(image) ? 0 : 1);
        }
        const order = painted.map(({ arrivedAtMs }) => arrivedAtMs);
        expect(order).toEqual(order.toSorted((a, b) => a - b));
        expect(order.at(-1)).toBe(sizes.length - 1);
        expect(painted.reduce((sum, { pictures: count }) => sum + count, 0)).toBe(sizes.length);
        expect(queue.length).toBe(0);
      }),
      runs(300),
    );
  });
});
