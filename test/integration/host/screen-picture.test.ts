import { expect, it, onTestFinished } from 'vitest';
import type { PictureSize } from '../../../gateway/protocol/host.ts';
import { Adaptation } from '../../../host-publisher/adaptation/adaptation.ts';
import { FREE } from '../../../host-publisher/adaptation/tuning.ts';
import { describeEncoding } from '../../../host-publisher/media/encoding/branch.ts';
import { EncodingControl } from '../../../host-publisher/media/encoding/encoding-control.ts';
import { ENCODERS } from '../../../host-publisher/media/encoding/encoders.ts';
import { describeShape } from '../../../host-publisher/media/encoding/shape.ts';
import { loadGst } from '../../../host-publisher/media/gstreamer/native.ts';
import { Pipeline } from '../../../host-publisher/media/gstreamer/pipeline.ts';
import { TRIAL_SINK } from '../../../host-publisher/media/gstreamer/trial.ts';
import { FIT_ELEMENT, screenCaps } from '../../../host-publisher/media/sources/fitting.ts';
import { describeX11 } from '../../../host-publisher/media/sources/x11-source.ts';
import { ScreenDesk } from '../../../host-publisher/screen/screen-desk.ts';
import { aPlan } from '../../support/host/a-plan.ts';
import { codedSize } from '../../support/host/coded-size.ts';
import { openVirtualDisplay } from '../../support/host/virtual-display.ts';
import { waitFor } from '../../support/wait-for.ts';

const MOST = { width: 640, height: 360, fps: 30, bitrateKbps: 2_000 };

it('[SCREEN-05] a desktop’s picture takes its screen’s size while it plays, and goes back', async () => {
  const display = await openVirtualDisplay({ width: 1280, height: 800 });
  onTestFinished(() => display.close());
  const gst = loadGst();
  gst.init(null, null, [null]);
  const encoder = ENCODERS.find(({ element }) => element === 'x264enc');
  if (encoder === undefined) throw new Error('no x264enc in the table');
  const plan = aPlan({ source: 'desktop', display: display.name, picture: MOST });
  const pipeline = Pipeline.parse(
    gst,
    `${describeX11(plan, null).text} ! ${describeShape(MOST)} ! ${describeEncoding(encoder, MOST)} ! ${TRIAL_SINK}`,
  );
  onTestFinished(() => pipeline.close());
  const encoding = new EncodingControl(pipeline, encoder);
  const adaptation = new Adaptation({
    goal: { most: MOST, content: 'text' },
    fixed: FREE,
    apply: (picture, former) => encoding.change(picture, former),
    pause: () => undefined,
    tell: () => undefined,
  });
  const sizes: string[] = [];
  pipeline.onBuffer('trial', (bytes) => {
    const size = codedSize(bytes, encoder.codec);
    if (size !== null) sizes.push(size);
  });
  await pipeline.play();
  await waitFor(() => sizes.at(-1) === '640x360', { what: 'the first picture' });
  const desk = new ScreenDesk({
    ...{ display: display.name, resize: 'auto', largest: { width: 1920, height: 1080 } },
    onSize: (size) => {
      const picture: PictureSize = size ?? MOST;
      pipeline.set(FIT_ELEMENT, 'caps', screenCaps({ ...MOST, ...picture }));
      adaptation.resize(picture);
    },
    say: () => undefined,
  });
  onTestFinished(() => desk.close());
  await desk.ready;
  desk.driven(true);
  for (const [width, height] of [
    [1000, 700],
    [480, 640],
    [1280, 800],
  ] as const) {
    desk.follow({ width, height, scale: 1 });
    await waitFor(() => sizes.at(-1) === `${width}x${height}`, { what: `${width}x${height}` });
  }
  desk.driven(false);
  await waitFor(() => sizes.at(-1) === '640x360', { what: 'the size of before' });
  expect(new Set(sizes)).toEqual(new Set(['640x360', '1000x700', '480x640', '1280x800']));
});
