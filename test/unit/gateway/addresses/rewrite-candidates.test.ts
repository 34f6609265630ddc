import { expect, test } from 'vitest';
import { rewriteCandidates } from '../../../../gateway/addresses/rewrite-candidates.ts';
import { repairAnswer } from '../../../../gateway/sdp/answer.ts';
import type { Candidate } from '../../../../gateway/sdp/candidate.ts';
import { readOffer } from '../../../../gateway/sdp/offer.ts';
import { aNodeAnswer, anOffer } from '../../../support/sdp/descriptions.ts';

const udp = (ip: string, port = 8000): Candidate => ({
  ...{ foundation: '0', component: 1, transport: 'udp', priority: 2130706431 },
  ...{ ip, port, type: 'host' },
});
const tcp = (ip: string, port = 8000): Candidate => ({
  ...udp(ip, port),
  transport: 'tcp',
  tcptype: 'passive',
});
const outline = (candidates: readonly Candidate[]) =>
  candidates.map(({ transport, ip, port }) => `${transport} ${ip} ${port}`);

test('[ADDR-04] without a setting the node’s own candidates stay as they are', () => {
  const own = [udp('172.17.0.2'), udp('10.0.0.1')];
  expect(rewriteCandidates(own, [])).toBe(own);
});

test('[ADDR-04] announced addresses take the place of all of the node’s, in their order', () => {
  const announced = rewriteCandidates(
    [udp('172.17.0.2'), udp('10.0.0.1')],
    [
      { ip: '203.0.113.7', port: null },
      { ip: '2001:db8::7', port: 9000 },
    ],
  );
  expect(outline(announced)).toEqual(['udp 203.0.113.7 8000', 'udp 2001:db8::7 9000']);
  const [first, second] = announced.map(({ priority }) => priority);
  expect(first).toBe(2130706431);
  expect(second).toBeLessThan(first ?? 0);
  expect(new Set(announced.map(({ foundation }) => foundation)).size).toBe(2);
});

test('[ADDR-04] TCP stays where the address has no port of its own, and nothing is there twice', () => {
  const own = [udp('172.17.0.2'), tcp('172.17.0.2', 8443), udp('10.0.0.1')];
  const announced = rewriteCandidates(own, [
    { ip: '203.0.113.7', port: null },
    { ip: '203.0.113.7', port: 8000 },
    { ip: '203.0.113.8', port: 9000 },
  ]);
  expect(outline(announced)).toEqual([
    'udp 203.0.113.7 8000',
    'tcp 203.0.113.7 8443',
    'udp 203.0.113.8 9000',
  ]);
});

test('[ADDR-04] the client’s answer has them and none of the node’s', () => {
  const offer = readOffer(anOffer('chromium-watch'), 'watch');
  const { sdp, candidates } = repairAnswer(aNodeAnswer('srs6-watch'), offer, {
    mediaStreamId: 'x',
    announce: (own) => rewriteCandidates(own, [{ ip: '203.0.113.7', port: 9000 }]),
  });
  expect(sdp.match(/^a=candidate:.*$/gm)).toEqual([
    'a=candidate:0 1 udp 2130706431 203.0.113.7 9000 typ host',
  ]);
  expect(outline(candidates)).toEqual(['udp 203.0.113.7 9000']);
});
