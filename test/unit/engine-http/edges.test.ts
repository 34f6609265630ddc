import { describe, expect, test } from 'vitest';
import { ByteMeter } from '../../../srs/embedded/byte-meter.ts';
import { hookUrl } from '../../../srs/embedded/hooks.ts';
import { refusalIn } from '../../../srs/embedded/hook-answer.ts';
import { checkLogin } from '../../../srs/embedded/http-api/basic-auth.ts';
import { parseQuery } from '../../../srs/embedded/http-api/query.ts';
import { restartDelayMs } from '../../../native/restart-delay.ts';
import { streamName } from '../../../srs/embedded/stream-name.ts';

describe('[SRS-3.1] a query', () => {
  test.for([
    ['app=live&stream=a', { app: 'live', stream: 'a' }],
    ['stream=a&stream=b', { stream: 'b' }],
    ['stream=a;stream=b', { stream: 'b' }],
    ['stream=a%2Fb', { stream: 'a%2Fb' }],
    ['session=ab+/:cd+/', { session: 'ab+/:cd+/' }],
    ['stream=a/b?c', { stream: 'a/b?c' }],
    ['a=1&&b=2', { a: '1', b: '2' }],
  ] as const)('%s', ([query, expected]) => {
    expect(Object.fromEntries(parseQuery(query))).toMatchObject(expected);
  });
});

test('[SRS-3.1] names have SRS’s defaults, and an extension does not count', () => {
  expect(streamName('', '')).toMatchObject({
    app: 'live',
    stream: 'livestream',
    url: '/live/livestream',
  });
  expect(streamName('room', 'x.flv')).toMatchObject({ stream: 'x.flv', url: '/room/x' });
  expect(streamName('room', 'x.flv').key).toBe(streamName('room', 'x').key);
});

describe('[SRS-7.2] an answer', () => {
  test.for([
    [200, '0'],
    [201, '0'],
    [200, '{"code":0}'],
    [200, '{"code":0,"data":null}'],
  ] as const)('%i %s allows', ([status, body]) => {
    expect(refusalIn(status, body)).toBeNull();
  });

  test.for([
    [200, '0\n', 3008],
    [200, '', 3008],
    [200, 'OK', 3008],
    [200, 'null', 3008],
    [200, '[]', 3008],
    [200, '{}', 3064],
    [200, '{"code":"0"}', 3064],
    [200, '{"code":1}', 3064],
    [204, '', 4005],
    [302, '0', 4005],
    [500, '0', 4005],
  ] as const)('%i %j refuses with %i', ([status, body, code]) => {
    expect(refusalIn(status, body)?.code).toBe(code);
  });
});

test('[SRS-7.1] a hook’s URL has the event in its path and keeps the query', () => {
  expect(hookUrl('http://h:1/api/srs?secret=x', 'publish').href).toBe(
    'http://h:1/api/srs/publish?secret=x',
  );
  expect(hookUrl('http://h:1/api/srs/', 'stop').href).toBe('http://h:1/api/srs/stop');
  expect(hookUrl('http://h:1', 'play').href).toBe('http://h:1/play');
});

test('[SRS-8] a login guards paths with /api/, and tells its scheme unless another was tried', () => {
  const login = { user: 'admin', password: 'pass:word' };
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  const header = basic('admin:pass:word');
  expect(checkLogin('/rtc/v1/whip/', '', login)).toEqual({ allowed: true });
  expect(checkLogin('/api/v1/versions', '', null)).toEqual({ allowed: true });
  expect(checkLogin('/api/v1/versions', header, login)).toEqual({ allowed: true });
  expect(checkLogin('/api/v1/versions', '', login)).toEqual({ allowed: false, challenge: true });
  expect(checkLogin('/api/v1/versions', basic('admin:pass'), login)).toEqual({
    allowed: false,
    challenge: true,
  });
  expect(checkLogin('/api/v1/versions', 'Bearer x', login)).toEqual({
    allowed: false,
    challenge: false,
  });
});

test('[SRS-8] 30-second averages are 0 until a sample is that old', () => {
  const meter = new ByteMeter();
  for (let second = 0; second <= 60; second += 5) {
    expect(meter.kbps(second * 1000).recv_30s).toBe(second < 30 ? 0 : 80);
    meter.sample(second * 1000);
    meter.add(0, 50_000);
  }
  expect(meter.receivedBytes).toBe(650_000);
});

test('[ENG-3] the first restart is immediate, the next wait 0.25 s and double up to 5 s', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 20].map(restartDelayMs)).toEqual([
    0, 250, 500, 1000, 2000, 4000, 5000, 5000,
  ]);
});
