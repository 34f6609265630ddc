import { KEYFRAME_SECONDS, type Encoder, type Setting } from './encoder.ts';

const set = (name: string, value: string, reason: string): Setting => ({ name, value, reason });
const keyframesEvery =
  (property: string) =>
  (fps: number): readonly Setting[] => [
    set(
      property,
      String(fps * KEYFRAME_SECONDS),
      'key frames are sent when asked for; each costs a burst',
    ),
  ];
const kilobits =
  (...properties: readonly string[]) =>
  (kbps: number) =>
    properties.map((property) => [property, String(kbps)] as const);
const bits =
  (...properties: readonly string[]) =>
  (kbps: number) =>
    properties.map((property) => [property, String(kbps * 1000)] as const);

/** `extra-controls` of Video4Linux: constant rate, no B-frames, headers before every key frame. */
const v4l2Controls = (kbps: number) => {
  const controls = [
    'video_bitrate_mode=1',
    `video_bitrate=${kbps * 1000}`,
    `video_gop_size=${V4L2_GOP_FRAMES}`,
    `h264_i_frame_period=${V4L2_GOP_FRAMES}`,
    'video_b_frames=0',
    'repeat_sequence_header=1',
  ];
  return [['extra-controls', `controls,${controls.join(',')}`] as const];
};
/** Ten seconds at 30 frames per second. */
const V4L2_GOP_FRAMES = 300;

const CONSTANT_RATE = 'a constant rate keeps the network queue empty';
const NO_B_FRAMES = 'a B-frame waits for the frame after it';

/** All encoders, best first: hardware H.264, then software H.264, then VP8. */
export const ENCODERS: readonly Encoder[] = [
  {
    element: 'nvh264enc',
    codec: 'H264',
    hardware: true,
    format: 'NV12',
    settings: [
      set('preset', 'low-latency-hq', 'no look-ahead'),
      set('rc-mode', 'cbr', CONSTANT_RATE),
      set('zerolatency', 'true', 'no reordering of frames'),
      set('bframes', '0', NO_B_FRAMES),
    ],
    perRate: keyframesEvery('gop-size'),
    bitrate: kilobits('bitrate', 'max-bitrate'),
  },
  {
    element: 'vah264enc',
    codec: 'H264',
    hardware: true,
    format: 'NV12',
    settings: [
      set('rate-control', 'cbr', CONSTANT_RATE),
      set('b-frames', '0', NO_B_FRAMES),
      set('ref-frames', '1', 'one reference is the least work for every decoder'),
      set('target-usage', '6', 'speed before compression'),
    ],
    perRate: keyframesEvery('key-int-max'),
    bitrate: kilobits('bitrate'),
  },
  {
    element: 'vaapih264enc',
    codec: 'H264',
    hardware: true,
    format: 'NV12',
    settings: [
      set('rate-control', 'cbr', CONSTANT_RATE),
      set('max-bframes', '0', NO_B_FRAMES),
      set('quality-level', '6', 'speed before compression'),
    ],
    perRate: keyframesEvery('keyframe-period'),
    bitrate: kilobits('bitrate'),
  },
  {
    element: 'v4l2h264enc',
    codec: 'H264',
    hardware: true,
    format: 'NV12',
    settings: [],
    // In the controls: a set replaces all of them, also those that never change.
    perRate: () => [],
    bitrate: v4l2Controls,
  },
  {
    element: 'vtenc_h264',
    codec: 'H264',
    hardware: true,
    format: 'NV12',
    settings: [
      set('realtime', 'true', 'VideoToolbox may drop quality, not time'),
      set('allow-frame-reordering', 'false', NO_B_FRAMES),
    ],
    perRate: keyframesEvery('max-keyframe-interval'),
    bitrate: kilobits('bitrate'),
  },
  {
    element: 'mfh264enc',
    codec: 'H264',
    hardware: true,
    format: 'NV12',
    settings: [
      set('low-latency', 'true', 'one frame in, one frame out'),
      set('rc-mode', 'cbr', CONSTANT_RATE),
      set('bframes', '0', NO_B_FRAMES),
    ],
    perRate: keyframesEvery('gop-size'),
    bitrate: kilobits('bitrate'),
  },
  {
    element: 'x264enc',
    codec: 'H264',
    hardware: false,
    format: 'I420',
    settings: [
      set('tune', 'zerolatency', 'no look-ahead, no B-frames, slices in place of frame threads'),
      set(
        'speed-preset',
        'ultrafast',
        '432 frames of 720p per second on two cores, and exact in rate',
      ),
      set('vbv-buf-capacity', '200', 'a key frame may take 200 ms of the rate, not more'),
      set('byte-stream', 'true', 'what the payloader takes without a parser'),
    ],
    perRate: keyframesEvery('key-int-max'),
    bitrate: kilobits('bitrate'),
  },
  {
    element: 'openh264enc',
    codec: 'H264',
    hardware: false,
    format: 'I420',
    settings: [
      set('complexity', 'low', '476 frames of 720p per second on two cores'),
      set('rate-control', 'bitrate', CONSTANT_RATE),
      set('enable-frame-skip', 'true', 'without it noise overshoots the rate many times'),
    ],
    perRate: keyframesEvery('gop-size'),
    bitrate: bits('bitrate', 'max-bitrate'),
  },
  {
    element: 'vp8enc',
    codec: 'VP8',
    hardware: false,
    format: 'I420',
    settings: [
      set('deadline', '1', 'real time'),
      set('cpu-used', '16', 'below 12 it is too slow: 8 gives 14 frames of 720p per second'),
      set(
        'threads',
        '1',
        'threads spin while they wait for each other: on busy cores 51 ms per frame of 720p, alone 5',
      ),
      set('end-usage', 'cbr', CONSTANT_RATE),
      set('lag-in-frames', '0', 'no look-ahead'),
    ],
    perRate: keyframesEvery('keyframe-max-dist'),
    bitrate: bits('target-bitrate'),
  },
];

/** The names that `--encoder` takes. */
export const ENCODER_NAMES: readonly string[] = ENCODERS.map(({ element }) => element);
