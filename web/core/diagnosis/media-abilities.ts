import { failed, passed } from './finding.ts';
import type { Finding } from './finding.ts';

/** What a browser can receive and decode, by name. */
export interface MediaAbilities {
  readonly hasWebRtc: boolean;
  /** MIME types, e.g. `video/H264`. */
  readonly received: readonly string[];
  readonly isSecureContext: boolean;
  /** By WebCodecs, for pictures over WebSocket. */
  readonly decodesH264: boolean;
  readonly decodesOpus: boolean;
}

const H264: VideoDecoderConfig = { codec: 'avc1.42E01F', codedWidth: 1280, codedHeight: 720 };
const OPUS: AudioDecoderConfig = { codec: 'opus', sampleRate: 48_000, numberOfChannels: 2 };

/** Asks the real browser; what it does not know counts as missing. */
export async function readMediaAbilities(): Promise<MediaAbilities> {
  const has = (name: string) => name in globalThis;
  const typesOf = (kind: string) =>
    has('RTCRtpReceiver')
      ? (RTCRtpReceiver.getCapabilities(kind)?.codecs ?? []).map(({ mimeType }) => mimeType)
      : [];
  const ask = async (question: () => Promise<{ supported?: boolean }>) =>
    (await question().catch(() => ({ supported: false }))).supported === true;
  return {
    hasWebRtc: has('RTCPeerConnection'),
    received: [...new Set([...typesOf('video'), ...typesOf('audio')])],
    isSecureContext: globalThis.isSecureContext,
    decodesH264: has('VideoDecoder') && (await ask(() => VideoDecoder.isConfigSupported(H264))),
    decodesOpus: has('AudioDecoder') && (await ask(() => AudioDecoder.isConfigSupported(OPUS))),
  };
}

/** Whether this browser can show and play what is sent. */
export function judgeAbilities(abilities: MediaAbilities): Finding {
  const { hasWebRtc, received, isSecureContext, decodesH264, decodesOpus } = abilities;
  const types = received.map((type) => type.toLowerCase());
  const byWebRtc = hasWebRtc && types.includes('video/h264') && types.includes('audio/opus');
  const details = [
    `WebRTC: ${hasWebRtc ? received.filter(isMedium).join(', ') : 'missing'}`,
    `WebCodecs: H.264 ${yes(decodesH264)}, Opus ${yes(decodesOpus)}`,
    `secure page: ${yes(isSecureContext)}`,
  ];
  if (byWebRtc) return passed('codecs', 'This browser shows H.264 and plays Opus.', { details });
  const sentence = hasWebRtc
    ? 'This browser cannot receive H.264 or Opus by WebRTC.'
    : 'This browser has no WebRTC, or it is turned off.';
  return failed('codecs', sentence, { details });
}

/** Formats of repair, silence and tones say nothing here. */
const isMedium = (type: string): boolean =>
  !/\/(?:rtx|red|ulpfec|flexfec|cn|telephone-event)/i.test(type);

const yes = (is: boolean): string => (is ? 'yes' : 'no');
