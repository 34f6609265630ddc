import { describe, expect, test } from 'vitest';
import { describeEncoding } from '../../../host-publisher/media/encoding/branch.ts';
import type { Encoder } from '../../../host-publisher/media/encoding/encoder.ts';
import { ENCODERS } from '../../../host-publisher/media/encoding/encoders.ts';
import { tryEncoder } from '../../../host-publisher/media/encoding/probe.ts';
import {
  SHAPE_ELEMENT,
  describeShape,
  shapeCaps,
} from '../../../host-publisher/media/encoding/shape.ts';
import { loadGst } from '../../../host-publisher/media/gstreamer/native.ts';
import { Pipeline } from '../../../host-publisher/media/gstreamer/pipeline.ts';
import { TRIAL_SINK } from '../../../host-publisher/media/gstreamer/trial.ts';
import { codedSize } from '../../support/host/coded-size.ts';
import { waitFor } from '../../support/wait-for.ts';

const gst = loadGst();
gst.init(null, null, [null]);
const WHOLE = { width: 640, height: 360, fps: 30, bitrateKbps: 800 };
const working: Encoder[] = [];
for (const encoder of ENCODERS) {
  if ((await tryEncoder(gst, encoder, WHOLE)).works) working.push(encoder);
}

describe('a picture that changes while it plays', () => {
  test.for(working)(
    'by $element: a new size begins with a key frame, a new rate drops frames evenly',
    async (encoder) => {
      const pipeline = Pipeline.parse(
        gst,
        `videotestsrc is-live=true ! ${shapeCaps(WHOLE)},format=I420 ! ` +
          `${describeShape(WHOLE)} ! ${describeEncoding(encoder, WHOLE)} ! ${TRIAL_SINK}`,
      );
      const frames: { readonly size: string | null; readonly atNs: bigint }[] = [];
      pipeline.onBuffer('trial', (bytes) => {
        frames.push({ size: codedSize(bytes, encoder.codec), atNs: pipeline.runningTimeNs });
      });
      const change = async (to: typeof WHOLE): Promise<void> => {
        pipeline.set(SHAPE_ELEMENT, 'caps', shapeCaps(to));
        const size = `${to.width}x${to.height}`;
        await waitFor(() => frames.findLast((frame) => frame.size !== null)?.size === size, {
          what: `a key frame of ${size}`,
        });
      };
      /** Frames that came while the pipeline went on by a second. */
      const count = async (): Promise<number> => {
        const fromNs = pipeline.runningTimeNs;
        await waitFor(() => pipeline.runningTimeNs > fromNs + 1_500_000_000n, { what: 'time' });
        return frames.filter(({ atNs }) => atNs > fromNs + 500_000_000n).length;
      };
      await pipeline.play();
      try {
        await waitFor(() => frames[0]?.size === '640x360', { what: 'the whole picture' });
        await change({ ...WHOLE, width: 320, height: 180 });
        await change({ ...WHOLE, width: 480, height: 270, fps: 10 });
        expect(await count()).toBeLessThanOrEqual(11);
        await change(WHOLE);
        await expect(Promise.race([pipeline.ended, Promise.resolve('plays')])).resolves.toBe(
          'plays',
        );
        expect(await count()).toBeGreaterThan(11);
      } finally {
        await pipeline.close();
      }
    },
  );
});
