import { TRANSPORT_CC_ID, TRANSPORT_CC_URI } from '../publish/offer.ts';
import type { PublisherName } from './plan.ts';

/** Names of the appsrcs that a capture is passed into. */
export const SOURCES = { picture: 'picture-in', sound: 'sound-in' } as const;
/** Names of the sinks that RTP packets leave by. */
export const SINKS = { video: 'video', audio: 'audio' } as const;
/** GStreamer's own publishing element, and what the picture's encoded frames go through before it. */
export const WHIP_ELEMENT = 'whip';
export const ENCODED_ELEMENT = 'encoded';
/** With the header extension and SRTP's tag a packet stays below 1200 bytes, as browsers' do. */
export const RTP_BYTES = 1150;
const SINK = 'emit-signals=true sync=false async=false max-buffers=200 buffer-list=false';

/** Properties of the picture's payloader: headers before each key frame, and no frame waits. */
export const PACKER_OPTIONS = {
  H264: [
    ['config-interval', '-1'],
    ['aggregate-mode', 'zero-latency'],
  ],
  VP8: [['picture-id-mode', '15-bit']],
} as const;

/** Where an RTP stream's numbers begin. */
export interface RtpStart {
  readonly ssrc: number;
  readonly timestampOffset: number;
}

/** How encoded streams leave a pipeline, as parts of its description. */
export interface Outlet {
  /** Elements that stand beside the streams. */
  readonly beside: string;
  readonly video: string;
  readonly audio: string;
  readonly elements: readonly string[];
}

interface OutletParts {
  readonly codec: 'H264' | 'VP8';
  readonly video: RtpStart;
  readonly audio: RtpStart;
}

export function describeOutlet(publisher: PublisherName, parts: OutletParts): Outlet {
  switch (publisher) {
    case 'native':
      return nativeOutlet(parts);
    case 'whipsink':
      return whipsinkOutlet(parts);
    case 'whipclientsink':
      return whipclientsinkOutlet(parts);
  }
}

function nativeOutlet(parts: OutletParts): Outlet {
  return {
    beside: '',
    video: `${videoPacker(parts)} ! appsink name=${SINKS.video} ${SINK}`,
    audio: `${audioPacker(parts)} ! appsink name=${SINKS.audio} ${SINK}`,
    elements: [packerOf(parts), 'appsink'],
  };
}

/** It takes RTP: what is offered stands in the caps of its pads. */
function whipsinkOutlet(parts: OutletParts): Outlet {
  const common = `payload=${VIDEO_TYPE},extmap-${TRANSPORT_CC_ID}=(string)${TRANSPORT_CC_URI}`;
  const video =
    `application/x-rtp,media=video,encoding-name=${parts.codec},clock-rate=90000,${common},` +
    'rtcp-fb-nack-pli=(boolean)true,rtcp-fb-ccm-fir=(boolean)true,rtcp-fb-transport-cc=(boolean)true';
  const audio =
    'application/x-rtp,media=audio,encoding-name=OPUS,clock-rate=48000,encoding-params=(string)2,' +
    `payload=${AUDIO_TYPE},extmap-${TRANSPORT_CC_ID}=(string)${TRANSPORT_CC_URI}`;
  return {
    beside: `whipsink name=${WHIP_ELEMENT} timeout=0`,
    video: `identity name=${ENCODED_ELEMENT} ! ${videoPacker(parts)} ! ${video} ! ${WHIP_ELEMENT}.sink_0`,
    audio: `${audioPacker(parts)} ! ${audio} ! ${WHIP_ELEMENT}.sink_1`,
    elements: [packerOf(parts), 'identity', 'whipsink'],
  };
}

/** It takes encoded frames: the encoder, its settings and its rate stay the project's. */
function whipclientsinkOutlet({ codec }: OutletParts): Outlet {
  const caps = codec === 'VP8' ? 'video/x-vp8' : 'video/x-h264';
  return {
    // SRS knows no FEC. Its own congestion control would move only an encoder of its own.
    beside:
      `whipclientsink name=${WHIP_ELEMENT} video-caps=${caps} audio-caps=audio/x-opus ` +
      'do-fec=false congestion-control=disabled',
    video: `identity name=${ENCODED_ELEMENT} ! ${WHIP_ELEMENT}.video_0`,
    audio: `identity ! ${WHIP_ELEMENT}.audio_0`,
    elements: ['identity', 'whipclientsink'],
  };
}

const VIDEO_TYPE = 96;
const AUDIO_TYPE = 97;

const packerOf = ({ codec }: OutletParts): string => (codec === 'VP8' ? 'rtpvp8pay' : 'rtph264pay');

function videoPacker(parts: OutletParts): string {
  const options = PACKER_OPTIONS[parts.codec].map(([name, value]) => `${name}=${value}`).join(' ');
  return `${packerOf(parts)} ${options} pt=${VIDEO_TYPE} ${common(parts.video)}`;
}

function audioPacker({ audio }: OutletParts): string {
  return `rtpopuspay pt=${AUDIO_TYPE} ${common(audio)}`;
}

function common({ ssrc, timestampOffset }: RtpStart): string {
  // Timestamps follow the pipeline's clock exactly: sender reports are made from it.
  return `mtu=${RTP_BYTES} ssrc=${ssrc} timestamp-offset=${timestampOffset} perfect-rtptime=false`;
}
