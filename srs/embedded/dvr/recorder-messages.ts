/** What can be written into a file. */
export type RecordedVideo = 'H264' | 'VP8' | 'VP9' | 'AV1';

/** What a file is to hold, told when the publication is known. */
export interface RecordingTracks {
  readonly video: RecordedVideo | null;
  readonly audio: boolean;
}

/** From the engine to the recorder's process. */
export type ToRecorder =
  | {
      readonly type: 'begin';
      readonly id: number;
      /** Where the file goes; `[timestamp]` is the epoch millisecond of its first picture. */
      readonly path: string;
      readonly tracks: RecordingTracks;
    }
  | { readonly type: 'packets'; readonly id: number; readonly batch: Buffer }
  | {
      /** A sender report of the publisher, or what follows from it: RTP time at an instant. */
      readonly type: 'clock';
      readonly id: number;
      readonly kind: 'audio' | 'video';
      readonly ntpMs: number;
      readonly rtp: number;
    }
  | { readonly type: 'end'; readonly id: number };

/** From the recorder's process to the engine. */
export type FromRecorder =
  /** So many bytes of packets were taken in; they no longer wait. */
  | { readonly type: 'taken'; readonly id: number; readonly bytes: number }
  /** Pictures cannot be decoded until the next key frame. */
  | { readonly type: 'keyframe'; readonly id: number }
  /** A file is complete, or as much of it as could be written. */
  | {
      readonly type: 'file';
      readonly id: number;
      readonly file: string;
      readonly error: string | null;
    }
  /** Nothing more of this publication is written. */
  | { readonly type: 'ended'; readonly id: number; readonly error: string | null };
