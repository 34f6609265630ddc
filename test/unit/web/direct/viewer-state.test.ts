import { expect, test } from 'vitest';
import { backOffMs } from '../../../../web/core/back-off.ts';
import { viewerState } from '../../../../web/core/direct/viewer-state.ts';
import type { ViewerFacts } from '../../../../web/core/direct/viewer-state.ts';
import { explainProblem, localProblem } from '../../../../web/core/problem.ts';
import { explainWays } from '../../../../web/share/share-words.ts';

const lost = localProblem('connection-lost');
const away = {
  kind: 'reconnecting',
  problem: localProblem('network'),
  ...{ attempt: 0, retryAtMs: 7 },
} as const;
const there = { kind: 'live', sinceMs: 0 } as const;
const facts = (given: Partial<ViewerFacts>): ViewerFacts => ({
  ...{ signal: there, hasPeer: true, isPlaying: false, loss: null },
  ...given,
});

test('[DIR-08] a viewer waits for somebody, connects, plays', () => {
  expect(viewerState(facts({ signal: { kind: 'connecting' } }))).toEqual({ kind: 'connecting' });
  expect(viewerState(facts({ hasPeer: false })).kind).toBe('waiting');
  expect(viewerState(facts({})).kind).toBe('connecting');
  expect(viewerState(facts({ isPlaying: true })).kind).toBe('live');
});

test('[DIR-08] what plays goes on while the gateway is away; what does not says so', () => {
  expect(viewerState(facts({ signal: away, isPlaying: true })).kind).toBe('live');
  expect(viewerState(facts({ signal: away }))).toEqual(away);
});

test('[DIR-08] a loss is said at once, a goodbye ends it', () => {
  expect(viewerState(facts({ loss: lost }))).toEqual({
    ...{ kind: 'reconnecting', problem: lost, retryAtMs: null },
  });
  for (const code of ['host-left', 'sender-left'] as const) {
    const loss = localProblem(code);
    const state = viewerState(facts({ signal: { kind: 'stopped' }, loss }));
    expect(state).toEqual({ kind: 'failed', problem: loss });
    expect(explainProblem(loss, 'watch')).toContain('left');
  }
  const stopped = viewerState(facts({ signal: { kind: 'stopped' }, loss: lost }));
  expect(stopped).toEqual({ kind: 'stopped' });
});

test('[DIR-08] pauses are doubled up to the last, half of each by chance', () => {
  const pause = { first: 200, last: 5_000 };
  expect(backOffMs(pause, 0, 0)).toBe(100);
  expect(backOffMs(pause, 0, 1)).toBe(200);
  expect(backOffMs(pause, 3, 1)).toBe(1_600);
  expect(backOffMs(pause, 1_000, 1)).toBe(5_000);
});

test('[DIR-09] a sender is told how many it sends to', () => {
  const ways = { webrtc: true, websocket: false, obstacle: null };
  expect(explainWays({ ...ways, receivers: 0 })).toContain('Ready');
  expect(explainWays({ ...ways, receivers: 1 })).toContain('one viewer');
  expect(explainWays({ ...ways, receivers: 3 })).toContain('3 viewers');
});
