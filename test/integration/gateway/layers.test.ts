import { describe, expect, it } from 'vitest';
import { startFakeSrs } from '../../support/gateway/fake-srs.ts';
import { problemOf, startGateway } from '../../support/gateway/start-gateway.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

const REL = 'urn:ietf:params:whep:ext:core:layer';
const JSON_TYPE = { 'content-type': 'application/json' };
const ORIGIN = { origin: 'https://player.example' };

/** A gateway before a node with layers, with a simulcast publisher and a viewer. */
async function aStage() {
  const srs = await startFakeSrs({
    codecs: ['h264', 'vp8'],
    layered: ['h264', 'vp8'],
    layers: ['q', 'h'],
  });
  const { gateway } = await startGateway({ srs });
  const published = await gateway.whip('demo', { offer: anOffer('chromium-publish-simulcast') });
  const watched = await gateway.whep();
  expect([published.status, watched.status]).toEqual([201, 201]);
  const link = watched.headers.get('link') ?? '';
  const url = new RegExp(`<([^>]+)>; rel="${REL}"`).exec(link)?.[1] ?? '';
  const choose = (body: unknown, headers: Record<string, string> = JSON_TYPE) =>
    gateway.request('POST', url, {
      token: null,
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { gateway, srs, published, watched, url, link, choose };
}

describe('layers over HTTP', () => {
  it('[WHIP-20] a simulcast offer is answered for every layer', async () => {
    const { published, srs } = await aStage();
    const sdp = await published.text();
    expect(sdp).toContain('a=simulcast:recv q;h\r\n');
    expect(sdp.match(/^a=rid:\w+ recv/gm)).toEqual(['a=rid:q recv', 'a=rid:h recv']);
    expect(srs.offers[0]?.body).toContain('a=simulcast:send q;h\r\n');
  });

  it('[LAYER-01] a viewer’s 201 links to them, and its events have "layers"', async () => {
    const { gateway, url, link, watched, published } = await aStage();
    expect(url.startsWith(`${gateway.url}/layers/`)).toBe(true);
    const secret = watched.headers.get('location')?.split('/').at(-1) ?? '';
    expect(url).not.toContain(secret);
    expect(link).toMatch(/server-sent-events"; events="[a-z,]*layers"/);
    expect(published.headers.get('link') ?? '').not.toContain(REL);
  });

  it('[LAYER-04] a node without layers announces none', async () => {
    const { gateway } = await startGateway();
    await gateway.whip();
    const link = (await gateway.whep()).headers.get('link') ?? '';
    expect(link).not.toContain(REL);
    expect(link).not.toContain('layers');
  });

  it('[LAYER-02] POST chooses by rid, encodingId or size, without a token', async () => {
    const { srs, choose } = await aStage();
    for (const choice of [{ rid: 'h' }, { encodingId: 'q' }, { maxWidth: 640, maxHeight: 360 }]) {
      const reply = await choose({ mediaId: '1', ...choice, unknown: true });
      expect([reply.status, await reply.text()]).toEqual([200, '']);
    }
    expect(srs.choices).toEqual(['rid=h', 'rid=q', 'max_width=640&max_height=360']);
  });

  it('[LAYER-03] a mediaId alone, or DELETE, goes back to automatic', async () => {
    const { gateway, srs, url, choose } = await aStage();
    expect((await choose({ mediaId: '1' })).status).toBe(200);
    expect((await gateway.request('DELETE', url, { token: null })).status).toBe(200);
    expect(srs.choices).toEqual(['', '']);
  });

  it.each([
    ['{', 400],
    ['"h"', 400],
    [[], 400],
    [{ rid: 'h' }, 400],
    [{ mediaId: '1', rid: 7 }, 400],
    [{ mediaId: '1', rid: 'a&rid=b' }, 400],
    [{ mediaId: '1', maxHeight: -1 }, 400],
    [{ mediaId: '1', maxHeight: 1e9 }, 400],
    ['{"mediaId":"1","__proto__":{"rid":"h"}}', 400],
    [{ mediaId: '1', rid: 'x' }, 422],
    [{ mediaId: '0', rid: 'h' }, 422],
    [{ mediaId: '7' }, 422],
    [{ mediaId: '1', temporalLayerId: 1 }, 422],
  ])('[LAYER-02] [HOSTILE-40] %j is refused with %i', async (body, status) => {
    const { srs, choose } = await aStage();
    const reply = await choose(body);
    expect(reply.status).toBe(status);
    await problemOf(reply);
    expect(srs.choices).toEqual([]);
  });

  it('[LAYER-02] [CORS-06] other types, methods and URLs are refused, readable for scripts', async () => {
    const { gateway, url, watched, choose } = await aStage();
    expect((await choose('{}', { 'content-type': 'text/plain' })).status).toBe(415);
    const get = await gateway.request('GET', url, { token: null, headers: ORIGIN });
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'DELETE, OPTIONS, POST']);
    expect(get.headers.get('access-control-allow-origin')).toBe('*');
    const preflight = await gateway.request('OPTIONS', url, { token: null, headers: ORIGIN });
    expect(preflight.status).toBe(200);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    const guess = await gateway.request('DELETE', '/layers/guess', { token: null });
    expect(guess.status).toBe(404);
    await gateway.request('DELETE', watched.headers.get('location') ?? '');
    expect((await choose({ mediaId: '1' })).status).toBe(404);
  });
});
