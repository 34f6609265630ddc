import type { EncodedPicture } from '../../gateway/protocol/host.ts';
import { describeEncoding, encodingElements } from './encoding/branch.ts';
import type { Encoder } from './encoding/encoder.ts';
import { SHAPE_ELEMENTS, describeShape } from './encoding/shape.ts';
import type { MediaPlan } from './plan.ts';
import type { Sound } from './sound/sound.ts';
import type { Source } from './sources/feed.ts';

/** Names of the sinks that RTP packets leave by. */
export const SINKS = { video: 'video', audio: 'audio' } as const;
/** With the header extension and SRTP's tag a packet stays below 1200 bytes, as browsers' do. */
const RTP_BYTES = 1150;
const SINK = 'emit-signals=true sync=false async=false max-buffers=200 buffer-list=false';

/** Where an RTP stream's numbers begin. */
export interface RtpStart {
  readonly ssrc: number;
  readonly timestampOffset: number;
}

/** The parts of a publication as one pipeline. */
export interface PipelineParts {
  readonly plan: MediaPlan;
  readonly source: Source;
  readonly encoder: Encoder;
  readonly sound: Sound;
  readonly video: RtpStart;
  readonly audio: RtpStart;
}

/** `first`: what is encoded until that is changed while it plays. */
export function describePipeline(parts: PipelineParts, first: EncodedPicture): string {
  const { plan, source, encoder, sound } = parts;
  const encoded = { ...plan.picture, bitrateKbps: first.bitrateKbps };
  const packing =
    encoder.codec === 'VP8'
      ? `rtpvp8pay picture-id-mode=15-bit ${common(parts.video)}`
      : `rtph264pay config-interval=-1 aggregate-mode=zero-latency ${common(parts.video)}`;
  const picture = `${source.text} ! ${describeShape(first)} ! ${describeEncoding(encoder, encoded)} ! ${packing} ! appsink name=${SINKS.video} ${SINK}`;
  if (sound.text === null) return picture;
  return `${picture} ${sound.text} ! rtpopuspay ${common(parts.audio)} ! appsink name=${SINKS.audio} ${SINK}`;
}

/** All elements that {@link describePipeline} uses. */
export function pipelineElements({ source, encoder, sound }: PipelineParts): readonly string[] {
  const packer = encoder.codec === 'VP8' ? 'rtpvp8pay' : 'rtph264pay';
  return [
    ...new Set([
      ...source.elements,
      ...SHAPE_ELEMENTS,
      ...encodingElements(encoder),
      packer,
      'appsink',
      ...sound.elements,
    ]),
  ];
}

function common({ ssrc, timestampOffset }: RtpStart): string {
  // Timestamps follow the pipeline's clock exactly: sender reports are made from it.
  return `pt=96 mtu=${RTP_BYTES} ssrc=${ssrc} timestamp-offset=${timestampOffset} perfect-rtptime=false`;
}
