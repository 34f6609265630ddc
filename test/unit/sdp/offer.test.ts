import { describe, expect, test } from 'vitest';
import { readOffer } from '../../../gateway/sdp/offer.ts';
import { OFFER_NAMES, anOffer, append, edit, kindOf } from '../../support/sdp/descriptions.ts';
import { refusalOf } from '../../support/sdp/refusal.ts';

const AUDIO_MID = 'a=mid:0';
const publish = anOffer('chromium-publish');
const watch = anOffer('chromium-watch');
const obs = anOffer('obs-publish');

describe('clients in the wild', () => {
  test.each(OFFER_NAMES.filter((name) => !name.includes('simulcast')))(
    '[WHIP-01] the offer of %s is read',
    (name) => {
      const offer = readOffer(anOffer(name), kindOf(name));
      expect(offer.sections.some((section) => section.forwarded)).toBe(true);
    },
  );

  test('LF line ends are read like CRLF', () => {
    expect(readOffer(watch.replaceAll('\r\n', '\n'), 'watch')).toEqual(readOffer(watch, 'watch'));
  });

  test('[WHIP-19] an offer with candidates says the same as one without', () => {
    const bare = publish.replaceAll(/a=candidate:.*\r\n/g, '');
    expect(bare).not.toBe(publish);
    expect(readOffer(bare, 'publish')).toEqual(readOffer(publish, 'publish'));
  });

  test('OBS: transport lines of the session level count for every m-line', () => {
    expect(readOffer(obs, 'publish')).toMatchObject({
      ice: { ufrag: 'Rk8W', pwd: 'xWKnrPcBoFaWKoSFnWLzvA' },
      setup: 'actpass',
      bundle: ['0', '1'],
    });
  });

  test('FFmpeg: a BUNDLE group that names a missing m-line is reduced to what there is', () => {
    expect(readOffer(anOffer('ffmpeg-publish'), 'publish').bundle).toEqual(['1']);
  });

  test('[WHIP-16] FFmpeg: setup:passive is let through', () => {
    expect(readOffer(anOffer('ffmpeg-publish'), 'publish').setup).toBe('passive');
  });

  test('Meetecho: one m-line needs no BUNDLE group', () => {
    const offer = readOffer(anOffer('simple-whip-client-publish'), 'publish');
    expect(offer.bundle).toEqual([]);
    expect(offer.sections[0]).toMatchObject({ mid: 'audio0', forwarded: true });
  });

  test('GStreamer and Firefox: a bundle-only m-line with port 0 is offered', () => {
    for (const name of ['gstreamer-publish', 'firefox-watch']) {
      const offer = readOffer(anOffer(name), kindOf(name));
      expect(offer.sections.map((section) => section.forwarded)).toEqual([true, true]);
    }
  });

  test('[WHEP-13] MediaMTX: the data channel is kept in the list and not forwarded', () => {
    const { sections } = readOffer(anOffer('mediamtx-watch'), 'watch');
    expect(sections.map(({ media, forwarded }) => [media, forwarded])).toEqual([
      ['audio', true],
      ['video', true],
      ['application', false],
    ]);
  });
});

describe('directions', () => {
  test.each([
    ['publish', 'sendonly', 'accepted'],
    ['publish', 'sendrecv', 'accepted'],
    ['publish', 'recvonly', 'offer-unacceptable'],
    ['publish', 'inactive', 'offer-unacceptable'],
    ['watch', 'recvonly', 'accepted'],
    ['watch', 'sendrecv', 'accepted'],
    ['watch', 'sendonly', 'offer-unacceptable'],
    ['watch', 'inactive', 'offer-unacceptable'],
  ] as const)('[WHIP-08] [WHEP-03] %s with a=%s is %s', (kind, direction, outcome) => {
    const sdp = edit(obs, 'a=sendonly', `a=${direction}`).replace('a=sendonly', `a=${direction}`);
    expect(refusalOf(() => readOffer(sdp, kind))).toBe(outcome);
  });

  test('[WHIP-08] no direction is sendrecv, and the session level may give one', () => {
    const bare = obs.replaceAll('a=sendonly\r\n', '');
    expect(refusalOf(() => readOffer(bare, 'publish'))).toBe('accepted');
    const session = edit(bare, 's=-', 's=-', 'a=recvonly');
    expect(refusalOf(() => readOffer(session, 'publish'))).toBe('offer-unacceptable');
  });
});

