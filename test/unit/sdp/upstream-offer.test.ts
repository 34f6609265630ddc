import { parse } from 'sdp-transform';
import { describe, expect, test } from 'vitest';
import { readOffer } from '../../../gateway/sdp/offer.ts';
import { type SourceMedia, toUpstreamOffer } from '../../../gateway/sdp/upstream-offer.ts';
import {
  OFFER_NAMES,
  anOffer,
  append,
  edit,
  kindOf,
  sectionOf,
} from '../../support/sdp/descriptions.ts';
import { ENGINE, SRS } from '../../support/sdp/nodes.ts';
import { refusalOf } from '../../support/sdp/refusal.ts';
import { violations } from '../../support/sdp/strict-grammar.ts';

function publishTo(node: typeof SRS, sdp: string) {
  return toUpstreamOffer(readOffer(sdp, 'publish'), node);
}

function watchOn(node: typeof SRS, sdp: string, wanted?: 'h264' | 'vp8' | 'vp9' | 'av1') {
  const source = wanted === undefined ? undefined : ({ video: wanted, audio: 'opus' } as const);
  return toUpstreamOffer(readOffer(sdp, 'watch'), node, source);
}

/** The codecs of an m-line, in its order, each once. */
function codecsOf(sdp: string, kind: 'audio' | 'video'): readonly string[] {
  const media = parse(sdp).media.find(({ type }) => type === kind);
  const types = String(media?.payloads).split(' ').map(Number);
  return [
    ...new Set(types.map((type) => media?.rtp.find((rtp) => rtp.payload === type)?.codec ?? '')),
  ];
}

describe('the firewall', () => {
  test.each(OFFER_NAMES)('[D9] of %s only known lines go to a node', (name) => {
    const offer = readOffer(anOffer(name), kindOf(name));
    const node = { ...ENGINE, video: ['h264', 'vp8', 'av1'] as const };
    expect(violations(toUpstreamOffer(offer, node).sdp)).toEqual([]);
  });

  test('[WHEP-12] a player of both asks SRS only for what the source has, the engine for sound too', () => {
    const offer = readOffer(anOffer('chromium-watch'), 'watch');
    const asked = (node: typeof SRS, source: SourceMedia): readonly string[] =>
      parse(toUpstreamOffer(offer, node, source).sdp).media.map(({ type }) => type);
    const [silent, soundOnly] = [
      { video: 'h264', audio: null },
      { video: null, audio: 'opus' },
    ] as const;
    expect([asked(SRS, silent), asked(SRS, soundOnly)]).toEqual([['video'], ['audio']]);
    expect(asked(ENGINE, silent)).toEqual(['audio', 'video']);
    // A browser starts no player whose picture never comes: nothing would be heard.
    expect(asked(ENGINE, soundOnly)).toEqual(['audio']);
  });

  test('[WHIP-08] a publish goes up as sendonly, a watch as recvonly', () => {
    const sendrecv = publishTo(SRS, anOffer('chromium-publish-sendrecv')).sdp;
    expect(parse(sendrecv).media.map(({ direction }) => direction)).toEqual([
      'sendonly',
      'sendonly',
    ]);
    const watch = watchOn(SRS, anOffer('chromium-watch').replaceAll('recvonly', 'sendrecv')).sdp;
    expect(parse(watch).media.map(({ direction }) => direction)).toEqual(['recvonly', 'recvonly']);
  });

  test('[WHEP-13] the data channel is left out, of BUNDLE too', () => {
    const { sdp } = watchOn(SRS, anOffer('mediamtx-watch'));
    expect(sdp).toContain('a=group:BUNDLE 0 1\r\n');
    expect(parse(sdp).media.map(({ type }) => type)).toEqual(['audio', 'video']);
  });

  test('Meetecho: a BUNDLE group is made for one m-line, and opus is written in lower case', () => {
    const { sdp } = publishTo(SRS, anOffer('simple-whip-client-publish'));
    expect(sdp).toContain('a=group:BUNDLE audio0\r\n');
    expect(sdp).toContain('a=rtpmap:100 opus/48000/2\r\n');
  });

  test('OBS: the transport of the session level stands in every m-line', () => {
    const { sdp } = publishTo(SRS, anOffer('obs-publish'));
    expect(parse(sdp).media.map(({ iceUfrag, setup }) => [iceUfrag, setup])).toEqual([
      ['Rk8W', 'actpass'],
      ['Rk8W', 'actpass'],
    ]);
  });
});

