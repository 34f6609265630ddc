import { describe, expect } from 'vitest';
import { contractTest as test } from '../support/contract/contract-test.ts';
import { anOffer } from '../support/contract/sdp-offer.ts';
import { locationOf } from '../support/contract/srs-caller.ts';
import { expectFailure } from '../support/contract/srs-target.ts';

const LOCATION =
  /^\/rtc\/v1\/whip\/\?action=delete&token=[0-9a-z]{9,}&app=live&stream=(\w+)&session=[^:&]+:O0qB$/;

/** srs.md §3: WHIP and WHEP over HTTP. */
export function describeSignalling(): void {
  describe('success', () => {
    test('[SRS-3.2] WHIP answers 201 with an SDP and a relative Location', async ({ srs }) => {
      const stream = srs.newStream();
      const reply = await srs.whip(stream);
      expect(reply.status).toBe(201);
      expect(reply.headers['content-type']).toBe('application/sdp');
      expect(reply.headers['connection']).toMatch(/^close$/i);
      expect(reply.headers['server']).toMatch(/^SRS\/\d/);
      expect(LOCATION.exec(locationOf(reply))?.[1]).toBe(stream);
    });

    test('[SRS-3.2] WHEP answers the same way, its Location under /whip/ too', async ({ srs }) => {
      const stream = srs.newStream();
      const reply = await srs.whep(stream);
      expect(reply.status).toBe(201);
      expect(reply.headers['content-type']).toBe('application/sdp');
      expect(LOCATION.exec(locationOf(reply))?.[1]).toBe(stream);
    });

    test('[SRS-4] the answer is ICE-lite, bundled, muxed, and complete', async ({ srs }) => {
      const { body } = await srs.whip(srs.newStream());
      expect(body).toMatch(/^v=0\r\n/);
      expect(body).toContain('a=ice-lite\r\n');
      expect(body).toMatch(/a=group:BUNDLE 0 1\r\n/);
      expect(body.match(/^m=(audio|video) [1-9]\d* UDP\/TLS\/RTP\/SAVPF/gm)).toHaveLength(2);
      expect(body.match(/^a=recvonly/gm)).toHaveLength(2);
      expect(body.match(/^a=rtcp-mux/gm)).toHaveLength(2);
      expect(body).toMatch(/^a=candidate:\S+ 1 udp \d+ \S+ \d+ typ host/m);
      expect(body).toMatch(/^a=fingerprint:sha-256 /m);
    });

    test('[SRS-4] a viewer before any publisher is answered sendonly', async ({ srs }) => {
      const { status, body } = await srs.whep(srs.newStream());
      expect(status).toBe(201);
      expect(body.match(/^a=sendonly/gm)).toHaveLength(2);
    });

    test('[SRS-3.2] PUT brings an offer as POST does, whatever its Content-Type', async ({
      srs,
    }) => {
      const headers = { 'Content-Type': 'text/plain' };
      const reply = await srs.whip(srs.newStream(), { method: 'PUT', headers });
      expect(reply.status).toBe(201);
    });
  });

  describe('URLs', () => {
    test('[SRS-3.1] a path without its slash is redirected with the query', async ({ srs }) => {
      for (const name of ['whip', 'whep', 'whip-play']) {
        const reply = await srs.api(`/rtc/v1/${name}?app=live&stream=a`);
        expect(reply.status).toBe(302);
        expect(reply.headers['location']).toBe(`/rtc/v1/${name}/?app=live&stream=a`);
        expect(reply.body).toBe(`Redirect to /rtc/v1/${name}/?app=live&stream=a`);
      }
    });

    test('[SRS-3.1] a deeper path is the same, the query alone names the stream', async ({
      srs,
    }) => {
      const stream = srs.newStream();
      const path = `/rtc/v1/whip/foo/bar?app=live&stream=${stream}`;
      const reply = await srs.post(path, { body: anOffer('publish') });
      expect(locationOf(reply)).toContain(`&app=live&stream=${stream}&`);
    });

    test('[SRS-3.1] app and stream default to live and livestream', async ({ srs }) => {
      const reply = await srs.post('/rtc/v1/whep/?stream=', { body: anOffer('play') });
      expect(locationOf(reply)).toContain('&app=live&stream=livestream&');
    });

    test.for([
      ['the last of duplicates wins', '&stream=b1&stream=b2', 'b2'],
      ['a semicolon separates', ';stream=b3', 'b3'],
      ['nothing is percent-decoded', '&stream=a%2Fb', 'a%2Fb'],
      ['names are not decoded either', '&str%65am=b4', null],
    ] as const)('[SRS-3.1] query: %s', async ([, query, expected], { srs }) => {
      const stream = srs.newStream();
      const location = await srs.opened(srs.whep(stream, { query }));
      expect(/&stream=([^&]*)&/.exec(location)?.[1]).toBe(expected ?? stream);
    });

    test('[SRS-3.1] action=play on the whip path plays, and so does whip-play', async ({ srs }) => {
      const stream = srs.newStream();
      await srs.opened(srs.whip(stream, { query: '&action=play', body: anOffer('play') }));
      const path = `/rtc/v1/whip-play/?app=live&stream=${stream}`;
      await srs.opened(srs.post(path, { body: anOffer('play') }));
      const types = (await srs.clientsOf(stream)).map((client) => client['type']);
      expect(types).toEqual(['rtc-play', 'rtc-play']);
    });

    test('[SRS-3.1] eip adds a candidate, with a port when it has one', async ({ srs }) => {
      const first = await srs.whep(srs.newStream(), { query: '&eip=203.0.113.9' });
      expect(first.body).toMatch(/^a=candidate:\S+ 1 udp \d+ 203\.0\.113\.9 \d+ typ host/m);
      const second = await srs.whep(srs.newStream(), { query: '&candidate=203.0.113.9:4711' });
      expect(second.body).toMatch(/^a=candidate:\S+ 1 udp \d+ 203\.0\.113\.9 4711 typ host/m);
    });

    test('[SRS-3.1] two dots in a URL are refused by a close', async ({ srs }) => {
      const reply = await srs.post('/rtc/v1/whep/?app=live&stream=a..b', { body: anOffer('play') });
      expect(reply.status).toBeNull();
    });

    test('[SRS-3.1] an extension does not make another stream', async ({ srs }) => {
      const stream = srs.newStream();
      await srs.opened(srs.whip(stream));
      expectFailure(await srs.whip(`${stream}.flv`), srs.target.traits, 409, /^1028: StreamBusy$/);
    });

    test('[SRS-3.1] an ICE preset of a bad length is refused', async ({ srs }) => {
      const reply = await srs.whep(srs.newStream(), { query: '&ice-ufrag=abc' });
      expectFailure(reply, srs.target.traits, 500, /^5037: RtcInvalidIce$/);
    });
  });

  describe('CORS', () => {
    test('[SRS-3.2] OPTIONS is answered 200 and empty', async ({ srs }) => {
      const reply = await srs.post('/rtc/v1/whip/', { method: 'OPTIONS' });
      expect(reply).toMatchObject({ status: 200, body: '' });
      expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    });

    test('[SRS-3.2] CORS headers come only with an Origin', async ({ srs }) => {
      const headers = { Origin: 'http://page.example' };
      const preflight = await srs.post('/rtc/v1/whip/', { method: 'OPTIONS', headers });
      const opened = await srs.whep(srs.newStream(), { headers });
      for (const reply of [preflight, opened]) {
        expect(reply.headers).toMatchObject({
          'access-control-allow-origin': '*',
          'access-control-allow-headers': '*',
          'access-control-allow-methods': '*',
          'access-control-expose-headers': '*',
          'access-control-allow-credentials': 'false',
        });
      }
    });
  });

  describe('failures', () => {
    test('[SRS-3.3] a request without an SDP', async ({ srs }) => {
      const { traits } = srs.target;
      const empty = await srs.post('/rtc/v1/whip/?app=live&stream=x', { body: '' });
      expectFailure(empty, traits, 400, /^5043: RtcInvalidSdp$/);
      const junk = await srs.whip(srs.newStream(), { body: 'not an sdp' });
      expectFailure(junk, traits, 400, /^5012: RtcSdpDecode$/);
      const patch = await srs.whip(srs.newStream(), { method: 'PATCH', body: 'a=ice-ufrag:x' });
      expectFailure(patch, traits, 400, /^50(12|18): /);
    });

    test('[SRS-3.3] an offer with no media', async ({ srs }) => {
      const body = anOffer('publish', { audio: false, video: [] });
      const reply = await srs.whip(srs.newStream(), { body });
      expectFailure(reply, srs.target.traits, 400, /^50(12|18): /);
    });

    test.for([
      ['no BUNDLE', 'publish', { bundle: false }],
      ['no rtcp-mux', 'publish', { rtcpMux: false }],
      ['publishing recvonly', 'publish', { direction: 'recvonly' }],
      ['playing sendonly', 'play', { direction: 'sendonly' }],
    ] as const)('[SRS-3.3] an offer with %s', async ([, kind, shape], { srs }) => {
      const call = { body: anOffer(kind, shape) };
      const stream = srs.newStream();
      const reply = await (kind === 'publish' ? srs.whip(stream, call) : srs.whep(stream, call));
      expectFailure(reply, srs.target.traits, 400, /^5018: RtcSdpNegotiate$/);
    });

    test('[SRS-4] a data channel beside media: SRS refuses, the engine answers', async ({
      srs,
    }) => {
      const { traits } = srs.target;
      const body = anOffer('play', { dataChannel: true });
      const reply = await srs.whep(srs.newStream(), { body });
      if (traits.kind === 'srs') expectFailure(reply, traits, 400, /^5018: RtcSdpNegotiate$/);
      else expect(reply.body.match(/^m=/gm)).toHaveLength(3);
    });

    test('[SRS-4] VP8 alone: SRS refuses, the engine serves it', async ({ srs }) => {
      const { traits } = srs.target;
      const reply = await srs.whip(srs.newStream(), {
        body: anOffer('publish', { video: ['VP8'] }),
      });
      if (traits.kind === 'srs') expectFailure(reply, traits, 400, /^5018: RtcSdpNegotiate$/);
      else expect(reply.body).toMatch(/^a=rtpmap:96 VP8\/90000/m);
    });

    test('[SRS-3.3] a second publisher is busy, and no hook hears of it', async ({ srs }) => {
      const { traits, hooks } = srs.target;
      const stream = srs.newStream();
      await srs.opened(srs.whip(stream));
      expectFailure(await srs.whip(stream), traits, 409, /^1028: StreamBusy$/);
      expect(hooks.received(stream, 'on_publish')).toHaveLength(1);
    });

    test('[SRS-3.3] of publishers at the same moment one wins', async ({ srs }) => {
      const stream = srs.newStream();
      const replies = await Promise.all(Array.from({ length: 5 }, () => srs.whip(stream)));
      expect(replies.filter((reply) => reply.status === 201)).toHaveLength(1);
    });
  });

  describe('DELETE', () => {
    test('[SRS-3.4] DELETE ends the session, and twice answers 200 twice', async ({ srs }) => {
      const stream = srs.newStream();
      const location = await srs.opened(srs.whip(stream));
      const first = await srs.remove(location);
      expect(first).toMatchObject({ status: 200, body: '' });
      expect(first.headers['content-length']).toBe('0');
      expect((await srs.remove(location)).status).toBe(200);
      await srs.opened(srs.whip(stream));
    });

    test('[SRS-3.4] the whep path deletes as well, and an unknown session is 200', async ({
      srs,
    }) => {
      const stream = srs.newStream();
      const location = await srs.opened(srs.whip(stream));
      expect((await srs.remove(location.replace('/whip/', '/whep/'))).status).toBe(200);
      expect((await srs.remove('/rtc/v1/whip/?token=x&session=nobody:here')).status).toBe(200);
      await srs.opened(srs.whip(stream));
    });

    test('[SRS-3.4] a wrong or missing token is an error, and the session stays', async ({
      srs,
    }) => {
      const { traits } = srs.target;
      const stream = srs.newStream();
      const location = await srs.opened(srs.whip(stream));
      const wrong = await srs.remove(location.replace(/token=\w+/, 'token=wrong'));
      expectFailure(wrong, traits, 500, /^5036: RtcInvalidSession$/);
      const missing = await srs.remove(location.replace(/token=\w+&/, ''));
      expectFailure(missing, traits, 500, /^5036: RtcInvalidSession$/);
      expectFailure(await srs.whip(stream), traits, 409, /^1028: StreamBusy$/);
    });

    test('[SRS-3.4] a session value with + and / is understood only raw', async ({ srs }) => {
      const stream = srs.newStream();
      const body = anOffer('publish', { iceUfrag: 'a+b/' });
      const location = await srs.opened(srs.whip(stream, { body }));
      expect(location).toMatch(/:a\+b\/$/);
      const encoded = location.replace(
        /session=(.*)$/,
        (_, raw: string) => `session=${encodeURIComponent(raw)}`,
      );
      expect((await srs.remove(encoded)).status).toBe(200);
      expect(await srs.clientsOf(stream)).toHaveLength(1);
      await srs.remove(location);
      expect(await srs.clientsOf(stream)).toHaveLength(0);
    });
  });
}
