import type { EncodedPicture } from '../../gateway/protocol/host.ts';
import { describeEncoding, encodingElements } from './encoding/branch.ts';
import type { Encoder } from './encoding/encoder.ts';
import { SHAPE_ELEMENTS, describeShape } from './encoding/shape.ts';
import { SOURCES, describeOutlet, type Outlet, type RtpStart } from './outlet.ts';
import type { MediaPlan, PublisherName } from './plan.ts';
import { containerOf } from './recording/container.ts';
import { tapped } from './recording/taps.ts';

/** What a publication by WHIP is, as one pipeline that a capture is passed into. */
export interface PipelineParts {
  readonly plan: MediaPlan;
  readonly encoder: Encoder;
  /** Whether Opus packets come beside the picture. */
  readonly sound: boolean;
  readonly publisher: PublisherName;
  readonly video: RtpStart;
  readonly audio: RtpStart;
}

/** Two frames at most wait for the encoder; a third pushes the oldest out. */
export const PICTURE_SOURCE = describeSource(
  SOURCES.picture,
  'max-buffers=2 leaky-type=downstream',
);
const SOUND_SOURCE = describeSource(SOURCES.sound, 'max-buffers=0');

/** `first`: what is encoded until that is changed while it plays. */
export function describePipeline(parts: PipelineParts, first: EncodedPicture): string {
  const { plan, encoder, sound } = parts;
  const encoded = { ...plan.picture, bitrateKbps: first.bitrateKbps };
  const { beside, video, audio } = outletOf(parts);
  const tap = plan.record === null ? (text: string): string => `${text} !` : tapped;
  const frames = `${PICTURE_SOURCE} ! ${describeShape(first)} ! ${describeEncoding(encoder, encoded)}`;
  const picture = `${beside} ${tap(frames, 'picture')} ${video}`;
  return sound ? `${picture} ${tap(SOUND_SOURCE, 'sound')} ${audio}` : picture;
}

/** All elements that {@link describePipeline} uses. */
export function pipelineElements(parts: PipelineParts): readonly string[] {
  const { plan, encoder, sound } = parts;
  return [
    ...new Set([
      'appsrc',
      ...SHAPE_ELEMENTS,
      ...encodingElements(encoder),
      ...outletOf(parts).elements,
      ...(sound ? ['rtpopuspay'] : []),
      ...(plan.record === null ? [] : containerOf(encoder.codec).elements),
    ]),
  ];
}

function outletOf({ publisher, encoder, video, audio }: PipelineParts): Outlet {
  return describeOutlet(publisher, { codec: encoder.codec, video, audio });
}

function describeSource(name: string, waiting: string): string {
  return `appsrc name=${name} is-live=true format=time block=false max-bytes=0 ${waiting}`;
}
