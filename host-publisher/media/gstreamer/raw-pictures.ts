import { loadKoffi } from '../../koffi.ts';
import type { PixelFormat } from '../../stripes/pixel-layout.ts';
import { openLibrary, type Pointer } from './native.ts';
import type { PassingBuffer } from './passing.ts';

/** A raw picture on its way: a view of GStreamer's own memory, gone when the callback returns. */
export interface RawPictureView {
  readonly pixels: Buffer;
  readonly width: number;
  readonly height: number;
  readonly format: PixelFormat;
  /** Of YUV as caps have it, or as GStreamer takes it where they say nothing, also of what RGB becomes. */
  readonly colorimetry: string;
}

interface Binding {
  readonly view: (buffer: Pointer, take: (pixels: Buffer) => void) => void;
  readonly read: (caps: Pointer) => Omit<RawPictureView, 'pixels'>;
}

const MAP_READ = 1;
// GstMapInfo: memory, flags, data, size, maxsize, four pointers of users, four reserved ones.
const MAP_INFO_BYTES = 104;
const DATA_OFFSET = 16;
const SIZE_OFFSET = 24;

/**
 * Pools hand out the same few buffers again and again. A new view of each frame has V8 collect
 * everything twice a second: 20 % of this process's time at 60 frames of 720p.
 */
const MOST_VIEWS = 32;

/** What GStreamer takes YUV for whose caps say nothing. */
const usual = (height: number): string => (height > 576 ? 'bt709' : 'bt601');

let bound: Binding | null = null;

/** What the pixels of a passing buffer are. */
export function shapeOf({ caps }: PassingBuffer): Omit<RawPictureView, 'pixels'> {
  bound ??= bind();
  return bound.read(caps);
}

/** Shows the pixels of a passing buffer. */
export function viewRawPicture(
  passing: PassingBuffer,
  take: (picture: RawPictureView) => void,
): void {
  bound ??= bind();
  const shape = bound.read(passing.caps);
  bound.view(passing.buffer, (pixels) => take({ pixels, ...shape }));
}

function bind(): Binding {
  const koffi = loadKoffi();
  const gst = openLibrary(koffi, 'gstreamer-1.0');
  const map = gst.func('int gst_buffer_map(void *, _Out_ uint8_t *info, int flags)');
  const unmap = gst.func('void gst_buffer_unmap(void *, _Inout_ uint8_t *info)');
  const structure = gst.func('void *gst_caps_get_structure(void *, unsigned int)');
  const readInt = gst.func('int gst_structure_get_int(void *, const char *, _Out_ int *value)');
  const readText = gst.func('const char *gst_structure_get_string(void *, const char *)');
  const numberOf = (of: Pointer, name: string): number => {
    const value = [0];
    readInt(of, name, value);
    return value[0] ?? 0;
  };
  const info = Buffer.alloc(MAP_INFO_BYTES);
  const views = new Map<bigint, Buffer>();
  const viewOf = (address: bigint, size: number): Buffer => {
    const known = views.get(address);
    if (known?.length === size) return known;
    if (views.size >= MOST_VIEWS) views.clear();
    const view = Buffer.from(koffi.view(address, size));
    views.set(address, view);
    return view;
  };
  return {
    view: (buffer, take) => {
      if (map(buffer, info, MAP_READ) === 0) return;
      const mapped = Buffer.from(info);
      try {
        const address = mapped.readBigUInt64LE(DATA_OFFSET);
        const size = Number(mapped.readBigUInt64LE(SIZE_OFFSET));
        take(viewOf(address, size));
      } finally {
        unmap(buffer, mapped);
      }
    },
    read: (caps) => {
      const of = structure(caps, 0) as Pointer;
      const [width, height] = [numberOf(of, 'width'), numberOf(of, 'height')];
      const isRgb = readText(of, 'format') === 'BGRx';
      const told = isRgb ? null : (readText(of, 'colorimetry') as string | null);
      const format = isRgb ? 'BGRx' : 'I420';
      return { width, height, format, colorimetry: told ?? usual(height) };
    },
  };
}
