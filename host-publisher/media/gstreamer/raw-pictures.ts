import { loadKoffi } from '../../koffi.ts';
import { FORMAT_TIME, openLibrary, type Gst, type Pointer } from './native.ts';
import type { Pipeline } from './pipeline.ts';

/** A raw picture at an appsink: a view of GStreamer's own memory, gone when the callback returns. */
export interface RawPictureView {
  readonly pixels: Buffer;
  readonly width: number;
  readonly height: number;
  /** As caps have it. */
  readonly colorimetry: string;
  /** Microseconds since 1970. */
  readonly capturedAtUs: number;
}

interface Binding {
  readonly view: (buffer: Pointer, take: (pixels: Buffer) => void) => void;
  readonly caps: (sample: Pointer) => Pick<RawPictureView, 'width' | 'height' | 'colorimetry'>;
}

const MAP_READ = 1;
// GstMapInfo: memory, flags, data, size, maxsize, four pointers of users, four reserved ones.
const MAP_INFO_BYTES = 104;
const DATA_OFFSET = 16;
const SIZE_OFFSET = 24;
const NS_PER_US = 1000n;

/** What GStreamer takes YUV for whose caps say nothing. */
const usual = (height: number): string => (height > 576 ? 'bt709' : 'bt601');

let bound: Binding | null = null;

/** Hands over each picture that comes to an appsink with `emit-signals`; its thread waits meanwhile. */
export function onRawPicture(
  gst: Gst,
  pipeline: Pipeline,
  sink: string,
  take: (picture: RawPictureView) => void,
): void {
  const binding = (bound ??= bind());
  const pointer = pipeline.element(sink);
  let isClosed = false;
  const free = gst.onNewSample(pointer, () => {
    const sample = isClosed ? null : gst.pullSample(pointer);
    if (sample === null) return;
    const buffer = gst.sampleBuffer(sample);
    if (buffer !== null) {
      const { ptsNs } = gst.bufferTimes(buffer);
      const segment = gst.sampleSegment(sample);
      const atNs = BigInt(gst.segmentRunningTime(segment, FORMAT_TIME, ptsNs));
      const ageUs = Math.max(0, Number((pipeline.runningTimeNs - atNs) / NS_PER_US));
      const capturedAtUs = Date.now() * 1000 - ageUs;
      const caps = binding.caps(sample);
      binding.view(buffer, (pixels) => take({ pixels, capturedAtUs, ...caps }));
    }
    gst.unrefMini(sample);
  });
  pipeline.onClosed(() => {
    isClosed = true;
    free();
  });
}

function bind(): Binding {
  const koffi = loadKoffi();
  const gst = openLibrary(koffi, 'gstreamer-1.0');
  const map = gst.func('int gst_buffer_map(void *, _Out_ uint8_t *info, int flags)');
  const unmap = gst.func('void gst_buffer_unmap(void *, _Inout_ uint8_t *info)');
  const sampleCaps = gst.func('void *gst_sample_get_caps(void *)');
  const structure = gst.func('void *gst_caps_get_structure(void *, unsigned int)');
  const readInt = gst.func('int gst_structure_get_int(void *, const char *, _Out_ int *value)');
  const readText = gst.func('const char *gst_structure_get_string(void *, const char *)');
  const numberOf = (of: Pointer, name: string): number => {
    const value = [0];
    readInt(of, name, value);
    return value[0] ?? 0;
  };
  const info = Buffer.alloc(MAP_INFO_BYTES);
  return {
    view: (buffer, take) => {
      if (map(buffer, info, MAP_READ) === 0) return;
      const mapped = Buffer.from(info);
      try {
        const address = mapped.readBigUInt64LE(DATA_OFFSET);
        const size = Number(mapped.readBigUInt64LE(SIZE_OFFSET));
        take(Buffer.from(koffi.view(address, size)));
      } finally {
        unmap(buffer, mapped);
      }
    },
    caps: (sample) => {
      const of = structure(sampleCaps(sample), 0) as Pointer;
      const [width, height] = [numberOf(of, 'width'), numberOf(of, 'height')];
      const colorimetry = (readText(of, 'colorimetry') as string | null) ?? usual(height);
      return { width, height, colorimetry };
    },
  };
}
