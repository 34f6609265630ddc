import type { Picture } from '../plan.ts';

/** Raw frames as the encoders take them, with square pixels. */
export const rawCaps = (picture: Picture): string => capsOf('I420', picture);

/** Frames of a screen: as it is captured, since each outlet converts what it encodes. */
export const screenCaps = (picture: Picture): string =>
  capsOf('{ (string)BGRx, (string)I420 }', picture);

const capsOf = (format: string, { width, height, fps }: Picture): string =>
  `video/x-raw,format=${format},width=${width},height=${height},framerate=${fps}/1,` +
  'pixel-aspect-ratio=1/1';

/** Name of the element whose caps are the largest picture, into which a capture is fitted. */
export const FIT_ELEMENT = 'fit';

interface Fitting {
  readonly elements: readonly string[];
  readonly text: string;
}

/** From a capture at the wanted rate or above to frames of these caps, with borders. */
export function fitted(caps: string): Fitting {
  const { elements, text } = fittedAsIs(caps);
  return {
    elements: ['videorate', ...elements],
    // Without drop-only, videorate holds each frame for the length of one.
    text:
      'queue leaky=downstream max-size-buffers=2 max-size-bytes=0 max-size-time=0 ! ' +
      `videorate drop-only=true ! ${text}`,
  };
}

/** From a capture at the wanted rate to frames of these caps, with borders, in the capture's thread. */
export const fittedAsIs = (caps: string): Fitting => ({
  elements: ['videoconvert', 'videoscale'],
  text:
    'videoconvert ! videoscale add-borders=true ! ' +
    `capsfilter name=${FIT_ELEMENT} caps-change-mode=delayed caps="${caps}"`,
});
