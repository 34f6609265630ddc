import { closeSync } from 'node:fs';
import { requireElements } from '../gstreamer/elements.ts';
import type { Gst } from '../gstreamer/native.ts';
import type { MediaPlan } from '../plan.ts';
import type { Share, Source } from '../sources/feed.ts';
import { rawCaps } from '../sources/fitting.ts';
import { RestoreToken } from './restore-token.ts';
import { ScreenCastPortal } from './screen-cast.ts';

/** Shorter than the agent waits for an offer. */
const QUESTION_MS = 120_000;

/** A Wayland desktop by its portal: looked for now, and asked for when it is published. */
export async function openPortal(
  gst: Gst,
  plan: MediaPlan,
  { token = new RestoreToken(), questionMs = QUESTION_MS } = {},
): Promise<Source> {
  requireElements(gst, ['pipewiresrc']);
  const portal = await ScreenCastPortal.open(gst);
  try {
    await portal.abilities();
  } finally {
    await portal.close();
  }
  return {
    elements: ['pipewiresrc', 'videorate', 'videoconvert', 'videoscale'],
    text: '',
    sound: null,
    feed: null,
    share: (signal) => share(gst, plan, { token, questionMs, signal }),
  };
}

async function share(
  gst: Gst,
  { cursor, picture }: MediaPlan,
  asked: { token: RestoreToken; questionMs: number; signal: AbortSignal },
): Promise<Share> {
  const portal = await ScreenCastPortal.open(gst);
  try {
    const { token, questionMs, signal } = asked;
    const restoreToken = token.read();
    const wish = { cursor, restoreToken, questionMs, signal };
    const cast = await portal.share(await portal.abilities(), wish);
    if (cast.restoreToken !== null) token.keep(cast.restoreToken);
    return {
      text:
        // A desktop that stands still gives no frames by itself.
        `pipewiresrc fd=${cast.fd} path=${cast.node} do-timestamp=true ` +
        `keepalive-time=${Math.ceil(1000 / picture.fps)} ! video/x-raw ! ` +
        'queue leaky=downstream max-size-buffers=2 max-size-bytes=0 max-size-time=0 ! ' +
        `videorate ! videoconvert ! videoscale add-borders=true ! ${rawCaps(picture)}`,
      ended: portal.ended,
      close: async () => {
        closeSync(cast.fd);
        await portal.close();
      },
    };
  } catch (error) {
    await portal.close();
    throw error;
  }
}
