import { loadKoffi } from '../../koffi.ts';
import { openLibrary, type Pointer } from './native.ts';

/** An event on its way up a pipeline: its name and, on demand, its text. */
export interface UpstreamEvent {
  readonly name: string;
  readonly text: () => string;
}

/** What GObject can do with an element beyond its place in a pipeline. */
export interface Objects {
  /**
   * A property as GStreamer writes it in text; empty where it has none. Read by another thread: an
   * element may hold its lock while it waits for JavaScript.
   */
  readonly read: (object: Pointer, property: string) => Promise<string>;
  /** Whether an object has such a property. */
  readonly has: (object: Pointer, property: string) => boolean;
  /** The object that a property holds, with a reference of its own; null: none. */
  readonly readObject: (object: Pointer, property: string) => Pointer | null;
  readonly ref: (object: Pointer) => void;
  /** The session of an rtpbin with this number, with a reference; null: none yet. */
  readonly rtpSession: (rtpbin: Pointer, id: number) => Pointer | null;
  /** Gives the ICE agent this address of the machine. */
  readonly addLocalAddress: (iceAgent: Pointer, address: string) => void;
  /** Hears each `consumer-added` with its webrtcbin. Hands out what frees the callback. */
  readonly onConsumer: (element: Pointer, hear: (webrtcbin: Pointer) => void) => () => void;
  /**
   * Sees every event that comes to an element from below and says whether it
   * passes; the streaming thread waits for it. Hands out what frees the callback.
   */
  readonly onUpstream: (element: Pointer, pass: (event: UpstreamEvent) => boolean) => () => void;
  /** Hands over each payloader that an element makes, before it uses it: for whom, for which pad. */
  readonly onPayloader: (
    element: Pointer,
    setUp: (payloader: Pointer, id: string, pad: string) => void,
  ) => () => void;
  /** Has a payloader write an RTP header extension of this URI and number. */
  readonly addHeaderExtension: (payloader: Pointer, uri: string, id: number) => void;
  /** Keeps warnings of one log domain from the terminal. */
  readonly silence: (domain: string) => void;
}

const VALUE_BYTES = 24;
const POINTER_BYTES = 8;
/** In GstPadProbeInfo the data follow the type and the id. */
const PROBE_DATA_OFFSET = 16;
const EVENT_UPSTREAM = 1 << 7;
const [PROBE_DROP, PROBE_OK] = [0, 1];
const LOG_LEVEL_WARNING = 1 << 4;

let loaded: Objects | null = null;

/** Loaded once: callback types are known by name in all of the process. */
export function loadObjects(): Objects {
  loaded ??= load();
  return loaded;
}

