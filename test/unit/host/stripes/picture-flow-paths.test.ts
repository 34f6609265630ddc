import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { StripesEncoder } from '../../../../host-publisher/stripes/stripes-encoder.ts';
import { AMPLE, FlowStage } from '../../../support/host/stripes/flow-stage.ts';
import { PaintedPicture } from '../../../support/host/stripes/raw-picture.ts';

beforeEach(() => void vi.useFakeTimers());

const [WIDTH, HEIGHT] = [16, 400];
const HEIGHTS = [400, 402, 130];
const anyStep = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('paint' as const),
      y: fc.integer({ min: 0, max: HEIGHT / 2 - 1 }).map((half) => 2 * half),
      rows: fc.integer({ min: 1, max: 100 }).map((half) => 2 * half),
      value: fc.nat(255),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(60) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('full' as const), is: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('key' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reconnect' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rest' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('size' as const),
      height: fc.constantFrom(...HEIGHTS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('tune' as const),
      bitrateKbps: fc.constantFrom(200, 2_000, 100_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('break' as const) }) },
);
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

async function play(stage: FlowStage, steps: readonly Step[]): Promise<PaintedPicture> {
  let picture = new PaintedPicture(WIDTH, HEIGHT);
  const give = () => stage.flow.frame(picture.pixels, picture.info());
  for (const step of steps) {
    switch (step.kind) {
      case 'paint': {
        const rows = Math.min(step.rows, picture.height - step.y);
        if (rows > 0) picture.paint(step.y, rows, step.value);
        give();
        break;
      }
      case 'pass':
        await vi.advanceTimersByTimeAsync(step.ms);
        break;
      case 'full':
        stage.isFull = step.is;
        if (!step.is) stage.flow.wake();
        break;
      case 'key':
        stage.flow.key();
        break;
      case 'reconnect':
        stage.reconnect();
        break;
      case 'rest':
        stage.flow.rest();
        break;
      case 'size':
        picture = new PaintedPicture(WIDTH, step.height);
        give();
        break;
      case 'tune':
        stage.flow.tune({ ...AMPLE, bitrateKbps: step.bitrateKbps });
        break;
      case 'break': {
        const open = stage.opened.at(-1);
        if (open !== undefined && stage.opened.length === 1) open.failure = new Error('broken');
      }
    }
  }
  give();
  return picture;
}

describe('who follows the stripes', () => {
  it('[MEDIA-52] always ends with the newest picture, and is never sent what it cannot decode', async () => {
    const anyOrder = fc.shuffledSubarray([...StripesEncoder.options], { minLength: 2 });
    await fc.assert(
      fc.asyncProperty(anyOrder, fc.array(anyStep, { maxLength: 60 }), async (order, steps) => {
        const stage = new FlowStage(order);
        const picture = await play(stage, steps);
        stage.isFull = false;
        stage.flow.tune(AMPLE);
        stage.flow.wake();
        await vi.advanceTimersByTimeAsync(2_000);
        expect(stage.viewer.pixels.equals(picture.pixels)).toBe(true);
        const { pictures } = stage.viewer;
        const next = pictures.slice(1).map((frame, at) => (frame - (pictures[at] ?? 0)) >>> 0);
        expect(next.every((step) => step >= 1 && step <= 3)).toBe(true);
        await stage.flow.close();
      }),
      { numRuns: 150 },
    );
  });
});
