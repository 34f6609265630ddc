import type { NodeCodecs } from '../../../gateway/sdp/upstream-offer.ts';

/** SRS 6: one video codec per session, tracks by `a=ssrc`. */
export const SRS: NodeCodecs = {
  video: ['h264', 'av1'],
  audio: ['opus'],
  layered: [],
  ssrcRequired: true,
  servesAbsentAudio: false,
};

/** A node that serves several video codecs at once and learns SSRCs from RTP. */
export const ENGINE: NodeCodecs = {
  video: ['h264', 'vp8'],
  audio: ['opus'],
  layered: ['h264', 'vp8'],
  ssrcRequired: false,
  servesAbsentAudio: true,
};
