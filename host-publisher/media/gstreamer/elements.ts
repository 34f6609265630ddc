import { HostError } from '../../host-error.ts';
import type { Gst } from './native.ts';

const PLUGINS: Readonly<Record<string, readonly string[]>> = {
  'gstreamer1.0-plugins-base': [
    'appsink',
    'appsrc',
    'audioconvert',
    'audioresample',
    'audiorate',
    'audiotestsrc',
    'uridecodebin',
    'opusenc',
    'videoconvert',
    'videorate',
    'videoscale',
    'videotestsrc',
  ],
  'gstreamer1.0-plugins-good': [
    'deinterlace',
    'imagefreeze',
    'jpegdec',
    'jpegenc',
    'webmmux',
    'v4l2src',
    'videoflip',
    'pulsesrc',
    'rtph264pay',
    'rtpopuspay',
    'rtpvp8pay',
    'v4l2h264enc',
    'vp8enc',
    'capssetter',
    'ximagesrc',
  ],
  'gstreamer1.0-plugins-ugly': ['x264enc'],
  'gstreamer1.0-plugins-bad': ['h264parse', 'mpegtsmux', 'nvh264enc', 'openh264enc', 'vah264enc'],
  'gstreamer1.0-gl': ['gldownload', 'glfiltercube', 'gltestsrc'],
  'gstreamer1.0-pipewire': ['pipewiresrc'],
  'gstreamer1.0-vaapi': ['vaapih264enc'],
};

/** The Debian package that brings an element; GStreamer's own one for its core elements. */
export function packageOf(element: string): string {
  const found = Object.entries(PLUGINS).find(([, elements]) => elements.includes(element));
  return found?.[0] ?? 'libgstreamer1.0-0';
}

/** Decoders and demuxers that are not in gstreamer1.0-libav, or not there alone. */
const DECODERS: readonly (readonly [caps: RegExp, name: string])[] = [
  [
    /video\/x-vp[89]|image\/jpeg|video\/quicktime|matroska|webm|flac|wavpack/,
    'gstreamer1.0-plugins-good',
  ],
  [/audio\/x-(opus|vorbis)|ogg|theora/, 'gstreamer1.0-plugins-base'],
  [/video\/mpegts|video\/x-av1|image\/webp/, 'gstreamer1.0-plugins-bad'],
  [/video\/x-ms-asf/, 'gstreamer1.0-plugins-ugly'],
];

/** The Debian package that most probably decodes something, by GStreamer's name of it. */
export function decoderPackageOf(caps: string): string {
  return DECODERS.find(([pattern]) => pattern.test(caps))?.[1] ?? 'gstreamer1.0-libav';
}

/** Whether this GStreamer has an element. */
export function hasElement(gst: Gst, element: string): boolean {
  const factory = gst.findFactory(element);
  if (factory !== null) gst.unref(factory);
  return factory !== null;
}

/** Throws a sentence that names all that is missing and the packages to install. */
export function requireElements(gst: Gst, elements: readonly string[]): void {
  const missing = [...new Set(elements)].filter((element) => !hasElement(gst, element));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(packageOf))];
  throw new HostError(
    'software-missing',
    `GStreamer lacks ${missing.join(', ')}. On Debian: apt-get install ${packages.join(' ')}`,
  );
}