describe('SSRCs', () => {
  test('[SR-14] GStreamer: a publish without a=ssrc is refused where the node needs it', () => {
    const sdp = anOffer('gstreamer-publish');
    expect(refusalOf(() => publishTo(SRS, sdp))).toBe('offer-unacceptable');
    expect(refusalOf(() => publishTo(ENGINE, sdp))).toBe('accepted');
  });

  test('[SR-14] the same for audio alone', () => {
    const sdp = anOffer('simple-whip-client-publish').replaceAll(/a=ssrc:.*\r\n/g, '');
    expect(refusalOf(() => publishTo(SRS, sdp))).toBe('offer-unacceptable');
  });

  test('a track name is given to every SSRC, also where the client names none', () => {
    const sdp = anOffer('obs-publish').replaceAll(/a=ssrc:\d+ msid.*\r\n/g, '');
    expect(publishTo(SRS, sdp).sdp).toContain('a=ssrc:2894163218 msid:publisher video\r\n');
  });

  test('the retransmission of the kept codec stays with its SSRC', () => {
    const video = sectionOf(publishTo(SRS, anOffer('chromium-publish')).sdp, 1);
    expect(video).toContain('a=fmtp:109 apt=108');
    expect(video).toContain('a=ssrc-group:FID 138310352 3468600361');
    expect(video).not.toContain('a=fmtp:97 apt=96');
  });

  test('the retransmission may be declared before what it repeats', () => {
    const offer = anOffer('chromium-publish');
    const early = edit(
      offer,
      'a=ssrc-group:FID 138310352 3468600361',
      'a=ssrc:3468600361 cname:x',
    ).concat('a=ssrc-group:FID 138310352 3468600361\r\n');
    expect(publishTo(SRS, early).sdp).toBe(publishTo(SRS, offer).sdp);
  });

  test('FFmpeg 8: a retransmission that only its group names is announced', () => {
    const video = sectionOf(publishTo(SRS, anOffer('ffmpeg8-publish')).sdp, 1);
    expect(video).toContain('a=ssrc-group:FID 880242042 880242043');
    expect(video).toContain('a=ssrc:880242043 cname:publisher');
  });

  test('a codec that calls itself a retransmission is none', () => {
    const sdp = anOffer('chromium-publish').concat('a=fmtp:96 apt=108\r\n');
    expect(codecsOf(publishTo(SRS, sdp).sdp, 'video')).toEqual(['H264', 'rtx']);
  });

  test('without retransmission its SSRC is not announced either', () => {
    const sdp = anOffer('chromium-publish').replaceAll(/a=rtpmap:\d+ rtx.*\r\n/g, '');
    const { sdp: upstream } = publishTo(SRS, sdp);
    expect(upstream).not.toMatch(/FID|3468600361/);
  });

  test('nothing a client writes beside an SSRC goes up', () => {
    const sdp = anOffer('obs-publish').replaceAll('kGbN0fcYT9Y1A1', 'secret');
    expect(publishTo(SRS, sdp).sdp).not.toMatch(/secret|obsStream/);
  });
});

describe('codecs of a publish', () => {
  test('H.264 wins over what the client prefers', () => {
    const { sdp, codec } = publishTo(ENGINE, anOffer('chromium-publish'));
    expect(codec).toBe('h264');
    expect(codecsOf(sdp, 'video')).toEqual(['H264', 'rtx']);
  });

  test('packetization-mode 1 and constrained baseline come first, mode 0 not at all', () => {
    const types = String(parse(publishTo(SRS, anOffer('chromium-publish')).sdp).media[1]?.payloads);
    expect(types).toMatch(/^108 /);
    expect(types.split(' ')).not.toContain('114');
  });

  test('mode 0 is taken where it is all there is', () => {
    const sdp = anOffer('obs-publish').replace('packetization-mode=1;', '');
    expect(publishTo(SRS, sdp).sdp).toContain('packetization-mode=0');
  });

  test('GStreamer: an fmtp that SRS would not accept is completed', () => {
    const { sdp } = publishTo(ENGINE, anOffer('gstreamer-publish'));
    expect(sdp).toMatch(
      /a=fmtp:96 packetization-mode=1;profile-level-id=42c01f;.*;level-asymmetry-allowed=1\r\n/,
    );
  });

  test('[SR-11] blanks inside an fmtp are taken out', () => {
    const sdp = anOffer('obs-publish').replace('42e01f;packetization', '42E01F ; packetization');
    expect(publishTo(SRS, sdp).sdp).toContain(
      'a=fmtp:96 profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1\r\n',
    );
  });

  test.each(['gst-whepsrc-watch', 'gst-whepclientsrc-watch'])(
    '[WHEP-09] %s: OPUS/48000 without its two channels is Opus',
    (name) => {
      const { sdp } = watchOn(SRS, anOffer(name), 'h264');
      expect(sdp).toMatch(/^a=rtpmap:\d+ opus\/48000\/2\r$/m);
    },
  );

  test('AV1 alone is asked for as AV1', () => {
    const { sdp, codec } = publishTo(SRS, anOffer('chromium-publish-av1'));
    expect(codec).toBe('av1');
    expect(codecsOf(sdp, 'video')).toEqual(['AV1']);
  });

  test('[WHIP-09] VP8 alone is refused by SRS and taken by a node that has it', () => {
    const sdp = anOffer('chromium-publish-vp8');
    expect(() => publishTo(SRS, sdp)).toThrow(
      'The offer has no video codec of this media server; publish H.264 or AV1.',
    );
    expect(publishTo(ENGINE, sdp).codec).toBe('vp8');
  });

  test('[WHIP-09] audio without Opus is refused', () => {
    const sdp = edit(anOffer('chromium-publish'), 'a=rtpmap:111 opus/48000/2');
    expect(refusalOf(() => publishTo(SRS, sdp))).toBe('codec-unsupported');
  });

  test('audio is refused by a node that takes none', () => {
    const mute = { ...SRS, audio: [] };
    expect(refusalOf(() => publishTo(mute, anOffer('chromium-publish')))).toBe('codec-unsupported');
  });

  test('audio alone asks for no video codec', () => {
    expect(publishTo(SRS, anOffer('simple-whip-client-publish')).codec).toBeNull();
  });
});

