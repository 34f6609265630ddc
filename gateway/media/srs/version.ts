import type { NodeCodecs, VideoCodec } from '../../sdp/upstream-offer.ts';

/** SRS's version triple from `/api/v1/versions`. */
export interface SrsVersion {
  readonly major: number;
  readonly minor: number;
  readonly revision: number;
}

const VIDEO_CODECS: readonly VideoCodec[] = ['h264', 'vp8', 'vp9', 'av1', 'h265'];

/** Members that a node adds to `/api/v1/features`. */
export interface RtcFeatures {
  readonly rtc_codecs?: readonly string[] | undefined;
  readonly rtc_layers?: readonly string[] | undefined;
  readonly dvr_apply?: readonly string[] | undefined;
}

/** What every SRS carries from WebRTC to WebRTC. */
export const LEAST_CODECS: NodeCodecs = {
  video: ['h264'],
  audio: ['opus'],
  layered: [],
  ssrcRequired: true,
  servesAbsentAudio: false,
};

/**
 * What a node can carry. A `rtc_codecs` list in `/api/v1/features` is believed and also says that
 * offers need no `a=ssrc` and may ask for what the source lacks; `rtc_layers` beside it lists the
 * codecs that may come in simulcast layers. Otherwise the version decides (SRS 5 and later: AV1 with
 * `codec=av1`; 7.0.123 and later: VP9).
 */
export function codecsOf(
  version: SrsVersion,
  { rtc_codecs: rtcCodecs, rtc_layers: rtcLayers = [] }: RtcFeatures,
): NodeCodecs {
  if (rtcCodecs !== undefined) {
    const listed = new Set(rtcCodecs);
    const layered = new Set(rtcLayers);
    return {
      video: VIDEO_CODECS.filter((codec) => listed.has(codec)),
      audio: ['opus'],
      layered: VIDEO_CODECS.filter((codec) => listed.has(codec) && layered.has(codec)),
      ssrcRequired: false,
      servesAbsentAudio: true,
    };
  }
  const video: VideoCodec[] = ['h264'];
  if (isAtLeast(version, 5, 0, 0)) video.push('av1');
  if (isAtLeast(version, 7, 0, 123)) video.push('vp9');
  return { ...LEAST_CODECS, video };
}

function isAtLeast(version: SrsVersion, major: number, minor: number, revision: number): boolean {
  if (version.major !== major) return version.major > major;
  if (version.minor !== minor) return version.minor > minor;
  return version.revision >= revision;
}
