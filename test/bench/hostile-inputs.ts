import { gzipSync } from 'node:zlib';
import { chromiumOffer } from './chromium-offer.ts';

/** One hostile request, whole, as bytes; the rule it belongs to stands before its name. */
export interface HostileInput {
  readonly name: string;
  readonly request: Buffer;
}

/** What a request needs of the gateway that it is thrown at. */
export interface Target {
  readonly token: string;
  /** Path of a live session. */
  readonly session: string;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const FRAGMENT = 'application/trickle-ice-sdpfrag';
const M_LINE = 'm=audio 9 UDP/TLS/RTP/SAVPF 111';

/** Every kind of input that could cost time or memory; those that only bend a name stand for many. */
export function hostileInputs(target: Target): readonly HostileInput[] {
  return [
    ...offers(target),
    ...paths(target),
    ...fragments(target),
    ...requests(target),
    ...bodies(target),
  ];
}

function offers({ token }: Target): HostileInput[] {
  const offer = chromiumOffer('publish');
  const many = (count: number, line: string) => offer + `${line}\r\n`.repeat(count);
  const fill = (line: string) => many(Math.floor((50 * KIB) / line.length), line);
  const texts: Readonly<Record<string, string | Buffer>> = {
    '01 lines that end SRS': `${offer}a=rtcp-fb:96\r\na=ssrc:1 cname\r\na=ssrc-group:FID\r\n`,
    '02 10,000 m-lines': many(10_000, M_LINE),
    '02 9 m-lines': many(7, M_LINE),
    '02 100,000 payload types': `${offer}${M_LINE}${' 1'.repeat(100_000)}\r\n`,
    '02 50,000 candidates': many(50_000, 'a=candidate:1 1 udp 1 ::1 1 typ host'),
    '02 a line of 1 MiB': `${offer}a=${'x'.repeat(MIB)}\r\n`,
    '02 64 KiB of short lines': many(14_000, 'a=x').slice(0, 64 * KIB),
    '03 a BUNDLE of 400 mids': offer.replace('BUNDLE 0 1', `BUNDLE 0 1${' x'.repeat(400)}`),
    '04 invalid UTF-8': Buffer.from(offer.replace('s=-', 's=\xff'), 'latin1'),
    '04 50 KiB of NUL': '\0'.repeat(50 * KIB),
    '05 a short ufrag': offer.replaceAll(/a=ice-ufrag:.*/g, 'a=ice-ufrag:abc'),
    '06 no fingerprint': offer.replaceAll(/a=fingerprint:.*\r\n/g, ''),
    '07 RTP/AVP': offer.replaceAll('UDP/TLS/RTP/SAVPF', 'RTP/AVP'),
    '41 blanks': `${offer}${' '.repeat(50 * KIB)}\r\n`,
    '41 a= and blanks': fill(`a=${' '.repeat(1000)}`),
    '41 semicolons': fill(`a=fmtp:96 ${';'.repeat(1000)}`),
    '41 almost a pair': fill(`a=fmtp:96 ${'a'.repeat(990)}=`),
    '41 almost a fingerprint': fill(`a=fingerprint:sha-256 ${'AB:'.repeat(330)}`),
    '41 almost a candidate': fill(`a=candidate:1 1 udp 1 ${'1.'.repeat(490)}`),
  };
  return Object.entries(texts).map(([name, body], index) =>
    input(name, { target: `/whip/hostile-${index}`, token, type: 'application/sdp', body }),
  );
}

function paths({ token }: Target): HostileInput[] {
  const offer = { token, type: 'application/sdp', body: chromiumOffer('publish') };
  const targets = {
    '08 a name of SRS parameters': '/whip/a,action,play',
    '09 a path that climbs': '/whip/%2e%2e%2fapi',
    '09 a path of 8 KiB': `/whip/${'../'.repeat(2700)}`,
    '10 a line end': '/whip/demo%0d%0aSet-Cookie:a',
    '20 a session that is none': '/sessions/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  };
  return [
    ...Object.entries(targets).map(([name, target]) => input(name, { target, ...offer })),
    input('19 a guess', { method: 'DELETE', target: '/sessions/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }),
  ];
}

function fragments({ session }: Target): HostileInput[] {
  const patch = (name: string, ifMatch: string, body: string) =>
    input(name, {
      method: 'PATCH',
      target: session,
      type: FRAGMENT,
      headers: [`If-Match: ${ifMatch}`],
      body,
    });
  const candidate = 'a=candidate:1 1 udp 1 169.254.169.254 80 typ host\r\n';
  return [
    patch('21 candidates', '*', candidate.repeat(500)),
    patch('21 almost candidates', '*', `a=candidate:${'1 '.repeat(500)}\r\n`.repeat(50)),
    patch('31 a hundred tags', '"a", '.repeat(100), candidate),
    patch('31 a tag of 12 KiB', `"${'",'.repeat(6000)}`, candidate),
    patch('31 a tag of 1 MiB', 'a'.repeat(MIB), candidate),
  ];
}

function requests({ token }: Target): HostileInput[] {
  const offer = { target: '/whip/hostile', token, type: 'application/sdp' };
  const get = { method: 'GET', target: '/ws/control/demo' };
  const socket = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
  return [
    input('27 two framings', { ...offer, headers: ['Transfer-Encoding: chunked'], body: 'x' }),
    input('27 two lengths', { ...offer, headers: ['Content-Length: 5'], body: 'x' }),
    input('28 pipelined', { ...get, times: 100 }),
    input('29 a WebSocket', { ...get, headers: socket }),
    input('29 TRACE', { ...offer, method: 'TRACE', body: '' }),
    input('29 CONNECT', { method: 'CONNECT', target: 'node:1985' }),
    input('30 a bomb', {
      ...offer,
      headers: ['Content-Encoding: gzip'],
      body: gzipSync(Buffer.alloc(64 * MIB)).subarray(0, 60_000),
    }),
    input('32 500 headers', {
      ...offer,
      headers: Array.from({ length: 500 }, (_, index) => `X-${index}: a`),
      body: 'x',
    }),
    input('32 64 KiB of headers', { ...offer, headers: [`X: ${'a'.repeat(64 * KIB)}`], body: 'x' }),
    input('38 a foreign origin', { ...get, headers: [`Origin: https://${'a.'.repeat(6000)}`] }),
    input('14 no token', { ...offer, token: 'e30.e30.', body: 'x' }),
    input('16 a token of 12 KiB', { ...offer, token: 'a'.repeat(12 * KIB), body: 'x' }),
    input('41 blanks in Authorization', {
      ...get,
      target: '/api/v1/rooms',
      headers: [`Authorization: Bearer${' '.repeat(12 * KIB)}x`],
    }),
    input('41 blanks in Content-Type', { ...offer, type: `a${' ;'.repeat(6000)}`, body: 'x' }),
  ];
}

function bodies({ token }: Target): HostileInput[] {
  const json = { target: '/api/v1/tokens', token, type: 'application/json' };
  return [
    input('39 a forged hook', {
      target: '/api/srs/publish?secret=wrong',
      type: 'application/json',
      body: '{"action":"on_publish"}',
    }),
    input('40 __proto__', { ...json, body: '{"__proto__":{"can":["admin"]}}' }),
    input('40 deep JSON', { ...json, body: '['.repeat(32 * KIB) + ']'.repeat(32 * KIB) }),
    input('40 wide JSON', { ...json, body: `[${'{},'.repeat(20_000)}{}]` }),
  ];
}

interface Parts {
  readonly method?: string;
  readonly target: string;
  readonly token?: string;
  readonly type?: string;
  readonly headers?: readonly string[];
  readonly body?: string | Buffer;
  readonly times?: number;
}

function input(name: string, parts: Parts): HostileInput {
  const { method = 'POST', target, token, type, headers = [], body, times = 1 } = parts;
  const isUpgrade = headers.some((header) => header.startsWith('Connection:'));
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: gateway',
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    ...(isUpgrade || times > 1 ? [] : ['Connection: close']),
    ...headers,
  ];
  const one = Buffer.concat([
    Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
    Buffer.from(body ?? ''),
  ]);
  return { name: `HOSTILE-${name}`, request: Buffer.concat(Array<Buffer>(times).fill(one)) };
}