describe('codecs of a watch', () => {
  const watch = anOffer('chromium-watch');

  test('[WHEP-09] the source’s codec comes first, then what the node can do besides', () => {
    const { sdp, codec } = watchOn(ENGINE, watch, 'vp8');
    expect(codec).toBe('vp8');
    expect(codecsOf(sdp, 'video')).toEqual(['VP8', 'H264']);
  });

  test('for an unknown source it is H.264 before all', () => {
    const { sdp, codec } = watchOn({ ...ENGINE, video: ['vp8', 'h264'] }, watch);
    expect(codec).toBe('h264');
    expect(codecsOf(sdp, 'video')).toEqual(['H264', 'VP8']);
  });

  test('no retransmission is asked of a node for a viewer', () => {
    expect(watchOn(SRS, watch).sdp).not.toContain('rtx');
  });

  test('a player without the source’s codec is told which one it is', () => {
    expect(() => watchOn(SRS, anOffer('firefox-watch'), 'av1')).toThrow(
      'This source is sent as AV1, which this player does not offer.',
    );
  });

  test('a player without any codec of the node is refused', () => {
    const sdp = watch.replaceAll('H264/90000', 'H263/90000').replaceAll('AV1/90000', 'XX/90000');
    expect(refusalOf(() => watchOn(SRS, sdp))).toBe('codec-unsupported');
  });

  test('[PR44] a player without Opus gets the picture alone', () => {
    const { sdp, codec } = watchOn(SRS, edit(watch, 'a=rtpmap:111 opus/48000/2'));
    expect(codec).toBe('h264');
    expect(parse(sdp).media.map(({ type }) => type)).toEqual(['video']);
  });

  test('[WHEP-14] the order of the m-lines is kept', () => {
    const { sdp } = watchOn(SRS, anOffer('chromium-watch-video-first'));
    expect(parse(sdp).media.map(({ type }) => type)).toEqual(['video', 'audio']);
  });
});

describe('[WHIP-20] simulcast', () => {
  const rids = anOffer('chromium-publish-simulcast');
  const group = append(
    anOffer('chromium-publish'),
    'a=ssrc-group:SIM 11 12 13\r\na=ssrc-group:FID 11 21\r\na=ssrc-group:FID 13 23',
  );

  test('goes to a node that has layers, with all that names them', () => {
    const named = parse(publishTo(ENGINE, rids).sdp).media[1];
    expect(named?.simulcast).toMatchObject({ dir1: 'send', list1: 'q;h' });
    expect(named?.rids).toMatchObject([{ id: 'q', direction: 'send' }, { id: 'h' }]);
    expect(named?.ext?.map(({ uri }) => uri.split(':').at(-1))).toEqual(
      expect.arrayContaining(['mid', 'rtp-stream-id', 'repaired-rtp-stream-id']),
    );
    expect(named?.ssrcs).toBeUndefined();
    const grouped = parse(publishTo(ENGINE, group).sdp).media[1];
    expect(grouped?.ssrcGroups).toEqual([
      { semantics: 'SIM', ssrcs: '11 12 13' },
      { semantics: 'FID', ssrcs: '11 21' },
      { semantics: 'FID', ssrcs: '13 23' },
    ]);
  });

  test('is refused by a node that has none, and where no codec can be layered', () => {
    for (const sdp of [rids, group]) {
      expect(refusalOf(() => publishTo(SRS, sdp))).toBe('simulcast-unsupported');
      const node = { ...ENGINE, layered: ['h265'] as const };
      expect(refusalOf(() => publishTo(node, sdp))).toBe('simulcast-unsupported');
    }
  });

  test('takes a codec that can be layered, whatever the node prefers', () => {
    const node = { ...ENGINE, layered: ['vp8'] as const };
    expect(publishTo(node, rids).codec).toBe('vp8');
  });

  test('a publisher without layers names none', () => {
    const { sdp } = publishTo(ENGINE, anOffer('chromium-publish'));
    expect(sdp).not.toMatch(/rid|simulcast|rtp-stream-id|SIM/);
  });
});
