import { HostError, toHostError } from '../../host-error.ts';
import { hasElement, packageOf, requireElements } from '../gstreamer/elements.ts';
import type { Gst } from '../gstreamer/native.ts';
import { TRIAL_SINK, trial } from '../gstreamer/trial.ts';
import type { EncoderFinding } from '../messages.ts';
import type { MediaPlan, Picture } from '../plan.ts';
import { describeEncoding, encodingElements } from './branch.ts';
import type { Encoder } from './encoder.ts';
import { ENCODERS } from './encoders.ts';

const TRIAL_FRAMES = 3;
/** A hardware encoder without its hardware may wait for ever. */
const TRIAL_MS = 4_000;

/** Encodes a few frames at the wanted size: an element that is there may still not work. */
export async function tryEncoder(
  gst: Gst,
  encoder: Encoder,
  picture: Picture,
): Promise<EncoderFinding> {
  const finding = { encoder: encoder.element, codec: encoder.codec };
  const missing = encodingElements(encoder).find((element) => !hasElement(gst, element));
  if (missing !== undefined) {
    const remark = encoder.hardware ? `no ${missing} here` : `Debian package ${packageOf(missing)}`;
    return { ...finding, works: false, remark };
  }
  const { width, height, fps } = picture;
  try {
    await trial(
      gst,
      `videotestsrc num-buffers=${TRIAL_FRAMES} ! ` +
        `video/x-raw,width=${width},height=${height},framerate=${fps}/1 ! ` +
        `${describeEncoding(encoder, picture)} ! ${TRIAL_SINK}`,
      TRIAL_MS,
    );
    return { ...finding, works: true, remark: encoder.hardware ? 'hardware' : 'software' };
  } catch (error) {
    return { ...finding, works: false, remark: toHostError(error, 'media').message };
  }
}

/** The first encoder of the table, or the wanted one, that works here; says before it tries one. */
export async function chooseEncoder(
  gst: Gst,
  plan: MediaPlan,
  trying: (encoder: string) => void,
): Promise<Encoder> {
  requireElements(gst, ['videotestsrc', 'videoconvert', 'appsink']);
  const tried: string[] = [];
  for (const encoder of ENCODERS) {
    if (plan.encoder !== null && plan.encoder !== encoder.element) continue;
    if (plan.excludedEncoders.includes(encoder.element)) {
      tried.push(`${encoder.element} (ended the media process)`);
      continue;
    }
    trying(encoder.element);
    const { works, remark } = await tryEncoder(gst, encoder, plan.picture);
    if (works) return encoder;
    tried.push(`${encoder.element} (${remark})`);
  }
  throw new HostError(
    'software-missing',
    `No encoder works here: ${tried.join(', ')}. ` +
      'On Debian: apt-get install gstreamer1.0-plugins-ugly gstreamer1.0-plugins-good',
  );
}
