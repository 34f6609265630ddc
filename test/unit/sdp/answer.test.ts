import { parse } from 'sdp-transform';
import { describe, expect, test } from 'vitest';
import { repairAnswer } from '../../../gateway/sdp/answer.ts';
import { readOffer } from '../../../gateway/sdp/offer.ts';
import {
  aNodeAnswer,
  anOffer,
  append,
  edit,
  kindOf,
  sectionOf,
} from '../../support/sdp/descriptions.ts';
import { refusalOf } from '../../support/sdp/refusal.ts';

const published = aNodeAnswer('srs6-publish');
const watched = aNodeAnswer('srs6-watch');
const videoOnly = aNodeAnswer('srs6-watch-video-only');
const audioOnly = published
  .slice(0, published.indexOf('m=video'))
  .replace('BUNDLE 0 1', 'BUNDLE 0')
  .replace('a=recvonly', 'a=sendonly');

function repair(answer: string, offer: string) {
  return repairAnswer(answer, readOffer(anOffer(offer), kindOf(offer)), {
    mediaStreamId: 'pixelcast',
  });
}

/** What a browser compares first: kind, port, mid and direction of every m-line. */
function shapeOf(sdp: string): readonly string[] {
  return parse(sdp).media.map(({ type, port, mid, direction }) =>
    [type, port, mid, direction].map(String).join(' '),
  );
}

