import { spawnSync } from 'node:child_process';
import { ClientProcess } from './client-process.ts';
import type { Destination } from './client-session.ts';

/** Elements that publish a test picture (H.264) and a tone (Opus). */
export type GstPublisher = 'whipsink' | 'whipclientsink';
/** Elements that play. */
export type GstPlayer = 'whepsrc' | 'whepclientsrc';

const OTHERS = ['x264enc', 'opusenc', 'rtph264pay', 'webrtcbin', 'nicesink', 'dtlsenc', 'srtpenc'];

/** Of these elements and what they need, the ones this machine lacks (see `GST_PLUGIN_PATH`). */
export function missingElements(...elements: readonly (GstPublisher | GstPlayer)[]): string[] {
  return [...elements, ...OTHERS].filter(
    (element) => spawnSync('gst-inspect-1.0', [element], { stdio: 'ignore' }).status !== 0,
  );
}

const PICTURE = 'videotestsrc is-live=true ! video/x-raw,width=640,height=360,framerate=30/1';
const TONE = 'audiotestsrc is-live=true freq=440';
const H264_RTP = 'application/x-rtp,media=video,encoding-name=H264,clock-rate=90000';
const OPUS_RTP = 'application/x-rtp,media=audio,encoding-name=OPUS,clock-rate=48000';

const PUBLISH: Readonly<Record<GstPublisher, (to: Destination) => string>> = {
  whipsink: ({ url, token }) =>
    `whipsink name=sink whip-endpoint=${url} auth-token=${token}
     ${PICTURE} ! videoconvert ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=30
     ! video/x-h264,profile=constrained-baseline
     ! rtph264pay config-interval=-1 aggregate-mode=zero-latency ! ${H264_RTP},payload=96 ! sink.
     ${TONE} ! audioconvert ! opusenc ! rtpopuspay
     ! ${OPUS_RTP},payload=97,encoding-params=(string)2 ! sink.`,
  whipclientsink: ({ url, token }) =>
    `whipclientsink name=sink signaller::whip-endpoint=${url} signaller::auth-token=${token}
     video-caps=video/x-h264 congestion-control=disabled do-fec=false
     ${PICTURE} ! sink.
     ${TONE} ! sink.`,
};

const PLAY: Readonly<Record<GstPlayer, (from: Destination) => string>> = {
  whepsrc: ({ url, token }) =>
    `whepsrc name=src whep-endpoint=${url} auth-token=${token}
     src.src_0 ! fakesink name=first silent=false
     src.src_1 ! fakesink name=second silent=false`,
  whepclientsrc: ({ url, token }) =>
    `whepclientsrc name=src signaller::whep-endpoint=${url} signaller::auth-token=${token}
     src.video_0 ! application/x-rtp ! fakesink name=first silent=false
     src.audio_0 ! application/x-rtp ! fakesink name=second silent=false`,
};

export function publishByGst(element: GstPublisher, to: Destination): ClientProcess {
  return launch(PUBLISH[element](to));
}

export function playByGst(element: GstPlayer, from: Destination): ClientProcess {
  return launch(PLAY[element](from));
}

/** How many pictures or sounds have arrived: packets of one have one time stamp. */
export function arrived(player: ClientProcess, what: 'pictures' | 'sound'): number {
  const caps = what === 'pictures' ? 'media=(string)video' : 'media=(string)audio';
  const lines = player.output.split('\n').filter((line) => line.includes('GstFakeSink:'));
  const sink = /GstFakeSink:(\w+)/.exec(lines.find((line) => line.includes(caps)) ?? '')?.[1];
  const times = lines
    .filter((line) => line.includes(`GstFakeSink:${sink}: last-message = chain`))
    .map((line) => / pts: (\S+),/.exec(line)?.[1]);
  return new Set(times).size;
}

function launch(pipeline: string): ClientProcess {
  return new ClientProcess('gst-launch-1.0', ['-v', ...pipeline.trim().split(/\s+/)]);
}
