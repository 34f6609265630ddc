import { readdirSync } from 'node:fs';
import { HostError } from '../../host-error.ts';
import { requireElements } from '../gstreamer/elements.ts';
import type { Gst } from '../gstreamer/native.ts';
import { offeredCaps } from '../gstreamer/offered-caps.ts';
import type { MediaPlan, Picture } from '../plan.ts';
import { chooseMode, perSecond, readModes, type CameraMode } from './camera-modes.ts';
import { fitted, rawCaps } from './fitting.ts';
import type { Source } from './feed.ts';

const DEVICE = /^video\d+$/;
const HINT =
  'Name one by --device /dev/video0; the account that runs this must be in the group "video".';

/** A camera by Video4Linux, in the mode nearest to the wanted picture. */
export async function openCamera(gst: Gst, { device, picture }: MediaPlan): Promise<Source> {
  requireElements(gst, ['v4l2src']);
  const candidates = device === null ? listDevices() : [device];
  if (candidates.length === 0) {
    throw new HostError('source-missing', `There is no camera: /dev has no video device. ${HINT}`);
  }
  for (const candidate of candidates) {
    const head = `v4l2src device="${candidate}"`;
    const caps = await offeredCaps(gst, head);
    const mode = caps === null ? null : chooseMode(readModes(caps, picture), picture);
    // A camera has further devices that give no pictures.
    if (mode !== null) return { ...describeCamera(head, mode, picture), sound: null, feed: null };
  }
  throw new HostError(
    'source-missing',
    `${candidates.join(', ')} gives no pictures: it is no camera, may not be opened, or another program has it. ${HINT}`,
  );
}

/** From a camera in one of its modes to frames of the picture. */
export function describeCamera(
  head: string,
  { kind, format, width, height, rate }: CameraMode,
  picture: Picture,
): Pick<Source, 'elements' | 'text'> {
  const size = `width=${width},height=${height},framerate=${rate}`;
  const mode =
    kind === 'jpeg'
      ? `image/jpeg,${size} ! jpegdec`
      : `video/x-raw,${format === null ? '' : `format=${format},`}${size}`;
  const fit = fitted(rawCaps(picture));
  const decoder = kind === 'jpeg' ? ['jpegdec'] : [];
  if (perSecond(rate) >= picture.fps) {
    return { elements: [...decoder, ...fit.elements], text: `${head} ! ${mode} ! ${fit.text}` };
  }
  return {
    elements: [...decoder, ...fit.elements],
    // Slower than wanted: frames are shown twice, for the length of one more.
    text: `${head} ! ${mode} ! videorate ! videoconvert ! videoscale add-borders=true ! ${rawCaps(picture)}`,
  };
}

function listDevices(): string[] {
  return readdirSync('/dev')
    .filter((name) => DEVICE.test(name))
    .toSorted((a, b) => Number(a.slice(5)) - Number(b.slice(5)))
    .map((name) => `/dev/${name}`);
}
