import { randomBytes } from 'node:crypto';

/** An offer to receive, of nobody who goes on to DTLS: its fingerprint is noise. */
export function trialOffer(): string {
  const ufrag = randomBytes(6).toString('base64url').replace(/[-_]/g, 'x');
  const pwd = randomBytes(24).toString('hex').slice(0, 32);
  const fingerprint = [...randomBytes(32)]
    .map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())
    .join(':');
  const section = (mid: string, head: string, ...lines: string[]) => [
    head,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    'a=recvonly',
    'a=rtcp-mux',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=setup:actpass',
    ...lines,
  ];
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0 1',
    ...section('0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=rtpmap:111 opus/48000/2'),
    ...section(
      '1',
      'm=video 9 UDP/TLS/RTP/SAVPF 102',
      'a=rtpmap:102 H264/90000',
      'a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
    ),
    '',
  ].join('\r\n');
}
