import type Koffi from 'koffi';
import type { LibraryHandle } from 'koffi';
import { HostError } from '../../host-error.ts';
import { loadKoffi } from '../../koffi.ts';

/** Address of a GStreamer object. */
export type Pointer = bigint;

type Out = [Pointer | null];
type Call<Arguments extends unknown[], Result> = ((...given: Arguments) => Result) & {
  readonly async: (...given: [...Arguments, (error: unknown, result: Result) => void]) => void;
};

/** The functions of GStreamer's C API that the media child calls, and nothing else. */
export interface Gst {
  readonly init: Call<[null, null, Out], number>;
  readonly findFactory: Call<[string], Pointer | null>;
  readonly unref: Call<[Pointer], void>;
  readonly parseLaunch: Call<[string, Out], Pointer | null>;
  readonly getByName: Call<[Pointer, string], Pointer | null>;
  readonly getBus: Call<[Pointer], Pointer>;
  readonly popFiltered: Call<[Pointer, bigint, number], Pointer | null>;
  readonly parseError: Call<[Pointer, Out, Out], void>;
  readonly setState: Call<[Pointer, number], number>;
  readonly setArgument: Call<[Pointer, string, string], void>;
  readonly runningTime: Call<[Pointer], bigint | number>;
  readonly sendEvent: Call<[Pointer, Pointer], number>;
  readonly keyframeEvent: Call<[bigint, number, number], Pointer>;
  /** An event that begins a timeline at 0. */
  readonly timeEvent: () => Pointer;
  readonly pullSample: Call<[Pointer], Pointer | null>;
  readonly tryPullSample: Call<[Pointer, bigint], Pointer | null>;
  readonly isEos: Call<[Pointer], number>;
  readonly sampleSegment: Call<[Pointer], Pointer>;
  readonly sampleCaps: Call<[Pointer], Pointer | null>;
  readonly setSourceCaps: Call<[Pointer, Pointer], void>;
  /** Has a pipeline that does not play yet count time as one that plays. */
  readonly shareTime: (pipeline: Pointer, playing: Pointer) => void;
  readonly segmentRunningTime: Call<[Pointer, number, bigint], bigint | number>;
  readonly copyMini: Call<[Pointer], Pointer>;
  readonly sampleBuffer: Call<[Pointer], Pointer | null>;
  readonly unrefMini: Call<[Pointer], void>;
  readonly bufferSize: Call<[Pointer], bigint | number>;
  readonly bufferExtract: Call<[Pointer, number, Buffer, number], bigint | number>;
  readonly bufferAllocate: Call<[null, number, null], Pointer | null>;
  readonly bufferFill: Call<[Pointer, number, Buffer, number], bigint | number>;
  readonly pushBuffer: Call<[Pointer, Pointer], number>;
  readonly endOfStream: Call<[Pointer], number>;
  readonly messageType: (message: Pointer) => number;
  /** Text of a GError, which is freed. */
  readonly takeError: (error: Pointer) => string;
  /** Reads a property that is an unsigned 64-bit number. */
  readonly getUint64: (object: Pointer, property: string) => bigint;
  /** Whether a frame needs one before it. */
  readonly isDelta: (buffer: Pointer) => boolean;
  readonly bufferTimes: (buffer: Pointer) => {
    readonly ptsNs: bigint;
    readonly durationNs: bigint;
  };
  readonly setBufferTimes: (buffer: Pointer, ptsNs: bigint, durationNs: bigint) => void;
  /**
   * Calls back on JavaScript's thread; the streaming thread waits for it. Hands out what frees the
   * callback once the sink is gone.
   */
  readonly onNewSample: (sink: Pointer, callback: () => void) => () => void;
}

export const CLOCK_TIME_NONE = 0xffff_ffff_ffff_ffffn;
export const FORMAT_TIME = 3;
const INSTALL =
  'apt-get install libgstreamer1.0-0 libgstreamer-plugins-base1.0-0 gstreamer1.0-plugins-base ' +
  'gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly';
