import { availableParallelism } from 'node:os';
import type { StripeCodec } from '../../gateway/protocol/media/stripe.ts';
import type { RowsPlan, RowWish } from './row-encoders.ts';
import type { StripesTarget } from './stripes.ts';

type Settings = readonly (readonly [property: string, value: string])[];

/** The encoders of a picture's rows as a pipeline: `in0`, `encoder0`, `out0` and so on. */
export interface RowsDescription {
  readonly codec: StripeCodec;
  readonly refinements: number;
  readonly elements: readonly string[];
  readonly text: string;
  /** Set before each frame. */
  readonly perFrame: (wish: RowWish) => Settings;
  /** Set when the target changes, or the share of it that is left. */
  readonly steered: (target: StripesTarget, share: number) => Settings;
}

/** Below it text cannot be read; less is saved by fewer pictures. */
const LEAST_JPEG_QUALITY = 20;
const REFINED_JPEG_QUALITY = 90;
/** More slices than that look torn in some builds of Chromium. */
const MOST_THREADS = 4;
/** A key frame may take so much of the rate, not more. */
const VBV_MS = 300;
/** x264: key frames only when asked for. */
const NO_KEY_FRAMES = 1 << 30;
const LEAST_KBPS = 50;

export function describeRows(plan: RowsPlan): RowsDescription {
  return plan.encoder === 'jpeg-striped' ? jpegRows(plan) : h264Rows(plan);
}

function jpegRows(plan: RowsPlan): RowsDescription {
  let live = plan.target.quality;
  // From one YUV to another GStreamer changes no range.
  const toBgrx = plan.format === 'BGRx' ? '' : 'videoconvert ! video/x-raw,format=BGRx ! ';
  return {
    codec: 'jpeg',
    refinements: 1,
    elements: ['appsrc', 'videoconvert', 'jpegenc', 'appsink'],
    // JFIF: full range and the matrix of BT.601.
    text: branches(
      plan,
      (index) =>
        `${toBgrx}videoconvert ! video/x-raw,format=I420,colorimetry=1:4:0:0 ! ` +
        `jpegenc name=encoder${index} quality=${plan.target.quality}`,
    ),
    perFrame: ({ refined }) => [
      ['quality', String(refined ? Math.max(live, REFINED_JPEG_QUALITY) : live)],
    ],
    steered: ({ quality }, share) => {
      const least = Math.min(quality, LEAST_JPEG_QUALITY);
      live = Math.round(least + (quality - least) * share);
      return [];
    },
  };
}

function h264Rows(plan: RowsPlan): RowsDescription {
  const threads = plan.rows.length === 1 ? Math.min(MOST_THREADS, availableParallelism()) : 1;
  const toI420 =
    plan.format === 'I420'
      ? ''
      : `videoconvert ! video/x-raw,format=I420,colorimetry=${plan.colorimetry} ! `;
  // A constant quality below a rate that can be changed: what is still gets there in a few frames.
  const encoder =
    'x264enc tune=zerolatency speed-preset=ultrafast byte-stream=true aud=false ' +
    `key-int-max=${NO_KEY_FRAMES} option-string="scenecut=0" threads=${threads} ` +
    `pass=qual quantizer=${quantizerOf(plan.target.quality)} vbv-buf-capacity=${VBV_MS} bitrate=${plan.target.bitrateKbps}`;
  return {
    codec: 'h264',
    refinements: 3,
    elements: ['appsrc', 'videoconvert', 'x264enc', 'appsink'],
    text: branches(
      plan,
      (index) =>
        `${toI420}${encoder} name=encoder${index} ! ` +
        'video/x-h264,profile=constrained-baseline,stream-format=byte-stream,alignment=au',
    ),
    perFrame: () => [],
    // The encoder believes in the rate of its caps.
    steered: ({ bitrateKbps, fps }, share) => {
      const kbps = Math.round((bitrateKbps * share * plan.target.fps) / fps);
      return [['bitrate', String(Math.max(LEAST_KBPS, kbps))]];
    },
  };
}

/** 60, which is usual for JPEG, is 22: what is still and sharp, as far as the rate allows it. */
const quantizerOf = (quality: number): number => Math.round(40 - quality * 0.3);

function branches(plan: RowsPlan, encoder: (index: number) => string): string {
  return plan.rows
    .map(({ rows }, index) => {
      const colours = plan.format === 'I420' ? `,colorimetry=${plan.colorimetry}` : '';
      const caps =
        `video/x-raw,format=${plan.format},width=${plan.width},height=${rows},` +
        `framerate=${plan.target.fps}/1,pixel-aspect-ratio=1/1${colours}`;
      return (
        `appsrc name=in${index} is-live=true format=time max-bytes=0 caps="${caps}" ! ` +
        `${encoder(index)} ! ` +
        `appsink name=out${index} emit-signals=true sync=false async=false max-buffers=4`
      );
    })
    .join(' ');
}
