import { expect, test } from 'vitest';
import { readWatchStats } from '../../../../web/core/watch-stats.ts';
import { linePath } from '../../../../web/ui/line-path.ts';
import { withSample } from '../../../../web/watch/figure-history.ts';
import type { FigureSample } from '../../../../web/watch/figure-history.ts';
import { reportText } from '../../../../web/watch/watch-report.ts';

const video = { id: 'v', type: 'inbound-rtp', kind: 'video', jitter: 0.004, framesDecoded: 9 };
const reading = (packetsReceived: number, packetsLost: number, atMs: number) =>
  readWatchStats(
    [
      { ...video, packetsReceived, packetsLost },
      {
        ...{ id: 'p', type: 'candidate-pair', state: 'succeeded', currentRoundTripTime: 0.03 },
        ...{ localCandidateId: 'l', remoteCandidateId: 'r' },
      },
      {
        ...{ id: 'l', type: 'local-candidate', candidateType: 'relay', relayProtocol: 'tcp' },
        ...{ protocol: 'udp', address: '203.0.113.7', url: 'turn:turn.test' },
      },
      { id: 'r', type: 'remote-candidate', candidateType: 'host', address: '198.51.100.3' },
    ],
    null,
    atMs,
  );

test('[DIR-12] figures have loss since the reading before, jitter, and the types of the path', () => {
  const [first, second] = [reading(100, 0, 0), reading(190, 10, 1_000)];
  const one = withSample([], { way: 'webrtc', stats: first }, null, 0);
  const two = withSample(one, { way: 'webrtc', stats: second }, first, 1_000);
  expect(two.map(({ lossFraction }) => lossFraction)).toEqual([null, 0.1]);
  expect(two[1]).toMatchObject({
    ...{ jitterMs: 4, roundTripMs: 30 },
    path: { local: 'relay', remote: 'host', protocol: 'tcp' },
  });
  const none = withSample(two, { way: null, stats: null }, second, 2_000);
  expect(none[2]).toMatchObject({ bitrateBps: null, lossFraction: null, path: null });
});

test('[DIR-12] a history has ten minutes', () => {
  let samples: readonly FigureSample[] = [];
  for (let at = 0; at < 700; at += 1) {
    samples = withSample(samples, { way: null, stats: null }, null, at);
  }
  expect(samples).toHaveLength(600);
  expect(samples[0]?.atMs).toBe(100);
});

test('[DIR-12] a report has versions, times and figures, and no address', () => {
  const samples = withSample([], { way: 'webrtc', stats: reading(1, 0, 0) }, null, 1_000);
  const context = { savedAt: 'now', browser: 'Test/1', mode: 'direct', state: 'live' };
  const text = reportText(context, samples);
  expect(JSON.parse(text)).toMatchObject({
    ...{ report: 'pixelcast-watch', version: 1, browser: 'Test/1', mode: 'direct' },
    path: { local: 'relay', remote: 'host', protocol: 'tcp' },
    samples: [{ at: '1970-01-01T00:00:01.000Z', way: 'webrtc' }],
  });
  expect(text).not.toMatch(/203\.0|198\.51|turn\.test|token/);
});

test('[DIR-12] a graph has its newest value at the right, and gaps where nothing is known', () => {
  expect(linePath([0, 10], 10)).toBe('M118.0 23.0L120.0 1.0');
  expect(linePath([5, null, 5], 5)).toBe('M115.9 1.0M120.0 1.0');
  expect(linePath([0, 0], 0)).toBe('M118.0 23.0L120.0 23.0');
  expect(linePath([], -Infinity)).toBe('');
});
