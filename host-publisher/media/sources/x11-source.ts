import { HostError } from '../../host-error.ts';
import type { MediaPlan } from '../plan.ts';
import { SCREEN_ELEMENT, ScreenFeed } from '../screen/screen-feed.ts';
import { fittedAsIs, screenCaps } from './fitting.ts';
import type { Source } from './feed.ts';
import { checkDisplay, findWindow } from './x11.ts';

/** Pictures a second that one may follow another at: it is captured when {@link ScreenFeed} says so. */
const MOST_FPS = 1000;

/** The desktop or a window of an X11 display that answers. */
export function openX11(plan: MediaPlan): Source {
  const { source, display, window } = plan;
  if (display === null) {
    throw new HostError(
      'source-missing',
      `There is no display to capture: DISPLAY is not set, and --source ${source} needs an X11 server.`,
    );
  }
  if (source === 'window') return describeX11(plan, findWindow(display, window ?? ''));
  checkDisplay(display);
  return describeX11(plan, null);
}

/** `windowId` null: the whole desktop. */
export function describeX11(
  { display, cursor, picture }: MediaPlan,
  windowId: bigint | null,
): Source {
  const target = windowId === null ? '' : `xid=${windowId}`;
  const { elements, text } = fittedAsIs(screenCaps(picture));
  return {
    elements: ['ximagesrc', 'capssetter', ...elements],
    text:
      `ximagesrc name=${SCREEN_ELEMENT} display-name="${display ?? ''}" use-damage=false show-pointer=${cursor === 'picture'} ` +
      `${target} ! video/x-raw,framerate=${MOST_FPS}/1 ! ` +
      `capssetter caps="video/x-raw,framerate=${picture.fps}/1" ! ${text}`,
    sound: null,
    feed: (pipeline) =>
      new ScreenFeed(pipeline, {
        display: display ?? '',
        windowId: windowId === null ? null : Number(windowId),
        fps: picture.fps,
      }),
  };
}
