import type { LibraryHandle } from 'koffi';
import { loadKoffi } from '../../koffi.ts';
import { type Pointer, CLOCK_TIME_NONE, openLibrary } from './native.ts';

/** What GStreamer's discoverer finds in a file. */
export interface Discovery {
  readonly result: 'ok' | 'failed';
  /** GStreamer's own, where it failed. */
  readonly words: string;
  readonly pictures: number;
  readonly sounds: number;
  readonly isImage: boolean;
  readonly durationNs: bigint | null;
  readonly missingDecoders: readonly { readonly description: string; readonly caps: string }[];
}

const TIMEOUT_NS = 8_000_000_000n;
const OK = 0;
const MISSING_PLUGINS = 5;
const REASONS: Readonly<Record<number, string>> = {
  1: 'its address is not valid.',
  3: 'it does not open in time.',
};

type Discover = {
  async: (
    discoverer: Pointer,
    uri: string,
    error: [Pointer | null],
    done: (error: unknown, info: Pointer | null) => void,
  ) => void;
};

/** Binds GStreamer's discoverer; GStreamer must have been started. */
export function loadDiscoverer(): (uri: string) => Promise<Discovery> {
  const koffi = loadKoffi();
  const library = openLibrary(koffi, 'gstpbutils-1.0');
  const core = bindInfo(library);
  const unref = openLibrary(koffi, 'gobject-2.0').func('void g_object_unref(void *)');
  const GError = koffi.struct({ domain: 'uint32_t', code: 'int', message: 'char *' });
  const GList = koffi.struct({ data: 'void *', next: 'void *', prev: 'void *' });
  const discover = library.func(
    'void *gst_discoverer_discover_uri(void *, const char *, _Out_ void **error)',
  ) as unknown as Discover;
  const list = (head: Pointer | null): Pointer[] => {
    const items: Pointer[] = [];
    for (let at = head; at !== null;) {
      const { data, next } = koffi.decode(at, GList) as { data: Pointer; next: Pointer | null };
      items.push(data);
      at = next;
    }
    return items;
  };
  const strings = (array: Pointer | null): string[] => {
    const texts: string[] = [];
    for (let index = 0; array !== null && index < 16; index += 1) {
      const text = koffi.decode(array, index * koffi.sizeof('void *'), 'char *') as string | null;
      if (text === null) break;
      texts.push(text);
    }
    return texts;
  };
  return async (uri) => {
    const failed: [Pointer | null] = [null];
    const discoverer = core.create(TIMEOUT_NS, failed);
    if (discoverer === null) throw new Error('GStreamer has no discoverer.');
    const error: [Pointer | null] = [null];
    const info = await new Promise<Pointer | null>((resolve) =>
      discover.async(discoverer, uri, error, (_error, result) => resolve(result)),
    );
    const words =
      error[0] === null ? '' : (koffi.decode(error[0], GError) as { message: string }).message;
    const pictures = info === null ? null : core.pictures(info);
    const sounds = info === null ? null : core.sounds(info);
    const result = info === null ? -1 : core.result(info);
    const details = info === null || result !== MISSING_PLUGINS ? [] : strings(core.missing(info));
    const durationNs = info === null ? CLOCK_TIME_NONE : BigInt(core.duration(info));
    const [first] = list(pictures);
    const discovery: Discovery = {
      result: result === OK ? 'ok' : 'failed',
      words: REASONS[result] ?? words,
      pictures: list(pictures).length,
      sounds: list(sounds).length,
      isImage: first !== undefined && core.isImage(first) !== 0,
      durationNs: durationNs === CLOCK_TIME_NONE || durationNs === 0n ? null : durationNs,
      missingDecoders: details.map((detail) => {
        const [, , , description = '', caps = ''] = detail.split('|');
        return { description, caps };
      }),
    };
    for (const streams of [pictures, sounds]) if (streams !== null) core.freeList(streams);
    if (info !== null) unref(info);
    unref(discoverer);
    return discovery;
  };
}

interface Info {
  readonly create: (timeoutNs: bigint, error: [Pointer | null]) => Pointer | null;
  readonly result: (info: Pointer) => number;
  readonly pictures: (info: Pointer) => Pointer | null;
  readonly sounds: (info: Pointer) => Pointer | null;
  readonly missing: (info: Pointer) => Pointer | null;
  readonly duration: (info: Pointer) => bigint | number;
  readonly isImage: (stream: Pointer) => number;
  readonly freeList: (streams: Pointer) => void;
}

function bindInfo(library: LibraryHandle): Info {
  const bind = (prototype: string): never => library.func(prototype) as never;
  return {
    create: bind('void *gst_discoverer_new(uint64_t, _Out_ void **error)'),
    result: bind('int gst_discoverer_info_get_result(void *)'),
    pictures: bind('void *gst_discoverer_info_get_video_streams(void *)'),
    sounds: bind('void *gst_discoverer_info_get_audio_streams(void *)'),
    missing: bind('void *gst_discoverer_info_get_missing_elements_installer_details(void *)'),
    duration: bind('uint64_t gst_discoverer_info_get_duration(void *)'),
    isImage: bind('int gst_discoverer_video_info_is_image(void *)'),
    freeList: bind('void gst_discoverer_stream_info_list_free(void *)'),
  };
}
