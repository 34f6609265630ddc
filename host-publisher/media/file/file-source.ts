import type { Gst } from '../gstreamer/native.ts';
import type { MediaPlan } from '../plan.ts';
import { RAW_SOUND } from '../sound/raw-sound.ts';
import { rawCaps } from '../sources/fitting.ts';
import type { Source } from '../sources/feed.ts';
import { FileFeed } from './file-feed.ts';
import { FILE_ELEMENTS, readerElements } from './file-reader.ts';
import { findTracks } from './file-tracks.ts';

/** A file's picture and sound, paced by the publishing pipeline's clock. */
export async function openFile(gst: Gst, plan: MediaPlan): Promise<Source> {
  const tracks = await findTracks(plan.file ?? '');
  const caps = rawCaps(plan.picture);
  const source = (name: string, of: string): string =>
    `appsrc name=${name} is-live=true format=time block=false max-buffers=0 max-bytes=0 ` +
    `caps="${of}" ! clocksync`;
  return {
    elements: ['appsrc', 'audiorate', ...readerElements(tracks)],
    text: source(FILE_ELEMENTS.picture, caps),
    sound: tracks.sound
      ? {
          elements: ['appsrc', 'audiorate'],
          text: `${source(FILE_ELEMENTS.sound, `${RAW_SOUND},format=S16LE,layout=interleaved`)} ! audiorate skip-to-first=true`,
        }
      : null,
    feed: (pipeline) =>
      new FileFeed({
        gst,
        pipeline,
        tracks,
        pictureCaps: caps,
        sound: plan.sound === 'file',
        loop: plan.loop,
        fps: plan.picture.fps,
      }),
  };
}
