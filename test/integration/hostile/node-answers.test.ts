import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { CannedAnswer } from '../../support/gateway/fake-srs.ts';
import { HostileStage } from '../../support/gateway/hostile-stage.ts';
import { srsAnswer } from '../../support/gateway/srs-answer.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

const GOOD = srsAnswer(anOffer('chromium-publish'), { publishes: true, ufrag: '7x1o4p20' });

function answer(text: string | Buffer, headers: Record<string, string> = {}): CannedAnswer {
  return (response, location) => {
    response.writeHead(201, { 'content-type': 'application/sdp', location, ...headers });
    response.end(text);
  };
}

/** Bytes that no HTTP library would write. */
const raw =
  (text: string): CannedAnswer =>
  (response) =>
    void response.socket?.end(text);

const dripping: CannedAnswer = (response, location) => {
  response.writeHead(201, { 'content-type': 'application/sdp', location });
  const timer = setInterval(() => response.write('v'), 100);
  response.on('close', () => clearInterval(timer));
};

const UNREADABLE: readonly (readonly [string, CannedAnswer])[] = [
  ['10 MiB', answer('v=0\r\n'.repeat(2_000_000))],
  ['64 KiB and one byte', answer(GOOD.padEnd(64 * 1024 + 1, 'a=x\r\n'))],
  ['without a line end', answer('v=0 '.repeat(100))],
  ['of nothing', answer('')],
  ['in another type', answer(GOOD, { 'content-type': 'text/html' })],
  ['by gzip', answer(gzipSync(GOOD), { 'content-encoding': 'gzip' })],
  [
    'that is a redirect',
    (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  ],
  ['that is no HTTP', raw('HTTP/1.1 201 Created\r\nLocation: /a\r\nX\r\n\r\n')],
  ['with a header of 64 KiB', raw(`HTTP/1.1 201 Created\r\nX: ${'a'.repeat(65_536)}\r\n\r\n`)],
  [
    'that breaks off',
    (response, location) => {
      const length = { 'content-length': '5000' };
      response.writeHead(201, { 'content-type': 'application/sdp', location, ...length });
      response.write('v=0\r\n');
      response.socket?.end();
    },
  ],
  ['without a Location', answer(GOOD, { location: '' })],
  ['with a Location elsewhere', answer(GOOD, { location: 'http://10.0.0.1/rtc/v1/whip/' })],
  ['with a Location by another scheme', answer(GOOD, { location: '//10.0.0.1/rtc/v1/whip/' })],
  ['with a Location outside of its paths', answer(GOOD, { location: '/api/v1/clients/x' })],
  ['with a Location that climbs', answer(GOOD, { location: '/rtc/v1/../../api/v1/clients/x' })],
  ['with a Location with blanks', answer(GOOD, { location: '/rtc/v1/whip/?a b' })],
  [
    'with a Location of two lines',
    raw(
      'HTTP/1.1 201 Created\r\nContent-Type: application/sdp\r\n' +
        `Location: /rtc/v1/whip/?a\r\n Set-Cookie: a=b\r\nContent-Length: ${GOOD.length}\r\n\r\n${GOOD}`,
    ),
  ],
];

const UNFIT: readonly (readonly [string, CannedAnswer])[] = [
  ['to other mids', answer(GOOD.replaceAll('a=mid:', 'a=mid:x'))],
  ['to one mid twice', answer(GOOD.replace('a=mid:1', 'a=mid:0'))],
  ['without an ICE user name', answer(GOOD.replaceAll(/a=ice-ufrag:.*\r\n/g, ''))],
  [
    'with an ICE user name of a line',
    answer(GOOD.replaceAll(/a=ice-ufrag:.*/g, 'a=ice-ufrag:a b')),
  ],
  ['without a fingerprint', answer(GOOD.replaceAll(/a=fingerprint:.*\r\n/g, ''))],
  ['with setup:actpass', answer(GOOD.replaceAll('a=setup:passive', 'a=setup:actpass'))],
  ['without a candidate', answer(GOOD.replaceAll(/a=candidate:.*\r\n/g, ''))],
  ['with candidates nowhere', answer(GOOD.replaceAll('127.0.0.1 8000', '0.0.0.0 8000'))],
  ['with other codecs', answer(GOOD.replaceAll('opus/48000/2', 'PCMU/8000'))],
  ['that serves nothing', answer(GOOD.slice(0, GOOD.indexOf('m=')))],
];

async function expectRefused(canned: CannedAnswer): Promise<HostileStage> {
  const stage = await HostileStage.open();
  // A refused publish is tried twice: an orphan may have held the name.
  stage.srs.canned.push(canned, canned);
  const reply = await stage.send({});
  expect([422, 502]).toContain(reply.status);
  stage.expectNoLeak(reply);
  await expect.poll(() => stage.srs.clients.size).toBe(0);
  stage.srs.canned.length = 0;
  stage.expectCleanNode();
  await stage.expectGoodService();
  return stage;
}

describe('an answer of the node', () => {
  test.each(UNREADABLE)('[HOSTILE-33] %s is 502, and its session ends there', async (_, canned) => {
    await expectRefused(canned);
  });

  test.each(UNFIT)('[HOSTILE-34] %s is 502 or 422 and is deleted there', async (_, canned) => {
    const { srs } = await expectRefused(canned);
    expect(srs.deletions.length).toBeGreaterThan(0);
  });

  test('[HOSTILE-33] that drips for ever is cut off, and the node asked once more', async () => {
    const stage = await HostileStage.open();
    stage.srs.canned.push(dripping);
    expect((await stage.send({})).status).toBe(201);
    expect(stage.srs.offers).toHaveLength(2);
    expect(stage.srs.clients.size).toBe(1);
  });

  test('[HOSTILE-33] that comes for ever at full speed is not kept', async () => {
    const stage = await HostileStage.open();
    let taken = 0;
    stage.srs.canned.push((response, location) => {
      response.writeHead(201, { 'content-type': 'application/sdp', location });
      const chunk = Buffer.alloc(64 * 1024, 'v=0\r\n');
      const pour = (): void => {
        do taken += chunk.length;
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', pour);
      pour();
    });
    expect((await stage.send({})).status).toBe(201);
    // What the kernel keeps between the two is some MiB.
    expect(taken).toBeLessThan(12 * 1024 * 1024);
  });
});
