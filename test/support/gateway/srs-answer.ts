/** Which media of an offer the pretended SRS has a track for. */
export type Served = readonly ('audio' | 'video')[];

/**
 * The answer that SRS 6 writes to an offer: one section for each m-line that it has a track for, the
 * others left out, the first payload type of each (srs.md §4).
 */
export function srsAnswer(
  offer: string,
  options: { readonly publishes: boolean; readonly ufrag: string; readonly served?: Served },
): string {
  const { publishes, ufrag, served = ['audio', 'video'] } = options;
  const sections = offer
    .split(/^(?=m=)/m)
    .slice(1)
    .map((text) => text.split('\r\n').filter((line) => line !== ''))
    .filter(([head = '']) => served.some((media) => head.startsWith(`m=${media} `)));
  const mids = sections.map((lines) => valueOf(lines, 'a=mid:'));
  return [
    'v=0',
    'o=SRS/6.0.157(Hang) 94597817461664 2 IN IP4 0.0.0.0',
    publishes ? 's=SRSPublishSession' : 's=SRSPlaySession',
    't=0 0',
    'a=ice-lite',
    `a=group:BUNDLE ${mids.join(' ')}`,
    'a=msid-semantic: WMS live/s1',
    ...sections.flatMap((lines) => answerSection(lines, publishes, ufrag)),
    '',
  ].join('\r\n');
}

function answerSection(lines: readonly string[], publishes: boolean, ufrag: string): string[] {
  const [media = '', , protocol = '', payload = ''] = (lines[0] ?? '').split(' ');
  const ofPayload = lines.filter((line) =>
    [`a=rtpmap:${payload} `, `a=fmtp:${payload} `].some((start) => line.startsWith(start)),
  );
  const setup = valueOf(lines, 'a=setup:') === 'passive' ? 'active' : 'passive';
  return [
    `${media} 9 ${protocol} ${payload}`,
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${ufrag}`,
    'a=ice-pwd:56iu7788lp9f5w9315p485559a8354y1',
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => '20').join(':')}`,
    `a=setup:${setup}`,
    `a=mid:${valueOf(lines, 'a=mid:')}`,
    publishes ? 'a=recvonly' : 'a=sendonly',
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...ofPayload,
    ...lines.filter(isOfLayers).map((line) => line.replace('send', 'recv')),
    ...(publishes ? [] : ['a=ssrc:7001 cname:srs', 'a=ssrc:7001 label:video-1']),
    'a=candidate:0 1 udp 2130706431 127.0.0.1 8000 typ host generation 0',
  ];
}

const isOfLayers = (line: string): boolean => /^a=(?:rid|simulcast):/.test(line);

/** What follows `start` in the first line that begins so. */
function valueOf(lines: readonly string[], start: string): string {
  return lines.find((line) => line.startsWith(start))?.slice(start.length) ?? '';
}

/** The client's ICE user name in an offer. */
export const ufragOf = (offer: string): string => valueOf(offer.split('\r\n'), 'a=ice-ufrag:');
