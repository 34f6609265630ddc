import type { EncodedPicture } from '../../gateway/protocol/host.ts';
import { describeEncoding, encodingElements } from './encoding/branch.ts';
import type { Encoder } from './encoding/encoder.ts';
import { SHAPE_ELEMENTS, describeShape } from './encoding/shape.ts';
import { describeOutlet, type Outlet, type RtpStart } from './outlet.ts';
import type { MediaPlan, PublisherName } from './plan.ts';
import { containerOf } from './recording/container.ts';
import { tapped } from './recording/taps.ts';
import type { Sound } from './sound/sound.ts';
import type { Source } from './sources/feed.ts';

/** The parts of a publication as one pipeline. */
export interface PipelineParts {
  readonly plan: MediaPlan;
  readonly source: Source;
  readonly encoder: Encoder;
  readonly sound: Sound;
  readonly publisher: PublisherName;
  readonly video: RtpStart;
  readonly audio: RtpStart;
}

/** `first`: what is encoded until that is changed while it plays. */
export function describePipeline(parts: PipelineParts, first: EncodedPicture): string {
  const { plan, source, encoder, sound } = parts;
  const encoded = { ...plan.picture, bitrateKbps: first.bitrateKbps };
  const { beside, video, audio } = outletOf(parts);
  const tap = plan.record === null ? (text: string): string => `${text} !` : tapped;
  const frames = `${source.text} ! ${describeShape(first)} ! ${describeEncoding(encoder, encoded)}`;
  const picture = `${beside} ${tap(frames, 'picture')} ${video}`;
  return sound.text === null ? picture : `${picture} ${tap(sound.text, 'sound')} ${audio}`;
}

/** All elements that {@link describePipeline} uses. */
export function pipelineElements(parts: PipelineParts): readonly string[] {
  const { plan, source, encoder, sound } = parts;
  return [
    ...new Set([
      ...source.elements,
      ...SHAPE_ELEMENTS,
      ...encodingElements(encoder),
      ...outletOf(parts).elements,
      ...sound.elements,
      ...(plan.record === null ? [] : containerOf(encoder.codec).elements),
    ]),
  ];
}

function outletOf({ publisher, encoder, video, audio }: PipelineParts): Outlet {
  return describeOutlet(publisher, { codec: encoder.codec, video, audio });
}
