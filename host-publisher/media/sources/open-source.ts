import { openCube } from '../cube/cube-source.ts';
import { openFile } from '../file/file-source.ts';
import type { Gst } from '../gstreamer/native.ts';
import { PORTAL } from '../display.ts';
import type { MediaPlan } from '../plan.ts';
import { openPortal } from '../portal/portal-source.ts';
import { openCamera } from './camera.ts';
import { rawCaps } from './fitting.ts';
import type { Source } from './feed.ts';
import { openX11 } from './x11-source.ts';

/** Looks for what is to be captured; fails with a sentence about what is missing. */
export async function openSource(
  gst: Gst,
  plan: MediaPlan,
  notice: (text: string) => void,
): Promise<Source> {
  switch (plan.source) {
    case 'cube':
      return openCube(gst, plan, notice);
    case 'test':
      return {
        elements: ['videotestsrc'],
        text: `videotestsrc is-live=true pattern=smpte ! ${rawCaps(plan.picture)}`,
        sound: null,
        feed: null,
      };
    case 'file':
      return openFile(gst, plan);
    case 'camera':
      return openCamera(gst, plan);
    case 'desktop':
      return plan.display === PORTAL ? openPortal(gst, plan) : openX11(plan);
    case 'window':
      return openX11(plan);
  }
}
