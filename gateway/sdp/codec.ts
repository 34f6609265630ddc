/** A video codec by the word the gateway uses for it. */
export type VideoCodec = 'h264' | 'vp8' | 'vp9' | 'av1' | 'h265';

/** Every coding of a payload type that may pass the gateway. */
export type Codec = VideoCodec | 'opus' | 'rtx';

/** How a codec is written in `a=rtpmap`; SRS knows `opus` in this spelling in every version. */
export const RTP_NAMES = {
  h264: { encoding: 'H264', rate: 90_000, channels: null },
  vp8: { encoding: 'VP8', rate: 90_000, channels: null },
  vp9: { encoding: 'VP9', rate: 90_000, channels: null },
  av1: { encoding: 'AV1', rate: 90_000, channels: null },
  h265: { encoding: 'H265', rate: 90_000, channels: null },
  opus: { encoding: 'opus', rate: 48_000, channels: 2 },
  rtx: { encoding: 'rtx', rate: 90_000, channels: null },
} as const satisfies Record<Codec, RtpName>;

/** How a codec is called in a sentence for people. */
export const CODEC_TITLES = {
  h264: 'H.264',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
  h265: 'H.265',
} as const satisfies Record<VideoCodec, string>;

interface RtpName {
  readonly encoding: string;
  readonly rate: number;
  readonly channels: number | null;
}

/** The codec that a value of `a=rtpmap` (after the payload type) stands for, or null. */
export function codecOf(rtpmap: string): Codec | null {
  return BY_RTPMAP.get(rtpmap.toLowerCase()) ?? null;
}

/** Whether a codec carries pictures (and is not their retransmission). */
export function isVideoCodec(codec: Codec): codec is VideoCodec {
  return codec in CODEC_TITLES;
}

const BY_RTPMAP = new Map([
  ...Object.entries(RTP_NAMES).map(
    ([codec, { encoding, rate, channels }]) =>
      [
        `${encoding}/${rate}${channels === null ? '' : `/${channels}`}`.toLowerCase(),
        codec as Codec, // the keys of RTP_NAMES are the codecs
      ] as const,
  ),
  // GStreamer's players leave out the channels, of which RFC 7587 §7 allows two alone
  ['opus/48000', 'opus'] as const,
]);