describe('a publish', () => {
  const { sdp, ...settled } = repair(published, 'chromium-publish');

  test('[WHIP-07] [WHIP-12] [WHIP-14] every m-line is answered recvonly in one BUNDLE group', () => {
    expect(shapeOf(sdp)).toEqual(['audio 9 0 recvonly', 'video 9 1 recvonly']);
    expect(sdp).toContain('a=group:BUNDLE 0 1\r\n');
    expect(parse(sdp).media.every(({ rtcpMux }) => rtcpMux !== undefined)).toBe(true);
  });

  test('what was settled is told', () => {
    expect(settled).toMatchObject({ video: 'h264', audio: 'opus' });
    expect(settled.iceUfrag).toBe(parse(published).media[0]?.iceUfrag);
    expect(settled.icePwd).toBe(parse(published).media[0]?.icePwd);
  });

  test('[WHIP-18] [SR-16] nothing names the node; ICE-lite stands at session level', () => {
    expect(sdp).not.toMatch(/SRS|Hang|WMS|generation|sdp\//);
    expect(sectionOf(sdp, -1)).toEqual([
      'v=0',
      'o=- 1 2 IN IP4 0.0.0.0',
      's=-',
      't=0 0',
      'a=ice-lite',
      'a=group:BUNDLE 0 1',
    ]);
  });

  test('[WHIP-17] the tagged m-line has the complete candidate list', () => {
    expect(sectionOf(sdp, 0)).toContain('a=candidate:0 1 udp 2130706431 127.0.0.1 8123 typ host');
    expect(sectionOf(sdp, 0)).toContain('a=end-of-candidates');
  });

  test('[WHIP-13] rtcp-mux-only is left out', () => {
    const answer = append(published, 'a=rtcp-mux-only', 'a=unknown:1');
    expect(repair(answer, 'chromium-publish').sdp).toBe(sdp);
  });

  test('bitrate hints for Chromium stay', () => {
    const hinted = published.replace('profile-level-id=42e01f', '$&;x-google-start-bitrate=2500');
    expect(repair(hinted, 'chromium-publish').sdp).toContain(
      '42e01f;x-google-start-bitrate=2500\r\n',
    );
  });

  test('[WHIP-09] an m-line without an answer refuses the whole publish', () => {
    const noAudio = published.replace(/m=audio[\s\S]*?(?=m=video)/, '');
    const noVideo = published.slice(0, published.indexOf('m=video'));
    expect(refusalOf(() => repair(noAudio, 'chromium-publish'))).toBe('offer-unacceptable');
    expect(refusalOf(() => repair(noVideo, 'chromium-publish'))).toBe('codec-unsupported');
  });

  test('a retransmission that was offered may be answered', () => {
    const answer = published
      .replace('SAVPF 108', 'SAVPF 108 109')
      .concat('a=rtpmap:109 rtx/90000\r\na=fmtp:109 apt=108\r\n');
    expect(sectionOf(repair(answer, 'chromium-publish').sdp, 1)).toContain('a=fmtp:109 apt=108');
  });

  test('no MediaStream is named to a publisher', () => {
    expect(sdp).not.toMatch(/a=(?:msid|ssrc)/);
  });

  test('payload types that were not offered are dropped, and repeats of such', () => {
    const answer = published
      .replace('SAVPF 108', 'SAVPF 108 118 77 103')
      .concat('a=rtpmap:118 red/90000\r\na=rtpmap:77 rtx/90000\r\na=fmtp:77 apt=108\r\n')
      .concat('a=rtpmap:103 rtx/90000\r\na=fmtp:103 apt=102\r\n');
    expect(repair(answer, 'chromium-publish').sdp).toBe(sdp);
  });

  test('Meetecho: no BUNDLE group is answered to an offer without one', () => {
    const answer = audioOnly
      .replaceAll('111', '100')
      .replace('a=mid:0', 'a=mid:audio0')
      .replace('a=sendonly', 'a=recvonly');
    const repaired = repair(answer, 'simple-whip-client-publish').sdp;
    expect(repaired).not.toContain('a=group');
    expect(shapeOf(repaired)).toEqual(['audio 9 audio0 recvonly']);
    expect(repaired).toContain('a=end-of-candidates');
  });

  test('an offer without mids is answered without mids', () => {
    const bare = edit(edit(anOffer('chromium-publish-video'), 'a=mid:0'), 'a=group:BUNDLE 0');
    const offer = readOffer(bare, 'publish');
    const answer = published
      .replace(/m=audio[\s\S]*?(?=m=video)/, '')
      .replace('a=mid:1', 'a=mid:0');
    expect(repairAnswer(answer, offer, { mediaStreamId: 'x' }).sdp).not.toMatch(/a=(?:mid|group)/);
  });
});

describe('a watch', () => {
  const { sdp } = repair(watched, 'chromium-watch');

  test('[WHEP-02] every m-line is answered sendonly', () => {
    expect(shapeOf(sdp)).toEqual(['audio 9 0 sendonly', 'video 9 1 sendonly']);
  });

  test('[WHIP-07] [WHEP-02] a direction of the node’s is corrected', () => {
    const wrong = watched.replaceAll('a=sendonly', 'a=sendrecv');
    expect(repair(wrong, 'chromium-watch').sdp).toBe(sdp);
  });

  test('[WHEP-11] all tracks are of one MediaStream, and the publisher’s is not named', () => {
    expect(sectionOf(sdp, 0)).toContain('a=msid:pixelcast audio');
    expect(sectionOf(sdp, 1)).toContain('a=msid:pixelcast video');
    const ssrcs = sectionOf(sdp, 1).filter((line) => line.startsWith('a=ssrc:'));
    expect(ssrcs).toEqual([
      'a=ssrc:42464608 cname:pixelcast',
      'a=ssrc:42464608 msid:pixelcast video',
    ]);
    expect(sdp).not.toMatch(/publisher|label/);
  });

  test('[WHEP-14] a video-first offer is answered video first', () => {
    const swapped = watched.replace(/(m=audio[\s\S]*?)(m=video[\s\S]*)/, '$2$1');
    const mids = swapped
      .replace('a=mid:1', 'a=mid:x')
      .replace('a=mid:0', 'a=mid:1')
      .replace('a=mid:x', 'a=mid:0');
    for (const answer of [mids, mids.replace(/(m=video[\s\S]*?)(m=audio[\s\S]*)/, '$2$1')]) {
      const repaired = repair(answer, 'chromium-watch-video-first').sdp;
      expect(shapeOf(repaired)).toEqual(['video 9 0 sendonly', 'audio 9 1 sendonly']);
      expect(sectionOf(repaired, 0)).toContain('a=end-of-candidates');
    }
  });

  test('[WHEP-12] an m-line that the source has not is rejected at its place, outside BUNDLE', () => {
    const { sdp: repaired, video, audio } = repair(audioOnly, 'chromium-watch');
    expect(sectionOf(repaired, 1)).toEqual([
      'm=video 0 UDP/TLS/RTP/SAVPF 96',
      'c=IN IP4 0.0.0.0',
      'a=mid:1',
      'a=inactive',
    ]);
    expect(repaired).toContain('a=group:BUNDLE 0\r\n');
    expect({ video, audio }).toEqual({ video: null, audio: 'opus' });
  });

  test('[WHEP-12] the tagged m-line is not rejected but idle, or Chromium fails on RTCP mux', () => {
    const { sdp: repaired, audio } = repair(videoOnly, 'chromium-watch');
    expect(shapeOf(repaired)).toEqual(['audio 9 0 inactive', 'video 9 1 sendonly']);
    expect(repaired).toContain('a=group:BUNDLE 0 1\r\n');
    expect(sectionOf(repaired, 0)).toContain('a=end-of-candidates');
    expect(sectionOf(repaired, 0).some((line) => /^a=(?:msid|ssrc)/.test(line))).toBe(false);
    expect(audio).toBeNull();
  });

  test('[WHEP-12] an idle m-line names one payload type', () => {
    const answer = audioOnly.replaceAll(' 0\r\n', ' 1\r\n').replace('a=mid:0', 'a=mid:1');
    const { sdp: repaired } = repair(answer, 'chromium-watch-video-first');
    expect(sectionOf(repaired, 0)[0]).toBe('m=video 9 UDP/TLS/RTP/SAVPF 96');
  });

  test('[WHEP-13] the data channel is put back rejected', () => {
    const { sdp: repaired } = repair(watched, 'mediamtx-watch');
    expect(sectionOf(repaired, 2)).toEqual([
      'm=application 0 UDP/DTLS/SCTP webrtc-datachannel',
      'c=IN IP4 0.0.0.0',
      'a=mid:2',
      'a=inactive',
    ]);
    expect(repaired).toContain('a=group:BUNDLE 0 1\r\n');
  });

  test('the node’s own rejection of an m-line counts as no answer', () => {
    const answer = watched.replace('m=video 9', 'm=video 0');
    expect(shapeOf(repair(answer, 'chromium-watch').sdp)[1]).toBe('video 0 1 inactive');
  });

  test('the publisher’s profile is not answered where the player offered another', () => {
    const high = watched.replace('profile-level-id=42e01f', 'profile-level-id=640c1f');
    expect(repair(high, 'chromium-watch').sdp).toBe(sdp);
    const none = watched.replace(/a=fmtp:108.*\r\n/, '');
    expect(repair(none, 'chromium-watch').sdp).toBe(sdp);
  });

  test('header extensions and feedback that were not offered are dropped', () => {
    const answer = watched.replace(
      'a=mid:0',
      '$&\r\na=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=rtcp-fb:111 nack',
    );
    expect(repair(answer, 'chromium-watch').sdp).toBe(sdp);
  });

  test('[SR-15] AV1 under an H.264 number is no answer', () => {
    const answer = watched.replace('H264/90000', 'AV1/90000');
    expect(refusalOf(() => repair(answer, 'chromium-watch'))).toBe('upstream-rejected');
  });
});

test('reduced-size RTCP is answered only where it was offered', () => {
  const offered = anOffer('chromium-watch');
  const bare = readOffer(edit(offered, 'a=rtcp-rsize'), 'watch');
  const { sdp } = repairAnswer(watched, bare, { mediaStreamId: 'x' });
  expect(sectionOf(sdp, 0)).not.toContain('a=rtcp-rsize');
  expect(sectionOf(sdp, 1)).toContain('a=rtcp-rsize');
});

describe('candidates', () => {
  const HOST = 'a=candidate:0 1 udp 2130706431 127.0.0.1 8123 typ host generation 0';
  const withCandidates = (...lines: string[]) => watched.replaceAll(HOST, lines.join('\r\n'));

  test('every host candidate is announced once', () => {
    const answer = withCandidates(
      HOST,
      'a=candidate:1 1 udp 2130706431 2001:db8::7 8123 typ host generation 0',
      'a=candidate:2 1 tcp 2130706431 127.0.0.1 8123 typ host tcptype passive',
      'a=candidate:3 1 udp 1 192.0.2.1 8123 typ srflx raddr 10.0.0.1 rport 9',
      'a=candidate:garbage',
    );
    const lines = sectionOf(repair(answer, 'chromium-watch').sdp, 0);
    expect(lines.filter((line) => line.startsWith('a=candidate'))).toEqual([
      'a=candidate:0 1 udp 2130706431 127.0.0.1 8123 typ host',
      'a=candidate:1 1 udp 2130706431 2001:db8::7 8123 typ host',
      'a=candidate:2 1 tcp 2130706431 127.0.0.1 8123 typ host tcptype passive',
    ]);
  });

  test.each([
    ['none', ['a=x']],
    ['0.0.0.0', ['a=candidate:0 1 udp 1 0.0.0.0 8123 typ host']],
    ['TCP alone', ['a=candidate:0 1 tcp 1 127.0.0.1 8123 typ host tcptype passive']],
    ['port 0', ['a=candidate:0 1 udp 1 127.0.0.1 0 typ host']],
  ])('[WHIP-17] an answer with %s is rejected', (_, lines) => {
    expect(refusalOf(() => repair(withCandidates(...lines), 'chromium-watch'))).toBe(
      'upstream-rejected',
    );
  });
});

describe('a node that cannot be trusted', () => {
  test.each([
    ['10 MiB', watched.padEnd(10 * 1024 * 1024, 'a=x\r\n')],
    ['no line ends', watched.replaceAll('\r\n', ' ')],
    ['HTML', '<html>502</html>'],
    ['nothing', ''],
    ['no m-lines', watched.slice(0, watched.indexOf('m=audio'))],
    ['a CR inside a line', watched.replace('a=mid:0', 'a=mid:0\rx')],
    ['another mid', watched.replace('a=mid:0', 'a=mid:9')],
    ['no mid', edit(watched, 'a=mid:0')],
    ['the same m-line twice', watched.concat(watched.slice(watched.indexOf('m=video')))],
    ['another kind of m-line', watched.replace('m=audio', 'm=video')],
    [
      'the other kind under a mid',
      watched.replace('a=mid:1', 'a=mid:x').replace('a=mid:0', 'a=mid:1'),
    ],
    ['no ufrag', watched.replaceAll(/a=ice-ufrag.*\r\n/g, '')],
    ['a short ufrag', watched.replaceAll(/a=ice-ufrag.*/g, 'a=ice-ufrag:a')],
    ['no pwd', watched.replaceAll(/a=ice-pwd.*\r\n/g, '')],
    ['no fingerprint', watched.replaceAll(/a=fingerprint.*\r\n/g, '')],
    ['a SHA-1 fingerprint', watched.replaceAll('sha-256', 'sha-1')],
    ['setup:actpass', watched.replaceAll('a=setup:passive', 'a=setup:actpass')],
    ['no setup', watched.replaceAll('a=setup:passive\r\n', '')],
    ['no codec that was offered', watched.replaceAll('111', '112')],
  ])('[HOSTILE-33] [HOSTILE-34] %s is upstream-rejected', (_, answer) => {
    expect(refusalOf(() => repair(answer, 'chromium-watch'))).toBe('upstream-rejected');
  });

  test('[HOSTILE-34] an answer to an m-line that was held back is upstream-rejected', () => {
    const third = (text: string) =>
      text.concat(text.slice(text.indexOf('m=video')).replace('a=mid:1', 'a=mid:2'));
    const text = third(anOffer('chromium-watch')).replace('BUNDLE 0 1', 'BUNDLE 0 1 2');
    const offer = readOffer(text, 'watch');
    const act = () => repairAnswer(third(watched), offer, { mediaStreamId: 'x' });
    expect(refusalOf(act)).toBe('upstream-rejected');
  });

  test.each([
    ['actpass', 'active', 'accepted'],
    ['actpass', 'passive', 'accepted'],
    ['active', 'passive', 'accepted'],
    ['active', 'active', 'upstream-rejected'],
    ['passive', 'active', 'accepted'],
    ['passive', 'passive', 'upstream-rejected'],
  ])('[WHIP-15] [SR-17] setup:%s may be answered setup:%s: %s', (offered, answered, outcome) => {
    const text = anOffer('chromium-watch').replaceAll('a=setup:actpass', `a=setup:${offered}`);
    const answer = watched.replaceAll('a=setup:passive', `a=setup:${answered}`);
    const offer = readOffer(text, 'watch');
    expect(refusalOf(() => repairAnswer(answer, offer, { mediaStreamId: 'x' }))).toBe(outcome);
  });
});

describe('[WHIP-20] a publish with layers', () => {
  const answered = (lines: string) =>
    repair(append(published, lines), 'chromium-publish-simulcast');

  test('is answered with every layer, in the order of the offer', () => {
    const { sdp } = answered('a=rid:h recv\r\na=rid:q recv\r\na=simulcast:recv h;q');
    expect(parse(sdp).media[1]).toMatchObject({
      rids: [
        { id: 'q', direction: 'recv' },
        { id: 'h', direction: 'recv' },
      ],
      simulcast: { dir1: 'recv', list1: 'q;h' },
    });
  });

  test.each(['a=rid:h recv\r\na=simulcast:recv h', 'a=x:y'])(
    'is no answer when a layer is missing: %j',
    (lines) => {
      expect(refusalOf(() => answered(lines))).toBe('upstream-rejected');
    },
  );
});
