import dns from 'node:dns';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { HostileStage } from '../../support/gateway/hostile-stage.ts';
import { anOffer, append, edit } from '../../support/sdp/descriptions.ts';

const OFFER = anOffer('chromium-publish');
const MIB = 1024 * 1024;
const many = (count: number, line: string) => append(OFFER, ...Array<string>(count).fill(line));

describe('lines that end an SRS process', () => {
  test.each([
    'a=rtcp-fb:96',
    'a=ssrc:1 cname',
    'a=ssrc:1',
    'a=ssrc-group:FID',
    'a=ssrc-group:FID 1',
  ])('[HOSTILE-01] %s is dropped', async (line) => {
    const stage = await HostileStage.open();
    await stage.throws({ body: append(OFFER, line) }, { status: [201], reaches: true });
    expect(stage.srs.offers[0]?.body).not.toContain(`${line}\r\n`);
  });

  test('[HOSTILE-01] y= is refused', async () => {
    const stage = await HostileStage.open();
    await stage.throws({ body: edit(OFFER, 's=-', 's=-', 'y=1') }, { status: [400] });
  });
});

describe('too much', () => {
  const mLine = 'm=audio 9 UDP/TLS/RTP/SAVPF 111';
  const candidate = 'a=candidate:1 1 udp 1 ::1 1 typ host';
  test.each([
    ['10,000 m-lines', many(10_000, mLine), 413],
    ['9 m-lines', many(7, mLine), 400],
    ['100,000 payload types', append(OFFER, `${mLine}${' 1'.repeat(100_000)}`), 413],
    [
      '65 payload types',
      append(OFFER, `m=audio 9 UDP/TLS/RTP/SAVPF ${[...Array(65).keys()].join(' ')}`),
      400,
    ],
    ['50,000 candidates', many(50_000, candidate), 413],
    ['1,000 candidates', many(1000, candidate), 400],
    ['a line of 1 MiB', append(OFFER, `a=${'x'.repeat(MIB)}`), 413],
    ['a line of 1025 characters', append(OFFER, `a=${'x'.repeat(1023)}`), 400],
    ['513 lines in a section', many(513, 'a=x'), 400],
    ['65 SSRC lines', many(65, 'a=ssrc:1 cname:x'), 400],
  ])('[HOSTILE-02] %s are refused', async (_, body, status) => {
    const stage = await HostileStage.open();
    await stage.throws({ body }, { status: [status] });
  });
});

describe('two readings', () => {
  const thousand = Array.from({ length: 400 }, () => 'x').join(' ');
  test.each([
    ['a mid twice', OFFER.replace('a=mid:1', 'a=mid:0'), 400],
    [
      'two BUNDLE groups',
      edit(OFFER, 'a=group:BUNDLE 0 1', 'a=group:BUNDLE 0', 'a=group:BUNDLE 1'),
      400,
    ],
    ['two v= lines', edit(OFFER, 's=-', 'v=0'), 400],
    ['a BUNDLE that names an unknown mid', OFFER.replace('BUNDLE 0 1', 'BUNDLE 0 1 x'), 201],
    ['a BUNDLE of 400 mids', OFFER.replace('BUNDLE 0 1', `BUNDLE 0 1 ${thousand}`), 201],
    ['a BUNDLE without the video', OFFER.replace('BUNDLE 0 1', 'BUNDLE 0 x'), 422],
  ])('[HOSTILE-03] %s is made one or refused', async (_, body, status) => {
    const stage = await HostileStage.open();
    await stage.throws({ body }, { status: [status], reaches: status === 201 });
  });
});

describe('characters', () => {
  test.each([
    ['a bare CR', OFFER.replace('a=mid:0', 'a=mid:0\ra=mid:7')],
    ['CR CR LF', OFFER.replace('a=mid:0\r\n', 'a=mid:0\r\r\n')],
    ['NUL', OFFER.replace('s=-', 's=\0')],
    ['U+2028', OFFER.replace('s=-', 's=\u2028')],
    ['invalid UTF-8', Buffer.from(OFFER.replace('s=-', 's=\xff\xfe'), 'latin1')],
    ['an overlong encoding', Buffer.from(OFFER.replace('s=-', 's=\xc0\xaf'), 'latin1')],
    ['a byte order mark', `\ufeff${OFFER}`],
    ['UTF-16', Buffer.from(OFFER, 'utf16le')],
    ['nothing at all', ''],
  ])('[HOSTILE-04] %s in an offer is 400', async (_, body) => {
    const stage = await HostileStage.open();
    await stage.throws({ body }, { status: [400] });
  });
});

