import { z } from 'zod';

/** Encoders of the WebSocket mode; the order in which one takes another's place. */
export const StripesEncoder = z.enum(['x264enc-striped', 'jpeg-striped', 'h264']);
export type StripesEncoder = z.infer<typeof StripesEncoder>;

/** Where an operator names none. */
export const DEFAULT_STRIPES_ENCODER: StripesEncoder = 'x264enc-striped';

const OTHER_NAMES: Readonly<Record<string, StripesEncoder>> = {
  jpeg: 'jpeg-striped',
  'h264-striped': 'x264enc-striped',
  'h264enc-striped': 'x264enc-striped',
  h264enc: 'h264',
  x264enc: 'h264',
};

/** Every name that an operator may give. */
export const STRIPES_ENCODER_NAMES: readonly string[] = [
  ...StripesEncoder.options,
  ...Object.keys(OTHER_NAMES),
];

/** The encoder of a name; null: there is none. */
export function stripesEncoderOf(name: string): StripesEncoder | null {
  const other = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined;
  return other ?? StripesEncoder.safeParse(name).data ?? null;
}

const ELEMENTS: Readonly<Record<StripesEncoder, string>> = {
  'x264enc-striped': 'x264enc',
  'jpeg-striped': 'jpegenc',
  h264: 'x264enc',
};

/** The encoders that use any of these elements of GStreamer. */
export const stripesEncodersWith = (elements: readonly string[]): StripesEncoder[] =>
  StripesEncoder.options.filter((encoder) => elements.includes(ELEMENTS[encoder]));
