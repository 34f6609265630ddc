import { HostError, toHostError } from '../../host-error.ts';
import { hasElement, requireElements } from '../gstreamer/elements.ts';
import type { Gst } from '../gstreamer/native.ts';
import { TRIAL_SINK, trial } from '../gstreamer/trial.ts';
import type { MediaPlan, Picture } from '../plan.ts';
import { rawCaps } from '../sources/fitting.ts';
import type { Source } from '../sources/feed.ts';
import { CUBE_ELEMENT, CubeFeed } from './cube-feed.ts';
import { GL_CUBE_ELEMENTS, GlCube, describeGlCube } from './gl-cube.ts';
import { hasGraphicsCard } from './graphics-card.ts';

const TRIAL_MS = 6_000;

/** The rotating cube, painted by OpenGL or in software. */
export async function openCube(
  gst: Gst,
  plan: MediaPlan,
  notice: (text: string) => void,
): Promise<Source> {
  const { picture } = plan;
  const byGl = await wantsGl(gst, plan);
  return {
    elements: ['appsrc'],
    text: describeCubeInput(picture),
    sound: null,
    feed: (pipeline) => {
      const gl = byGl
        ? new GlCube({ gst, picture, describe: () => describeGlCube(picture), notice })
        : null;
      return new CubeFeed(pipeline, picture, gl);
    },
  };
}

/** Two frames at most wait here; a third pushes the oldest out. */
export function describeCubeInput(picture: Picture): string {
  return (
    `appsrc name=${CUBE_ELEMENT} is-live=true format=time block=false ` +
    `max-buffers=2 max-bytes=0 leaky-type=downstream caps="${rawCaps(picture)}"`
  );
}

/** By software GL the cube costs twenty times what the rasteriser takes: `auto` leaves it. */
async function wantsGl(gst: Gst, { renderer, picture }: MediaPlan): Promise<boolean> {
  if (renderer === 'software') return false;
  if (renderer === 'gl') requireElements(gst, GL_CUBE_ELEMENTS);
  else if (!hasGraphicsCard() || !GL_CUBE_ELEMENTS.every((name) => hasElement(gst, name))) {
    return false;
  }
  const once = describeGlCube(picture).replace('gltestsrc', 'gltestsrc num-buffers=1');
  try {
    await trial(gst, `${once} ! ${TRIAL_SINK}`, TRIAL_MS);
    return true;
  } catch (error) {
    if (renderer === 'auto') return false;
    throw new HostError(
      'software-missing',
      `OpenGL does not work here (${toHostError(error, 'media').message}) ` +
        'On Debian: apt-get install gstreamer1.0-gl libegl1 libgl1-mesa-dri',
    );
  }
}
