import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../gateway/errors.ts';
import { toOfferFailure, toTransportFailure } from '../../../gateway/media/srs/failure.ts';
import { readHook } from '../../../gateway/media/srs/hooks.ts';
import { codecsOf } from '../../../gateway/media/srs/version.ts';

/** A body as SRS 6.0.157 sent it (srs.md §7.1). */
const ON_PUBLISH = {
  server_id: 'srs-probe-1',
  service_id: 'm644x7d3',
  action: 'on_publish',
  client_id: '385xjtdj',
  ip: '127.0.0.1',
  vhost: '__defaultVhost__',
  app: 'live',
  tcUrl: '',
  stream: 'cam1',
  param: 'app=live&stream=cam1&ticket=abc',
  stream_url: '/live/cam1',
  stream_id: 'vid-8xn4681',
};

describe('a hook', () => {
  test('of WHIP is read in our words', () => {
    expect(readHook('publish', ON_PUBLISH)).toEqual({
      event: 'publish',
      service: 'm644x7d3',
      clientId: '385xjtdj',
      room: 'live',
      source: 'cam1',
      ticket: 'abc',
    });
  });

  test.each([
    ['?ticket=abc&x=1', 'abc'],
    ['ticket=a%2Bb', 'a%2Bb'],
    ['', null],
    ['ticket=', null],
    ['ticket', null],
    ['xticket=abc', null],
    ['x=ticket=abc', null],
  ])('with the param "%s" has the ticket %s', (param, ticket) => {
    expect(readHook('publish', { ...ON_PUBLISH, param }).ticket).toBe(ticket);
  });

  test('of RTMP’s close has no stream', () => {
    const { stream: _, param, ...body } = ON_PUBLISH;
    expect([_, param]).toHaveLength(2);
    expect(readHook('close', { ...body, action: 'on_close' })).toMatchObject({ source: '' });
  });

  test.each([
    ['publish', { ...ON_PUBLISH, action: 'on_play' }],
    ['play', ON_PUBLISH],
    ['publish', { ...ON_PUBLISH, client_id: '' }],
    ['publish', { ...ON_PUBLISH, app: undefined }],
    ['dvr', { ...ON_PUBLISH, action: 'on_dvr', file: 7 }],
    ['hls', { ...ON_PUBLISH, action: 'on_hls' }],
    ['__proto__', ON_PUBLISH],
    ['publish', null],
    ['publish', 'on_publish'],
    ['publish', []],
  ])('for %s that does not fit is refused (%#)', (event, body) => {
    expect(() => readHook(event, body)).toThrow(GatewayError);
  });
});

describe('a refusal of a node', () => {
  const reply = (status: number, text = '') => ({ status, text, contentType: '', location: '' });

  test.each([
    [400, 'offer-unacceptable'],
    [401, 'upstream-rejected'],
    [409, 'source-busy'],
    [500, 'upstream-rejected'],
    [302, 'upstream-rejected'],
    [200, 'upstream-rejected'],
  ])('with %i is %s, and its text stays here', (status, code) => {
    const failure = toOfferFailure(reply(status, '5020: RtcStreamBusy'), 'publish');
    expect(failure.code).toBe(code);
    expect(failure.message).not.toMatch(/5020|Rtc|SRS/);
    expect(String(failure.cause)).toContain('5020');
  });

  test.each([
    ['UND_ERR_SOCKET', 'upstream-rejected'],
    ['ECONNRESET', 'upstream-rejected'],
    ['ECONNREFUSED', 'node-unavailable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'node-unavailable'],
    ['UND_ERR_HEADERS_TIMEOUT', 'node-unavailable'],
    ['ENOTFOUND', 'node-unavailable'],
  ])('without a reply, %s, is %s', (code, expected) => {
    const failure = toTransportFailure(Object.assign(new Error('no'), { code }));
    expect(failure.code).toBe(expected);
    expect(failure.retryAfterSeconds).toBe(expected === 'node-unavailable' ? 2 : undefined);
  });

  test('that is ours already stays as it is', () => {
    const failure = new GatewayError('source-busy', 'busy');
    expect(toTransportFailure(failure)).toBe(failure);
    expect(toTransportFailure('odd').code).toBe('node-unavailable');
  });
});

test.each([
  [[4, 0, 271], ['h264']],
  [
    [5, 0, 0],
    ['h264', 'av1'],
  ],
  [
    [6, 0, 157],
    ['h264', 'av1'],
  ],
  [
    [7, 0, 122],
    ['h264', 'av1'],
  ],
  [
    [7, 0, 123],
    ['h264', 'av1', 'vp9'],
  ],
  [
    [8, 0, 28],
    ['h264', 'av1', 'vp9'],
  ],
])('SRS %j carries %j and needs a=ssrc', ([major = 0, minor = 0, revision = 0], video) => {
  expect(codecsOf({ major, minor, revision }, {})).toMatchObject({
    video,
    ssrcRequired: true,
  });
});

test('a node that lists its codecs is believed, as far as we know them', () => {
  const features = { rtc_codecs: ['vp8', 'h264', 'theora'], rtc_layers: ['h264', 'av1', 'theora'] };
  const codecs = codecsOf({ major: 7, minor: 0, revision: 0 }, features);
  expect(codecs).toMatchObject({
    video: ['h264', 'vp8'],
    layered: ['h264'],
    ssrcRequired: false,
  });
});