// 64-bit layouts: GstMiniObject has 64 bytes; in GstMessage the type follows, in GstBuffer a
// pointer to the pool and then the times.
const FLAGS_OFFSET = 16;
const DELTA_UNIT = 1 << 13;
const TYPE_OFFSET = 64;
const PTS_OFFSET = 72;
const DTS_OFFSET = 80;
const DURATION_OFFSET = 88;

/** Loads GStreamer into this process; throws a sentence with the packages when it is not there. */
export function loadGst(): Gst {
  const koffi = loadKoffi();
  const open = (name: string) => openLibrary(koffi, name);
  const gst = open('gstreamer-1.0');
  const app = open('gstapp-1.0');
  const video = open('gstvideo-1.0');
  const gobject = open('gobject-2.0');
  const glib = open('glib-2.0');
  const bind = (library: LibraryHandle, prototype: string): never =>
    library.func(prototype) as never;

  const GError = koffi.struct('GError', { domain: 'uint32_t', code: 'int', message: 'char *' });
  const NewSample = koffi.pointer(koffi.proto('int NewSample(void *sink, void *data)'));
  const getUint64 = gobject.func(
    'void g_object_get(void *, const char *property, _Out_ uint64_t *value, void *end)',
  );
  const freeError = glib.func('void g_error_free(void *error)');
  const connectSignal = gobject.func(
    'unsigned long g_signal_connect_data(void *, const char *, NewSample *, void *, void *, int)',
  );
  const newSegment = gst.func('void *gst_segment_new()');
  const initSegment = gst.func('void gst_segment_init(void *, int format)');
  const segmentEvent = gst.func('void *gst_event_new_segment(void *)');
  const freeSegment = gst.func('void gst_segment_free(void *)');
  const clockOf = gst.func('void *gst_element_get_clock(void *)');
  const useClock = gst.func('void gst_pipeline_use_clock(void *, void *)');
  const baseTimeOf = gst.func('uint64_t gst_element_get_base_time(void *)');
  const setBaseTime = gst.func('void gst_element_set_base_time(void *, uint64_t)');
  const setStartTime = gst.func('void gst_element_set_start_time(void *, uint64_t)');
  const unref = gst.func('void gst_object_unref(void *)');
  return {
    init: bind(gst, 'int gst_init_check(void *, void *, _Out_ void **error)'),
    findFactory: bind(gst, 'void *gst_element_factory_find(const char *)'),
    unref: bind(gst, 'void gst_object_unref(void *)'),
    parseLaunch: bind(gst, 'void *gst_parse_launch(const char *, _Out_ void **error)'),
    getByName: bind(gst, 'void *gst_bin_get_by_name(void *, const char *)'),
    getBus: bind(gst, 'void *gst_element_get_bus(void *)'),
    popFiltered: bind(gst, 'void *gst_bus_timed_pop_filtered(void *, uint64_t, int)'),
    parseError: bind(
      gst,
      'void gst_message_parse_error(void *, _Out_ void **error, _Out_ void **debug)',
    ),
    setState: bind(gst, 'int gst_element_set_state(void *, int)'),
    setArgument: bind(
      gst,
      'void gst_util_set_object_arg(void *, const char *name, const char *value)',
    ),
    runningTime: bind(gst, 'uint64_t gst_element_get_current_running_time(void *)'),
    sendEvent: bind(gst, 'int gst_element_send_event(void *, void *)'),
    keyframeEvent: bind(
      video,
      'void *gst_video_event_new_upstream_force_key_unit(uint64_t, int headers, uint32_t count)',
    ),
    timeEvent: () => {
      const segment = newSegment() as Pointer;
      initSegment(segment, FORMAT_TIME);
      const event = segmentEvent(segment) as Pointer;
      freeSegment(segment);
      return event;
    },
    pullSample: bind(app, 'void *gst_app_sink_pull_sample(void *)'),
    tryPullSample: bind(app, 'void *gst_app_sink_try_pull_sample(void *, uint64_t)'),
    isEos: bind(app, 'int gst_app_sink_is_eos(void *)'),
    sampleSegment: bind(gst, 'void *gst_sample_get_segment(void *)'),
    sampleCaps: bind(gst, 'void *gst_sample_get_caps(void *)'),
    setSourceCaps: bind(app, 'void gst_app_src_set_caps(void *, void *)'),
    shareTime: (pipeline, playing) => {
      const clock = clockOf(playing) as Pointer | null;
      if (clock === null) throw new Error('the pipeline does not play');
      useClock(pipeline, clock);
      unref(clock);
      // Without a start time of its own a pipeline keeps the base time that it is given.
      setStartTime(pipeline, CLOCK_TIME_NONE);
      setBaseTime(pipeline, baseTimeOf(playing));
    },
    segmentRunningTime: bind(
      gst,
      'uint64_t gst_segment_to_running_time(void *, int format, uint64_t)',
    ),
    copyMini: bind(gst, 'void *gst_mini_object_copy(void *)'),
    sampleBuffer: bind(gst, 'void *gst_sample_get_buffer(void *)'),
    unrefMini: bind(gst, 'void gst_mini_object_unref(void *)'),
    bufferSize: bind(gst, 'size_t gst_buffer_get_size(void *)'),
    bufferExtract: bind(gst, 'size_t gst_buffer_extract(void *, size_t, void *, size_t)'),
    bufferAllocate: bind(gst, 'void *gst_buffer_new_allocate(void *, size_t, void *)'),
    bufferFill: bind(gst, 'size_t gst_buffer_fill(void *, size_t, const void *, size_t)'),
    pushBuffer: bind(app, 'int gst_app_src_push_buffer(void *, void *)'),
    endOfStream: bind(app, 'int gst_app_src_end_of_stream(void *)'),
    messageType: (message) => koffi.decode(message, TYPE_OFFSET, 'uint32_t') as number,
    takeError: (error) => {
      const { message } = koffi.decode(error, GError) as { message: string };
      freeError(error);
      return message;
    },
    getUint64: (object, property) => {
      const value = [0n];
      getUint64(object, property, value, null);
      return value[0] ?? 0n;
    },
    isDelta: (buffer) =>
      ((koffi.decode(buffer, FLAGS_OFFSET, 'uint32_t') as number) & DELTA_UNIT) !== 0,
    bufferTimes: (buffer) => ({
      ptsNs: BigInt(koffi.decode(buffer, PTS_OFFSET, 'uint64_t') as bigint | number),
      durationNs: BigInt(koffi.decode(buffer, DURATION_OFFSET, 'uint64_t') as bigint | number),
    }),
    setBufferTimes: (buffer, ptsNs, durationNs) => {
      koffi.encode(buffer, PTS_OFFSET, 'uint64_t', ptsNs);
      koffi.encode(buffer, DTS_OFFSET, 'uint64_t', CLOCK_TIME_NONE);
      koffi.encode(buffer, DURATION_OFFSET, 'uint64_t', durationNs);
    },
    onNewSample: (sink, callback) => {
      const registered = koffi.register(() => {
        callback();
        return 0;
      }, NewSample);
      connectSignal(sink, 'new-sample', registered, null, null, 0);
      return () => koffi.unregister(registered);
    },
  };
}

/** Loads one of GStreamer's libraries, or throws the sentence with the packages. */
export function openLibrary(koffi: typeof Koffi, name: string): LibraryHandle {
  const file = process.platform === 'darwin' ? `lib${name}.0.dylib` : `lib${name}.so.0`;
  try {
    return koffi.load(file);
  } catch (cause) {
    throw new HostError(
      'software-missing',
      `GStreamer is not installed (${file} is missing). On Debian: ${INSTALL}`,
      { cause },
    );
  }
}
