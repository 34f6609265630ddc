/** One property of an element, with why it has this value. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly reason: string;
}

/** How one GStreamer encoder is run for the lowest delay. */
export interface Encoder {
  /** Name of the element, and of the choice at the command line. */
  readonly element: string;
  readonly codec: 'H264' | 'VP8';
  readonly hardware: boolean;
  /** Raw format that it takes without a conversion of its own. */
  readonly format: 'I420' | 'NV12';
  readonly settings: readonly Setting[];
  /** Properties that depend on the frame rate. */
  readonly perRate: (fps: number) => readonly Setting[];
  /** Properties to set, also while it runs, for a target rate. */
  readonly bitrate: (kbps: number) => readonly (readonly [name: string, value: string])[];
}

/** Seconds between key frames that nobody asked for: viewers ask by PLI, recorders wait for these. */
export const KEYFRAME_SECONDS = 10;
