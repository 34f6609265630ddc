import { withFreshIdentity } from '../bench/chromium-offer.ts';
import { anOffer } from '../support/sdp/descriptions.ts';
import type { Kind } from './kind.ts';

/** What a browser offers for audio and video, new each time. */
export const chromium = (kind: Kind): string => fresh(`chromium-${kind}`);

/** The offer of a client in the wild with ICE credentials and SSRCs of its own. */
export const fresh = (name: string): string => withFreshIdentity(anOffer(name));

const OTHER_DIRECTION = { publish: 'a=sendonly', watch: 'a=recvonly' } as const;

/** The ordinary offer with another direction in each m-line. */
export function withDirection(kind: Kind, direction: string): string {
  return chromium(kind).replaceAll(OTHER_DIRECTION[kind], `a=${direction}`);
}

/** The ordinary offer with another DTLS role. */
export function withSetup(kind: Kind, setup: string): string {
  return chromium(kind).replaceAll('a=setup:actpass', `a=setup:${setup}`);
}

/** Without candidates: they would come by trickle, or be learnt from STUN. */
export function withoutCandidates(offer: string): string {
  return offer.replace(/^a=(?:candidate:.*|end-of-candidates)\r\n/gm, '');
}

/** With one candidate in the first m-line, and word that there are no more. */
export function withAllCandidates(offer: string): string {
  const [session = '', first = '', ...others] = withoutCandidates(offer).split(/^(?=m=)/m);
  const candidate = 'a=candidate:1 1 udp 2130706431 192.0.2.77 50000 typ host';
  return [session, `${first}${candidate}\r\na=end-of-candidates\r\n`, ...others].join('');
}

/** Opus beside a video codec that nobody has. */
export function withUnknownVideoCodec(kind: Kind): string {
  return eachSection(chromium(kind), (section) => {
    if (!section.startsWith('m=video')) return section;
    const kept = section
      .split('\r\n')
      .filter((line) => !/^a=(?:rtpmap|fmtp|rtcp-fb|ssrc|ssrc-group):/.test(line))
      .filter((line) => line !== '');
    const [, ...attributes] = kept;
    const video = ['m=video 9 UDP/TLS/RTP/SAVPF 96', ...attributes, 'a=rtpmap:96 X-NOBODY/90000'];
    return video.map((line) => `${line}\r\n`).join('');
  });
}

/** The video m-line twice, each with a mid and SSRCs of its own. */
export function withTwoVideos(): string {
  const offer = chromium('publish');
  const video = sectionsOf(chromium('publish')).find((section) => section.startsWith('m=video'));
  const ice = /^a=ice-ufrag:.*\r\na=ice-pwd:.*\r\n/m;
  const second = (video ?? '')
    .replace(ice, ice.exec(offer)?.[0] ?? '')
    .replace('a=mid:1', 'a=mid:2')
    .replace(/^a=msid:(\S+) \S+/m, 'a=msid:$1 second-track');
  return offer.replace('a=group:BUNDLE 0 1', 'a=group:BUNDLE 0 1 2') + second;
}

/** Audio and video of two different MediaStreams. */
export function withTwoStreams(): string {
  return eachSection(chromium('publish'), (section) =>
    section.startsWith('m=video')
      ? section
          .replace(/^a=msid:\S+/m, 'a=msid:another-stream')
          .replace(/^(a=ssrc:\d+ msid:)\S+/gm, '$1another-stream')
      : section,
  );
}

/** Without any MediaStream id at m-line level, as some encoders offer. */
export function withoutStreamIds(): string {
  return chromium('publish').replace(/^a=msid:.*\r\n/gm, '');
}

/** The same two m-lines in the other order. */
export function videoFirst(kind: Kind): string {
  const [session = '', audio = '', video = ''] = chromium(kind).split(/^(?=m=)/m);
  return session.replace('a=group:BUNDLE 0 1', 'a=group:BUNDLE 1 0') + video + audio;
}

function eachSection(offer: string, change: (section: string) => string): string {
  const [session = '', ...sections] = offer.split(/^(?=m=)/m);
  return session + sections.map(change).join('');
}

const sectionsOf = (offer: string): readonly string[] => offer.split(/^(?=m=)/m).slice(1);
