import { HostError } from '../../host-error.ts';
import { CUBE_ELEMENT } from '../cube/cube-feed.ts';
import type { MediaPlan } from '../plan.ts';

/** A source as the head of a pipeline: raw frames of the plan's size and rate. */
export interface SourceDescription {
  readonly elements: readonly string[];
  readonly text: string;
}

/** `windowId`: the resolved window of a window source. */
export function describeSource(plan: MediaPlan, windowId: bigint | null): SourceDescription {
  const { width, height, fps } = plan.picture;
  const caps = `video/x-raw,width=${width},height=${height},framerate=${fps}/1`;
  switch (plan.source) {
    case 'cube':
      return {
        elements: ['appsrc'],
        // Two frames at most wait here; a third pushes the oldest out.
        text:
          `appsrc name=${CUBE_ELEMENT} is-live=true format=time block=false ` +
          `max-buffers=2 max-bytes=0 leaky-type=downstream caps="${caps},format=I420"`,
      };
    case 'test':
      return {
        elements: ['videotestsrc'],
        text: `videotestsrc is-live=true pattern=smpte ! ${caps},format=I420`,
      };
    case 'file':
    case 'camera':
      throw new HostError('media', `--source ${plan.source} is not there yet.`);
    case 'desktop':
      return captureX11(plan, caps, '');
    case 'window':
      return captureX11(plan, caps, windowId === null ? '' : `xid=${windowId}`);
  }
}

function captureX11(plan: MediaPlan, caps: string, target: string): SourceDescription {
  return {
    elements: ['ximagesrc', 'videorate', 'videoconvert', 'videoscale'],
    // Without drop-only, videorate holds each frame for the length of one.
    text:
      `ximagesrc display-name="${plan.display ?? ''}" use-damage=false show-pointer=${plan.cursor !== 'none'} ${target} ! ` +
      `video/x-raw,framerate=${plan.picture.fps}/1 ! ` +
      'queue leaky=downstream max-size-buffers=2 max-size-bytes=0 max-size-time=0 ! ' +
      `videorate drop-only=true ! videoconvert ! videoscale add-borders=true ! ` +
      `${caps},format=I420,pixel-aspect-ratio=1/1`,
  };
}