describe('keys', () => {
  const withKey = (name: string, value: string) =>
    OFFER.replaceAll(new RegExp(`a=${name}:.*`, 'g'), `a=${name}:${value}`);
  test.each([
    ['a ufrag of 3', withKey('ice-ufrag', 'abc')],
    ['a ufrag of 257', withKey('ice-ufrag', 'a'.repeat(257))],
    ['a ufrag with a colon', withKey('ice-ufrag', 'ab:cd')],
    ['a password of 21', withKey('ice-pwd', 'a'.repeat(21))],
    ['a password of 257', withKey('ice-pwd', 'a'.repeat(257))],
    ['a password with a blank', withKey('ice-pwd', `${'a'.repeat(22)} b`)],
  ])('[HOSTILE-05] %s is 400', async (_, body) => {
    const stage = await HostileStage.open();
    await stage.throws({ body }, { status: [400] });
  });

  test.each([
    ['none', OFFER.replaceAll(/a=fingerprint:.*\r\n/g, '')],
    ['MD5', withKey('fingerprint', `md5 ${'AB:'.repeat(15)}AB`)],
    ['31 bytes', withKey('fingerprint', `sha-256 ${'AB:'.repeat(30)}AB`)],
    ['33 bytes', withKey('fingerprint', `sha-256 ${'AB:'.repeat(32)}AB`)],
  ])('[HOSTILE-06] a fingerprint of %s is 422', async (_, body) => {
    const stage = await HostileStage.open();
    await stage.throws({ body }, { status: [422] });
  });

  test.each([
    ['RTP/AVP', OFFER.replaceAll('UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
    [
      'RTP/SAVPF with keys in the SDP',
      append(OFFER, 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x'),
    ],
  ])('[HOSTILE-07] media by %s is 422', async (_, body) => {
    const stage = await HostileStage.open();
    await stage.throws({ body }, { status: [422] });
  });
});

describe('addresses', () => {
  const targets = ['127.0.0.1 22', '169.254.169.254 80', '10.0.0.1 22', 'db.internal 5432'];
  const candidates = targets.map((target) => `a=candidate:1 1 udp 2122 ${target} typ host`);
  const seen = (stage: HostileStage) => JSON.stringify(stage.srs.seen);

  test('[HOSTILE-21] candidates of an offer stay here', async () => {
    const stage = await HostileStage.open();
    await stage.throws({ body: append(OFFER, ...candidates) }, { status: [201], reaches: true });
    expect(seen(stage)).not.toMatch(/169\.254|10\.0\.0\.1|db\.internal|candidate/);
  });

  test('[HOSTILE-21] candidates of a fragment stay here, and no name in them is looked up', async () => {
    const stage = await HostileStage.open();
    const lookUp = vi.spyOn(dns, 'lookup');
    onTestFinished(() => lookUp.mockRestore());
    const reply = await stage.gateway.whip();
    const { pathname, port } = new URL(reply.headers.get('location') ?? '');
    await stage.throws(
      {
        method: 'PATCH',
        target: pathname,
        token: null,
        type: 'application/trickle-ice-sdpfrag',
        headers: ['If-Match: *'],
        body: append('', ...candidates),
      },
      { status: [204] },
    );
    expect(seen(stage)).not.toMatch(/169\.254|10\.0\.0\.1|db\.internal|candidate/);
    // The one name that is looked up in this process is ours: the spy would have seen others.
    await fetch(`http://localhost:${port}/healthz`);
    expect(new Set(lookUp.mock.calls.map(([name]) => name))).toEqual(new Set(['localhost']));
  });

  test('[HOSTILE-22] the addresses of o=, c= and a=rtcp: are written anew', async () => {
    const stage = await HostileStage.open();
    const body = OFFER.replace(/^o=.*/m, 'o=root 1 2 IN IP4 10.1.2.3')
      .replaceAll(/^c=.*/gm, 'c=IN IP4 10.1.2.3')
      .replaceAll(/^a=rtcp:.*/gm, 'a=rtcp:9 IN IP4 10.1.2.3');
    const reply = await stage.throws({ body }, { status: [201], reaches: true });
    expect(seen(stage) + reply.body).not.toContain('10.1.2.3');
  });
});

describe('texts that make a careless pattern slow', () => {
  const KIB = 1024;
  const fill = (line: string) => many(Math.floor((50 * KIB) / line.length), line);
  test.each([
    ['blanks', append(OFFER, ' '.repeat(50 * KIB)), 400],
    ['a= lines', many(300, 'a='), 201],
    ['a= and blanks', fill(`a=${' '.repeat(1000)}`), 201],
    ['semicolons', fill(`a=fmtp:96 ${';'.repeat(1000)}`), 201],
    ['almost a pair', fill(`a=fmtp:96 ${'a'.repeat(990)}=`), 201],
    ['almost a fingerprint', fill(`a=fingerprint:sha-256 ${'AB:'.repeat(330)}`), 201],
    ['almost a candidate', fill(`a=candidate:1 1 udp 1 ${'1.'.repeat(490)}`), 201],
  ])('[HOSTILE-41] 50 KiB of %s are an SDP like another', async (_, body, status) => {
    const stage = await HostileStage.open();
    await stage.throws({ body }, { status: [status], reaches: status === 201 });
  });

  test.each([
    ['Authorization', `Bearer${' '.repeat(12_000)}`],
    ['If-Match', `"${'",'.repeat(6000)}`],
    ['Origin', `https://${'a.'.repeat(6000)}`],
    ['Content-Type', `application/sdp${' ;'.repeat(6000)}`],
    ['X-Forwarded-For', ','.repeat(12_000)],
    ['Forwarded', 'for="'.repeat(2400)],
  ])('[HOSTILE-41] 12 KiB of %s are a header like another', async (name, value) => {
    const stage = await HostileStage.open();
    await stage.throws(
      { method: 'DELETE', target: '/sessions/none', token: null, headers: [`${name}: ${value}`] },
      { status: [400, 401, 404], cors: name !== 'Origin' },
    );
  });
});
