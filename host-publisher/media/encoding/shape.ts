import type { EncodedPicture } from '../../../gateway/protocol/host.ts';

/** Name of the element whose caps are the size and rate of the picture. */
export const SHAPE_ELEMENT = 'shape';

/** Name of the element that leaves frames out where the source has more than the picture. */
export const RATE_ELEMENT = 'rate';

/** Name of the element that lets frames through to the encoder, or drops them. */
export const GATE_ELEMENT = 'gate';

type Shape = Pick<EncodedPicture, 'width' | 'height' | 'fps'>;

/** Caps for {@link SHAPE_ELEMENT}, also while it plays: the encoder begins anew with a key frame. */
export const shapeCaps = ({ width, height, fps }: Shape): string =>
  `video/x-raw,width=${width},height=${height},framerate=${fps}/1,pixel-aspect-ratio=1/1`;

/** From raw frames of one size and rate to those of another, as a pipeline description. */
export const describeShape = (shape: Shape): string =>
  // The gate stands behind: videorate makes up for what it has missed. "delayed" lets a frame through that was scaled before the change.
  `videorate name=${RATE_ELEMENT} drop-only=true skip-to-first=true ! valve name=${GATE_ELEMENT} ! ` +
  `videoscale add-borders=true ! capsfilter name=${SHAPE_ELEMENT} caps-change-mode=delayed caps="${shapeCaps(shape)}"`;

export const SHAPE_ELEMENTS: readonly string[] = ['videorate', 'videoscale'];
