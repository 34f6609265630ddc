import { describe, expect, it, onTestFinished } from 'vitest';
import { EncodingControl } from '../../../host-publisher/media/encoding/encoding-control.ts';
import { ENCODERS } from '../../../host-publisher/media/encoding/encoders.ts';
import { describeShape, shapeCaps } from '../../../host-publisher/media/encoding/shape.ts';
import { loadGst } from '../../../host-publisher/media/gstreamer/native.ts';
import { Pipeline } from '../../../host-publisher/media/gstreamer/pipeline.ts';
import { TRIAL_SINK } from '../../../host-publisher/media/gstreamer/trial.ts';
import { waitFor } from '../../support/wait-for.ts';

const gst = loadGst();
gst.init(null, null, [null]);
const WHOLE = { width: 320, height: 180, fps: 30, bitrateKbps: 500 };
const SLOW = { ...WHOLE, fps: 10 };
const SECOND_NS = 1_000_000_000n;

/** A source of 30 frames per second that can be stopped, and what is left of them for an encoder. */
async function play(first: typeof WHOLE) {
  const pipeline = Pipeline.parse(
    gst,
    `videotestsrc is-live=true ! ${shapeCaps(WHOLE)},format=I420 ! valve name=source ! ` +
      `${describeShape(first)} ! ${TRIAL_SINK}`,
  );
  onTestFinished(() => pipeline.close());
  const framesNs: bigint[] = [];
  pipeline.onBuffer('trial', () => void framesNs.push(pipeline.runningTimeNs));
  await pipeline.play();
  await waitFor(() => framesNs.length > 3, { what: 'frames' });
  const [encoder = expect.fail()] = ENCODERS;
  const control = new EncodingControl(pipeline, encoder);
  onTestFinished(() => control.close());
  const passed = (fromNs: bigint, forNs: bigint): Promise<unknown> =>
    waitFor(() => pipeline.runningTimeNs > fromNs + forNs, { what: 'time' });
  return {
    pipeline,
    control,
    /** Frames of the second after the next one comes. */
    frames: async (): Promise<number> => {
      const before = framesNs.length;
      await waitFor(() => framesNs.length > before, { what: 'a frame' });
      const fromNs = framesNs[before] ?? 0n;
      await passed(fromNs, SECOND_NS);
      return framesNs.filter((ns) => ns >= fromNs && ns < fromNs + SECOND_NS).length;
    },
    pass: (forNs: bigint) => passed(pipeline.runningTimeNs, forNs),
  };
}

describe('the rate of frames', () => {
  it('is kept after a pause', async () => {
    const { control, frames } = await play(SLOW);
    const resumed = Promise.withResolvers<undefined>();
    control.pause(900, () => resumed.resolve(undefined));
    await resumed.promise;
    expect(await frames()).toBeLessThanOrEqual(11);
  });

  it('is kept at once, however slow the source has been before', async () => {
    const { control, pipeline, frames, pass } = await play(WHOLE);
    pipeline.set('source', 'drop', 'true');
    await pass(2n * SECOND_NS);
    control.change(SLOW, WHOLE);
    pipeline.set('source', 'drop', 'false');
    expect(await frames()).toBeLessThanOrEqual(12);
  });
});
