/** What an RTP stream carries; names as the stream list shows them. */
export type VideoCodec = 'H264' | 'VP8' | 'VP9' | 'AV1';
export type Codec = VideoCodec | 'Opus';
export type TrackKind = 'audio' | 'video';

/** Order of preference when nobody asks for a codec. */
export const VIDEO_CODECS: readonly VideoCodec[] = ['H264', 'VP8', 'VP9', 'AV1'];

/** Those of which viewers can be moved between simulcast layers. */
export const LAYERED_CODECS: readonly VideoCodec[] = ['H264', 'VP8'];

export const CLOCK_RATE = { audio: 48_000, video: 90_000 } as const satisfies Record<
  TrackKind,
  number
>;

/** The codec that an rtpmap encoding name and rate mean, or null when it is not one of ours. */
export const codecOf = (encoding: string): Codec | null => {
  switch (encoding.toLowerCase()) {
    case 'h264/90000':
      return 'H264';
    case 'vp8/90000':
      return 'VP8';
    case 'vp9/90000':
      return 'VP9';
    case 'av1/90000':
      return 'AV1';
    // GStreamer's players leave the channels out.
    case 'opus/48000':
    case 'opus/48000/2':
      return 'Opus';
    default:
      return null;
  }
};

/** The RTP encoding name of a codec, as an answer spells it. */
export const rtpmapOf = (codec: Codec): string =>
  codec === 'Opus' ? 'opus/48000/2' : `${codec}/90000`;