function load(): Objects {
  const koffi = loadKoffi();
  const gobject = openLibrary(koffi, 'gobject-2.0');
  const glib = openLibrary(koffi, 'glib-2.0');
  const gst = openLibrary(koffi, 'gstreamer-1.0');
  const rtp = openLibrary(koffi, 'gstrtp-1.0');
  const OwnedText = koffi.disposable('char *', glib.func('void g_free(void *)'));
  const ConsumerAdded = koffi.pointer(
    koffi.proto('void ConsumerAdded(void *self, const char *id, void *webrtcbin, void *data)'),
  );
  const PayloaderSetup = koffi.pointer(
    koffi.proto(
      'int PayloaderSetup(void *self, const char *id, const char *pad, void *payloader, void *data)',
    ),
  );
  const PadProbe = koffi.pointer(koffi.proto('int PadProbe(void *pad, void *info, void *data)'));
  const LogHandler = koffi.pointer(
    koffi.proto('void LogHandler(const char *domain, int level, const char *text, void *data)'),
  );
  const getProperty = gobject.func(
    'void g_object_get_property(void *, const char *, _Inout_ uint8_t *value)',
  );
  const serialize = gst.func('gst_value_serialize', OwnedText, ['uint8_t *']);
  const duplicate = gobject.func('void *g_value_dup_object(uint8_t *value)');
  const unset = gobject.func('void g_value_unset(_Inout_ uint8_t *value)');
  const find = gobject.func('void *g_object_class_find_property(void *, const char *)');
  /** An object's first word is its class. */
  const classOf = (object: Pointer) => koffi.decode(object, 'void *') as Pointer;
  const emit = gobject.func('void g_signal_emit_by_name(void *, const char *, ...)');
  const connect = gobject.func(
    'unsigned long g_signal_connect_data(void *, const char *, void *, void *, void *, int)',
  );
  const createExtension = rtp.func('void *gst_rtp_header_extension_create_from_uri(const char *)');
  const setExtensionId = rtp.func('void gst_rtp_header_extension_set_id(void *, uint32_t)');
  const ref = gst.func('void *gst_object_ref(void *)');
  const unref = gst.func('void gst_object_unref(void *)');
  const staticPad = gst.func('void *gst_element_get_static_pad(void *, const char *)');
  const addProbe = gst.func('unsigned long gst_pad_add_probe(void *, int, void *, void *, void *)');
  const eventStructure = gst.func('void *gst_event_get_structure(void *)');
  const structureName = gst.func('const char *gst_structure_get_name(void *)');
  const structureText = gst.func('gst_structure_to_string', OwnedText, ['void *']);
  const setLogHandler = glib.func(
    'unsigned int g_log_set_handler(const char *, int, void *, void *)',
  );

  const silenced = new Set<string>();
  const withValue = <T>(object: Pointer, property: string, take: (value: Buffer) => T): T => {
    const value = Buffer.alloc(VALUE_BYTES);
    getProperty(object, property, value);
    try {
      return take(value);
    } finally {
      unset(value);
    }
  };
  return {
    read: (object, property) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const value = Buffer.alloc(VALUE_BYTES);
      getProperty.async(object, property, value, (error: Error | null) => {
        if (error !== null) {
          reject(error);
          return;
        }
        resolve((serialize(value) as string | null) ?? '');
        unset(value);
      });
      return promise;
    },
    has: (object, property) => find(classOf(object), property) !== null,
    readObject: (object, property) =>
      withValue(object, property, (value) => duplicate(value) as Pointer | null),
    ref: (object) => void ref(object),
    rtpSession: (rtpbin, id) => {
      const session = Buffer.alloc(POINTER_BYTES);
      emit(rtpbin, 'get-session', 'unsigned int', id, 'void *', session);
      const address = session.readBigUInt64LE();
      return address === 0n ? null : address;
    },
    addLocalAddress: (iceAgent, address) => {
      const isAdded = Buffer.alloc(POINTER_BYTES);
      emit(iceAgent, 'add-local-ip-address', 'const char *', address, 'void *', isAdded);
    },
    onConsumer: (element, hear) => {
      const registered = koffi.register((_self: Pointer, _id: string, webrtcbin: Pointer) => {
        hear(webrtcbin);
      }, ConsumerAdded);
      connect(element, 'consumer-added', registered, null, null, 0);
      return () => koffi.unregister(registered);
    },
    onUpstream: (element, pass) => {
      const registered = koffi.register((_pad: Pointer, info: Pointer) => {
        const event = koffi.decode(info, PROBE_DATA_OFFSET, 'void *') as Pointer;
        const structure = eventStructure(event) as Pointer | null;
        if (structure === null) return PROBE_OK;
        const name = structureName(structure) as string;
        const text = () => structureText(structure) as string;
        return pass({ name, text }) ? PROBE_OK : PROBE_DROP;
      }, PadProbe);
      const pad = staticPad(element, 'src') as Pointer;
      addProbe(pad, EVENT_UPSTREAM, registered, null, null);
      unref(pad);
      return () => koffi.unregister(registered);
    },
    onPayloader: (element, setUp) => {
      const registered = koffi.register(
        (_self: Pointer, id: string, pad: string, payloader: Pointer) => {
          setUp(payloader, id, pad);
          return 1;
        },
        PayloaderSetup,
      );
      connect(element, 'payloader-setup', registered, null, null, 0);
      return () => koffi.unregister(registered);
    },
    addHeaderExtension: (payloader, uri, id) => {
      const extension = createExtension(uri) as Pointer | null;
      if (extension === null) return;
      setExtensionId(extension, id);
      emit(payloader, 'add-extension', 'void *', extension);
      unref(extension);
    },
    silence: (domain) => {
      if (silenced.has(domain)) return;
      silenced.add(domain);
      const registered = koffi.register(() => undefined, LogHandler);
      setLogHandler(domain, LOG_LEVEL_WARNING, registered, null);
    },
  };
}
