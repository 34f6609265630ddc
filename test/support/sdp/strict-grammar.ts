const MID = "[!#$%&'*+\\-.0-9A-Z^_`a-z{|}~]{1,32}";
const RID = '[A-Za-z0-9_-]{1,16}';
const TYPE = '(?:\\d|[1-9]\\d|1[01]\\d|12[0-7])';

/** Every line that may reach a node; written apart from the code that writes them. */
const SESSION = [
  /^v=0$/,
  /^o=- 1 2 IN IP4 0\.0\.0\.0$/,
  /^s=-$/,
  /^t=0 0$/,
  new RegExp(`^a=group:BUNDLE ${MID}(?: ${MID})?$`),
];

const MEDIA = [
  new RegExp(`^m=(?:audio|video) 9 UDP/TLS/RTP/SAVPF ${TYPE}(?: ${TYPE}){0,63}$`),
  /^c=IN IP4 0\.0\.0\.0$/,
  new RegExp(
    `^a=rtpmap:${TYPE} (?:opus/48000/2|H264/90000|VP8/90000|VP9/90000|AV1/90000|H265/90000|rtx/90000)$`,
  ),
  new RegExp(
    `^a=fmtp:${TYPE} [A-Za-z0-9-]+=[A-Za-z0-9+/=.,:-]+(?:;[A-Za-z0-9-]+=[A-Za-z0-9+/=.,:-]+)*$`,
  ),
  new RegExp(`^a=rtcp-fb:${TYPE} (?:nack|nack pli|ccm fir|transport-cc|goog-remb)$`),
  /^a=extmap:(?:[1-9]|1[0-4]) http:\/\/www\.ietf\.org\/id\/draft-holmer-rmcat-transport-wide-cc-extensions-01$/,
  /^a=extmap:(?:[1-9]|1[0-4]) http:\/\/www\.webrtc\.org\/experiments\/rtp-hdrext\/playout-delay$/,
  /^a=extmap:(?:[1-9]|1[0-4]) urn:ietf:params:rtp-hdrext:sdes:(?:mid|(?:repaired-)?rtp-stream-id)$/,
  /^a=setup:(?:actpass|active|passive)$/,
  new RegExp(`^a=mid:${MID}$`),
  /^a=(?:sendonly|recvonly)$/,
  /^a=ice-ufrag:[A-Za-z0-9+/]{4,256}$/,
  /^a=ice-pwd:[A-Za-z0-9+/]{22,256}$/,
  /^a=fingerprint:sha-256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/,
  /^a=ssrc:[1-9]\d{0,9} cname:publisher$/,
  /^a=ssrc:[1-9]\d{0,9} msid:publisher (?:audio|video)$/,
  /^a=ssrc-group:FID [1-9]\d{0,9} [1-9]\d{0,9}$/,
  /^a=ssrc-group:SIM(?: [1-9]\d{0,9}){2,4}$/,
  new RegExp(`^a=rid:${RID} send$`),
  new RegExp(`^a=simulcast:send ${RID}(?:;${RID}){1,3}$`),
  /^a=rtcp-mux$/,
  /^a=rtcp-rsize$/,
];

/** What a node must not be sent: lines outside the grammar, and what SRS refuses (SR-10, SR-11). */
export function violations(sdp: string): readonly string[] {
  const found: string[] = [];
  if (!sdp.endsWith('\r\n')) found.push('does not end with CRLF');
  const [session = '', ...media] = sdp.slice(0, -2).split(/\r\n(?=m=)/);
  found.push(...outside(session.split('\r\n'), SESSION));
  if (media.length < 1 || media.length > 2) found.push(`${media.length} m-lines`);
  for (const section of media) {
    const lines = section.split('\r\n');
    found.push(...outside(lines, MEDIA));
    const types = new Set(lines[0]?.split(' ').slice(3));
    const strangers = [...section.matchAll(/^a=(?:rtpmap|fmtp|rtcp-fb):(\d+)/gm)].filter(
      ([, type]) => !types.has(type ?? ''),
    );
    found.push(...strangers.map(([line]) => `payload type not on the m-line: ${line}`));
    const ids = [...section.matchAll(/^a=extmap:(\d+)/gm)].map(([, id]) => id);
    if (new Set(ids).size < ids.length) found.push('an extmap number twice');
    for (const once of ['a=mid:', 'a=ice-ufrag:', 'a=fingerprint:', 'a=setup:', 'a=rtcp-mux']) {
      const count = lines.filter((line) => line.startsWith(once)).length;
      if (count !== 1) found.push(`${count} times ${once}`);
    }
  }
  return found;
}

const PROTOCOL = '[A-Za-z/]{1,32}';
const FORMAT = '[A-Za-z0-9-]{1,32}';

/** Every line that a client may get in an answer; no text of a node is among them. */
const ANSWER = [
  ...SESSION.slice(0, -1),
  /^a=ice-lite$/,
  new RegExp(`^a=group:BUNDLE ${MID}(?: ${MID}){0,7}$`),
  new RegExp(`^m=[a-z]{1,16} (?:0|9) ${PROTOCOL} ${FORMAT}(?: ${FORMAT}){0,63}$`),
  ...MEDIA.filter((line) => !/ssrc|m=|rid:|simulcast/.test(line.source)),
  new RegExp(`^a=rid:${RID} recv$`),
  new RegExp(`^a=simulcast:recv ${RID}(?:;${RID}){1,3}$`),
  /^a=inactive$/,
  /^a=msid:x (?:audio|video)$/,
  /^a=ssrc:[1-9]\d{0,9} (?:cname:x|msid:x (?:audio|video))$/,
  /^a=candidate:[A-Za-z0-9+/]{1,32} 1 (?:udp|tcp) \d{1,10} [A-Za-z0-9.:-]{1,253} \d{1,5} typ host(?: tcptype (?:active|passive|so))?$/,
  /^a=end-of-candidates$/,
];

/** What a client must not be answered; its MediaStream is to be called `x`. */
export function answerViolations(sdp: string): readonly string[] {
  return sdp.endsWith('\r\n')
    ? outside(sdp.slice(0, -2).split('\r\n'), ANSWER)
    : ['does not end with CRLF'];
}

function outside(lines: readonly string[], grammar: readonly RegExp[]): string[] {
  return lines.filter((line) => !grammar.some((allowed) => allowed.test(line)));
}
