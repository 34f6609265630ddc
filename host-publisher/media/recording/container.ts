import type { Encoder } from '../encoding/encoder.ts';

/** How encoded picture and sound are put into one file. */
export interface Container {
  readonly extension: string;
  readonly elements: readonly string[];
  readonly pictureCaps: (first: { readonly width: number; readonly height: number }) => string;
  /** From both appsrcs to the bytes of the file; without sound, of the first alone. */
  readonly describe: (picture: string, sound: string | null) => string;
}

const muxed = (muxer: string, picture: string, sound: string | null): string =>
  sound === null
    ? `${picture} ! ${muxer} name=file`
    : `${picture} ! ${muxer} name=file ${sound} ! file.`;

/**
 * MPEG-TS for H.264. Measured with a kill -9 after 6 s and a change from 720p to 360p: MPEG-TS lost
 * nothing and plays through; fragmented MP4 lost 0.5 s; Matroska stopped at the change. VP8 has no
 * place in MPEG-TS and goes into Matroska, whose muxer does not see that its pictures change.
 */
const CONTAINERS: Readonly<Record<Encoder['codec'], Container>> = {
  H264: {
    extension: '.ts',
    elements: ['h264parse', 'mpegtsmux'],
    pictureCaps: () => 'video/x-h264,stream-format=byte-stream,alignment=au',
    describe: (picture, sound) =>
      muxed('mpegtsmux', `${picture} ! h264parse config-interval=-1`, sound),
  },
  VP8: {
    extension: '.webm',
    elements: ['webmmux'],
    pictureCaps: ({ width, height }) =>
      `video/x-vp8,width=${width},height=${height},framerate=30/1`,
    describe: (picture, sound) => muxed('webmmux streamable=true', picture, sound),
  },
};

export function containerOf(codec: Encoder['codec']): Container {
  return CONTAINERS[codec];
}
