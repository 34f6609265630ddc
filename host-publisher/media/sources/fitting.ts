import type { Picture } from '../plan.ts';

/** Raw frames as the encoders take them, with square pixels. */
export function rawCaps({ width, height, fps }: Picture): string {
  return (
    `video/x-raw,format=I420,width=${width},height=${height},framerate=${fps}/1,` +
    'pixel-aspect-ratio=1/1'
  );
}

/** Name of the element whose caps are the largest picture, into which a capture is fitted. */
export const FIT_ELEMENT = 'fit';

/** From a capture at the wanted rate or above to frames of a picture, with borders. */
export function fitted(picture: Picture): { elements: readonly string[]; text: string } {
  return {
    elements: ['videorate', 'videoconvert', 'videoscale'],
    // Without drop-only, videorate holds each frame for the length of one.
    text:
      'queue leaky=downstream max-size-buffers=2 max-size-bytes=0 max-size-time=0 ! ' +
      'videorate drop-only=true ! videoconvert ! videoscale add-borders=true ! ' +
      `capsfilter name=${FIT_ELEMENT} caps-change-mode=delayed caps="${rawCaps(picture)}"`,
  };
}
