import type { Picture } from '../plan.ts';
import type { Encoder } from './encoder.ts';

/** Name of the encoder's element in a pipeline. */
export const ENCODER_ELEMENT = 'encoder';

/** From raw frames of any format to encoded ones, as a pipeline description. */
export function describeEncoding(encoder: Encoder, picture: Picture): string {
  const properties = [
    ...[...encoder.settings, ...encoder.perRate(picture.fps)].map(
      ({ name, value }) => `${name}=${value}`,
    ),
    ...encoder.bitrate(picture.bitrateKbps).map(([name, value]) => `${name}=${value}`),
  ];
  return [
    'videoconvert',
    `video/x-raw,format=${encoder.format}`,
    `${encoder.element} name=${ENCODER_ELEMENT} ${properties.join(' ')}`,
    ...(encoder.codec === 'VP8'
      ? ['video/x-vp8']
      : [
          ...(encoder.hardware ? ['h264parse'] : []),
          'video/x-h264,profile=constrained-baseline,stream-format=byte-stream,alignment=au',
        ]),
  ].join(' ! ');
}

/** The elements that {@link describeEncoding} uses. */
export function encodingElements(encoder: Encoder): readonly string[] {
  const parser = encoder.hardware && encoder.codec === 'H264' ? ['h264parse'] : [];
  return ['videoconvert', encoder.element, ...parser];
}
