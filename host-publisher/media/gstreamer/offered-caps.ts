import { loadKoffi } from '../../koffi.ts';
import { openLibrary, type Gst, type Pointer } from './native.ts';
import { Pipeline } from './pipeline.ts';

const ELEMENT = 'offering';

/** What a source element can give once its device is open, as text; null: it does not open. */
export async function offeredCaps(gst: Gst, source: string): Promise<string | null> {
  const pipeline = Pipeline.parse(gst, `${source} name=${ELEMENT} ! fakesink`);
  try {
    await pipeline.open();
    return queryCaps(pipeline.element(ELEMENT));
  } catch {
    return null;
  } finally {
    await pipeline.close();
  }
}

function queryCaps(element: Pointer): string {
  const koffi = loadKoffi();
  const library = openLibrary(koffi, 'gstreamer-1.0');
  const staticPad = library.func('void *gst_element_get_static_pad(void *, const char *)');
  const query = library.func('void *gst_pad_query_caps(void *, void *)');
  const text = library.func('void *gst_caps_to_string(void *)');
  const unrefPad = library.func('void gst_object_unref(void *)');
  const unrefCaps = library.func('void gst_mini_object_unref(void *)');
  const free = openLibrary(koffi, 'glib-2.0').func('void g_free(void *)');
  const pad = staticPad(element, 'src') as Pointer;
  const caps = query(pad, null) as Pointer;
  const written = text(caps) as Pointer;
  const words = koffi.decode(written, 'char', -1) as string;
  free(written);
  unrefCaps(caps);
  unrefPad(pad);
  return words;
}