describe('m-lines', () => {
  const secondVideo = publish.slice(publish.indexOf('m=video')).replace('a=mid:1', 'a=mid:2');
  const twoVideos = edit(publish, 'a=group:BUNDLE 0 1', 'a=group:BUNDLE 0 1 2') + secondVideo;

  test('[WHIP-10] two videos cannot be published', () => {
    expect(refusalOf(() => readOffer(twoVideos, 'publish'))).toBe('offer-unacceptable');
  });

  test('[PR44] of two videos a player gets the first', () => {
    const sdp = twoVideos.replaceAll('a=sendonly', 'a=recvonly');
    expect(readOffer(sdp, 'watch').sections.map((each) => each.forwarded)).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('[WHIP-10] [WHIP-11] two different MediaStreams are refused, none at all is not', () => {
    const other = edit(obs, 'a=msid:obsStream obsStream-video', 'a=msid:another video');
    expect(refusalOf(() => readOffer(other, 'publish'))).toBe('offer-unacceptable');
    const none = obs.replaceAll(/a=msid:.*\r\n/g, '');
    expect(refusalOf(() => readOffer(none, 'publish'))).toBe('accepted');
    const unnamed = edit(obs, 'a=msid:obsStream obsStream-video', 'a=msid:- video');
    expect(refusalOf(() => readOffer(unnamed, 'publish'))).toBe('accepted');
  });

  test('a data channel beside a publish is no reason to refuse it', () => {
    const data = anOffer('mediamtx-watch').replace(/[\s\S]*(?=m=application)/, '');
    expect(readOffer(publish + data, 'publish').sections.map((each) => each.forwarded)).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('an m-line that the client rejects itself stays rejected', () => {
    const sdp = publish.replace('m=video 9', 'm=video 0');
    const { sections, bundle } = readOffer(sdp, 'publish');
    expect(sections.map((section) => section.forwarded)).toEqual([true, false]);
    expect(bundle).toEqual(['0']);
  });

  test('an offer of nothing but a data channel, or of nothing, is refused', () => {
    const data = anOffer('mediamtx-watch').replaceAll(/m=(?:audio|video)[\s\S]*?(?=m=)/g, '');
    expect(refusalOf(() => readOffer(data, 'watch'))).toBe('offer-unacceptable');
    expect(refusalOf(() => readOffer('v=0\r\ns=-\r\n', 'watch'))).toBe('sdp-malformed');
  });

  test('[SR-10] several m-lines outside one BUNDLE group are refused', () => {
    for (const group of ['a=group:LS 0 1', 'a=group:BUNDLE 0']) {
      const sdp = edit(publish, 'a=group:BUNDLE 0 1', group);
      expect(refusalOf(() => readOffer(sdp, 'publish'))).toBe('offer-unacceptable');
    }
  });

  test('[SR-10] an m-line without rtcp-mux is refused unless it is only to be bundled', () => {
    const bare = edit(publish, 'a=rtcp-mux');
    expect(refusalOf(() => readOffer(bare, 'publish'))).toBe('offer-unacceptable');
    const gstreamer = anOffer('gstreamer-publish');
    const second = gstreamer.lastIndexOf('a=rtcp-mux');
    const bundled = gstreamer.slice(0, second) + gstreamer.slice(second + 'a=rtcp-mux\r\n'.length);
    expect(refusalOf(() => readOffer(bundled, 'publish'))).toBe('accepted');
  });

  test('a missing mid is made up for the node and stays missing for the client', () => {
    const sdp = edit(edit(anOffer('chromium-publish-video'), AUDIO_MID), 'a=group:BUNDLE 0');
    expect(readOffer(sdp, 'publish').sections[0]).toMatchObject({ mid: null, upstreamMid: '0' });
  });

  test('a made-up mid is none that the client uses', () => {
    const data = anOffer('mediamtx-watch')
      .replace(/a=mid:1\r\n/, '')
      .replace('a=mid:2', 'a=mid:1');
    const sdp = data.replace(/m=audio[\s\S]*?(?=m=)/, (audio) =>
      audio.replace('m=audio 9', 'm=audio 0'),
    );
    const mids = readOffer(sdp, 'watch').sections.map((section) => section.upstreamMid);
    expect(new Set(mids).size).toBe(3);
  });

  test.each(['a'.repeat(33), 'a b', 'a"b', 'ü', ''])('the mid "%s" is refused', (mid) => {
    const sdp = publish.replace('a=mid:1', `a=mid:${mid}`);
    expect(refusalOf(() => readOffer(sdp, 'publish'))).toBe('sdp-malformed');
  });
});

describe('transport', () => {
  test('[WHIP-15] [WHIP-16] an unknown setup is refused, a missing one is active (RFC 4145)', () => {
    const holdconn = edit(obs, 'a=setup:actpass', 'a=setup:holdconn');
    expect(refusalOf(() => readOffer(holdconn, 'publish'))).toBe('offer-unacceptable');
    expect(readOffer(edit(obs, 'a=setup:actpass'), 'publish').setup).toBe('active');
  });

  test('an offer without ICE credentials is refused', () => {
    const sdp = edit(obs, 'a=ice-ufrag:Rk8W');
    expect(refusalOf(() => readOffer(sdp, 'publish'))).toBe('offer-unacceptable');
  });

  test('every ufrag of the offer is known, so that trickle for any m-line is no restart', () => {
    const second = publish.lastIndexOf('a=ice-ufrag:');
    const sdp =
      publish.slice(0, second) +
      publish.slice(second).replace(/a=ice-ufrag:\S+/, 'a=ice-ufrag:other');
    expect(readOffer(sdp, 'publish').ufrags).toEqual(['Mx7D', 'other']);
  });

  test('the transport of all is that of the first m-line in BUNDLE', () => {
    const second = publish.lastIndexOf('a=ice-ufrag:');
    const sdp =
      publish.slice(0, second).replace('BUNDLE 0 1', 'BUNDLE 1 0') +
      publish.slice(second).replace(/a=ice-ufrag:\S+/, 'a=ice-ufrag:other');
    expect(readOffer(sdp, 'publish').ice.ufrag).toBe('other');
  });

  test('[WHIP-20] layers are read from rids and from SSRC groups; more than four are refused', () => {
    const layersOf = (sdp: string) =>
      readOffer(sdp, 'publish').sections.find(({ media }) => media === 'video')?.layers;
    expect(layersOf(anOffer('chromium-publish-simulcast'))).toEqual({
      rids: ['q', 'h'],
      group: [],
    });
    const group = 'a=ssrc-group:SIM 1 2 3\r\na=ssrc-group:FID 1 4\r\na=ssrc-group:FID 3 6';
    expect(layersOf(append(publish, group))?.group).toEqual([
      { primary: 1, retransmission: 4 },
      { primary: 2, retransmission: null },
      { primary: 3, retransmission: 6 },
    ]);
    expect(layersOf(publish)).toBeNull();
    const five = append(publish, 'a=ssrc-group:SIM 1 2 3 4 5');
    expect(refusalOf(() => readOffer(five, 'publish'))).toBe('simulcast-unsupported');
  });

  test.each([
    'a=rid:a send\r\na=simulcast:send a;b',
    'a=rid:a send\r\na=rid:b send\r\na=simulcast:send a;a',
    'a=rid:a\r\na=simulcast:send a',
    'a=rid:a! send',
  ])('[WHIP-20] simulcast that contradicts itself is malformed: %j', (lines) => {
    expect(refusalOf(() => readOffer(append(publish, lines), 'publish'))).toBe('sdp-malformed');
  });

  test('[WHIP-20] of alternatives the first is taken, and a player’s layers are its own affair', () => {
    const rids = ['a', 'b', 'c'].map((rid) => `a=rid:${rid} send`).join('\r\n');
    const sdp = append(publish, `${rids}\r\na=simulcast:send ~a,b;c`);
    const video = readOffer(sdp, 'publish').sections.find(({ media }) => media === 'video');
    expect(video?.layers?.rids).toEqual(['a', 'c']);
    const watch = append(anOffer('chromium-watch'), 'a=rid:a recv\r\na=simulcast:recv a');
    expect(readOffer(watch, 'watch').sections.every(({ layers }) => layers === null)).toBe(true);
  });
});
