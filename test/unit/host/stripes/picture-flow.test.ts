import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AMPLE, FlowStage } from '../../../support/host/stripes/flow-stage.ts';
import { PaintedPicture } from '../../../support/host/stripes/raw-picture.ts';

beforeEach(() => void vi.useFakeTimers());

const SIZE = [32, 720] as const;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const show = async (stage: FlowStage, picture: PaintedPicture, ms = 33): Promise<void> => {
  stage.flow.frame(picture.pixels, picture.info());
  await pass(ms);
};
const shown = ({ viewer }: FlowStage, picture: PaintedPicture) =>
  viewer.pixels.equals(picture.pixels);
/** A picture that was sent in full and whose rows have come to rest. */
const settled = async (stage: FlowStage): Promise<PaintedPicture> => {
  const picture = new PaintedPicture(...SIZE);
  await show(stage, picture, 3_000);
  stage.viewer.stripes.length = 0;
  return picture;
};

describe('pictures on their way', () => {
  it('[MEDIA-51] are sent as the rows that changed, and not at all where nothing did', async () => {
    const stage = new FlowStage(['jpeg-striped']);
    const picture = await settled(stage);
    await show(stage, picture.paint(100, 2, 7));
    expect(stage.viewer.stripes.map(({ y, isLast }) => [y, isLast])).toEqual([[96, true]]);
    await show(stage, picture);
    await show(stage, picture.paint(0, 2, 9).paint(718, 2, 9));
    expect(stage.viewer.stripes.map(({ y }) => y)).toEqual([96, 0, 672]);
    expect(shown(stage, picture)).toBe(true);
    expect(stage.meter.read(Date.now())).toMatchObject({ frames: 3, stripes: 11 + 8 * 2 });
  });

  it('[MEDIA-51] that change back and forth while nothing can leave are not sent', async () => {
    const stage = new FlowStage(['jpeg-striped']);
    const picture = await settled(stage);
    stage.isFull = true;
    await show(stage, picture.paint(0, 96, 1));
    await show(stage, picture.paint(0, 96, 128));
    stage.isFull = false;
    stage.flow.wake();
    await pass(100);
    expect(stage.viewer.stripes).toEqual([]);
  });

  it('[MEDIA-53] begin anew at a wish, at once where nothing changes', async () => {
    const stage = new FlowStage(['x264enc-striped']);
    await settled(stage);
    stage.flow.key();
    await pass(20);
    const { stripes } = stage.viewer;
    expect(stripes.map(({ y, isKey }) => [y, isKey])).toEqual(
      [0, 144, 288, 432, 576].map((y) => [y, true]),
    );
    expect(new Set(stripes.map(({ frame }) => frame)).size).toBe(1);
  });

  it('[MEDIA-54] of another size, colour or quality of H.264 are another layout of keys', async () => {
    const stage = new FlowStage(['x264enc-striped']);
    const picture = await settled(stage);
    const small = new PaintedPicture(64, 302);
    await show(stage, small);
    expect(stage.viewer.stripes.every(({ isKey, width }) => isKey && width === 64)).toBe(true);
    expect(shown(stage, small)).toBe(true);
    await show(stage, picture);
    stage.flow.frame(picture.pixels, { ...picture.info(), colorimetry: 'bt601' });
    await pass(33);
    stage.flow.tune({ ...AMPLE, quality: 80 });
    await show(stage, picture);
    expect(stage.opened).toHaveLength(5);
    expect(stage.opened.slice(0, -1).every(({ isClosed }) => isClosed)).toBe(true);
    expect(new Set(stage.viewer.stripes.map(({ layout }) => layout)).size).toBe(4);
    expect(shown(stage, picture)).toBe(true);
  });

  it('[MEDIA-55] are sent once more, better, when rows are still for half a second', async () => {
    const stage = new FlowStage(['jpeg-striped']);
    const picture = await settled(stage);
    await show(stage, picture.paint(0, 2, 7), 400);
    expect(stage.viewer.stripes.map(({ isRefined }) => isRefined)).toEqual([false]);
    await pass(300);
    expect(stage.viewer.stripes.map(({ y, isRefined }) => [y, isRefined])).toEqual([
      [0, false],
      [0, true],
      [0, true],
    ]);
    await pass(60_000);
    expect(stage.viewer.stripes).toHaveLength(3);
  });

  it('[MEDIA-55] are not refined while the bitrate has no room for it, nor for nobody', async () => {
    const stage = new FlowStage(['jpeg-striped']);
    const picture = await settled(stage);
    // A row of 32x96 has 4,632 bytes here.
    stage.flow.tune({ ...AMPLE, bitrateKbps: 20 });
    await show(stage, picture.paint(0, 2, 7), 900);
    expect(stage.viewer.stripes).toHaveLength(1);
    await pass(1_000);
    expect(stage.viewer.stripes.map(({ isRefined }) => isRefined)).toEqual([false, true]);
    stage.flow.rest();
    await pass(10_000);
    expect(stage.viewer.stripes).toHaveLength(2);
  });

  it('[MEDIA-56] stay below the bitrate, whatever they cost; quality goes first', async () => {
    const stage = new FlowStage(['jpeg-striped']);
    const picture = await settled(stage);
    const kbps = 800;
    stage.flow.tune({ ...AMPLE, bitrateKbps: kbps });
    const beganMs = Date.now();
    for (let frame = 0; frame < 300; frame += 1) {
      await show(stage, picture.paint(0, 720, frame % 256));
    }
    const bytes = stage.viewer.stripes.reduce((sum, { payload }) => sum + payload.length + 24, 0);
    const passedMs = Date.now() - beganMs;
    const [burst, picture1] = [(kbps / 8) * 250, 36_000];
    expect(bytes).toBeLessThan((kbps / 8) * passedMs + burst + picture1);
    expect(bytes).toBeGreaterThan(0.8 * (kbps / 8) * passedMs);
    expect(stage.rows.share).toBeLessThan(0.1);
    expect(stage.meter.read(Date.now()).skippedRate).toBeGreaterThan(100);
    await pass(1_000);
    expect(shown(stage, picture)).toBe(true);
    await show(stage, picture.paint(0, 2, 3), 2_000);
    await show(stage, picture.paint(0, 2, 4), 2_000);
    expect(stage.rows.share).toBe(1);
  });

  it('[MEDIA-57] wait for room on the path, and only the newest does', async () => {
    const stage = new FlowStage(['x264enc-striped']);
    const picture = await settled(stage);
    stage.isFull = true;
    for (let value = 0; value < 5; value += 1) await show(stage, picture.paint(0, 144, value));
    expect(stage.viewer.stripes).toEqual([]);
    stage.isFull = false;
    stage.flow.wake();
    await pass(20);
    expect(stage.viewer.stripes).toHaveLength(1);
    expect(shown(stage, picture)).toBe(true);
    expect(stage.meter.read(Date.now()).skippedPath).toBe(4);
  });

  it('[MEDIA-57] wait for the encoder, and only the newest does', async () => {
    const stage = new FlowStage(['h264']);
    const picture = await settled(stage);
    for (let value = 0; value < 9; value += 1) {
      stage.flow.frame(picture.paint(0, 720, value).pixels, picture.info());
    }
    await pass(30);
    expect(stage.viewer.pictures).toHaveLength(1 + 2 + 2);
    expect(shown(stage, picture)).toBe(true);
  });

  it('[MEDIA-58] go on with the next encoder when one fails, with a sentence', async () => {
    const stage = new FlowStage(['x264enc-striped', 'jpeg-striped']);
    const picture = await settled(stage);
    stage.rows.failure = new Error('It broke.');
    await show(stage, picture.paint(0, 144, 1));
    await show(stage, picture, 100);
    expect(stage.notices).toEqual([
      'x264enc-striped does not work: It broke. jpeg-striped takes its place.',
    ]);
    expect(stage.encoders).toEqual(['jpeg-striped']);
    expect(stage.viewer.stripes.every(({ codec }) => codec === 'jpeg')).toBe(true);
    expect(shown(stage, picture)).toBe(true);
  });

  it('[MEDIA-58] say why when no encoder is left', async () => {
    const stage = new FlowStage(['x264enc-striped', 'jpeg-striped']);
    stage.missing = ['x264enc-striped', 'jpeg-striped'];
    await settled(stage);
    expect(stage.failed?.message).toBe('No plugin.');
    expect(stage.flow.isBarren).toBe(true);
  });

  it('[MEDIA-59] begin anew at another connection, and no part of one goes to both', async () => {
    const stage = new FlowStage(['x264enc-striped']);
    const picture = await settled(stage);
    stage.flow.frame(picture.paint(0, 720, 1).pixels, picture.info());
    await pass(6);
    stage.reconnect();
    await pass(60);
    expect(stage.viewer.stripes).toEqual([]);
    await show(stage, picture);
    expect(stage.viewer.stripes.filter(({ isKey }) => isKey)).toHaveLength(5);
    expect(shown(stage, picture)).toBe(true);
  });

  it('end with the encoders, also while these open', async () => {
    const stage = new FlowStage(['x264enc-striped']);
    const picture = new PaintedPicture(...SIZE);
    stage.flow.frame(picture.pixels, picture.info());
    await stage.flow.close();
    expect(stage.opened.every(({ isClosed }) => isClosed)).toBe(true);
    stage.flow.frame(picture.pixels, picture.info());
    await pass(1_000);
    expect(stage.viewer.stripes).toEqual([]);
  });
});
