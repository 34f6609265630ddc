import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { NodeCounts } from '../../../../gateway/cluster/node-counts.ts';
import { NOTHING, type NodeCount } from '../../../../gateway/rooms/fleet/node-count.ts';

let now = 0;
let ears: ((text: string, from: string) => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  now = 0;
  ears = [];
});

const pass = (ms: number): void => {
  now += ms;
  vi.advanceTimersByTime(ms);
};

function aGateway(name: string, own: Record<string, NodeCount> = {}): NodeCounts {
  const counts = new NodeCounts({
    news: {
      tell: (_topic, text) => {
        for (const ear of ears) ear(text, name);
        return Promise.resolve(true);
      },
      hear: (_topic, listener) => {
        ears.push((text, from) => {
          if (from !== name) listener(text, from);
        });
      },
    },
    own: () => own,
    now: () => now,
  });
  counts.start();
  onTestFinished(() => counts.close());
  return counts;
}

test('[CLUSTER-68] sessions and ends of carriages are told apart, those of all other gateways together', () => {
  const one = aGateway('one', { run: { sessions: 2, carried: 1 } });
  aGateway('two', { run: { sessions: 3, carried: 0 }, other: { sessions: 7, carried: 7 } });
  const three = aGateway('three');
  pass(100);
  expect(three.of('run')).toEqual({ sessions: 5, carried: 1 });
  expect(one.of('run')).toEqual({ sessions: 3, carried: 0 });
  expect(one.of(undefined)).toEqual(NOTHING);
});

test('[ADOPT-12] what other gateways have at a node counts as long as these are heard; what is no count changes nothing', () => {
  const own = { run: { sessions: 2, carried: 1 } };
  const one = aGateway('one', own);
  const two = aGateway('two');
  pass(100);
  own.run = { sessions: 1, carried: 0 };
  pass(100);
  expect(two.of('run')).toEqual(own.run);
  for (const text of ['no JSON', '7', '{"run":{"sessions":-1,"carried":0}}', '{"run":2}']) {
    for (const ear of ears) ear(text, 'one');
  }
  expect(two.of('run')).toEqual(own.run);
  one.close();
  pass(5_001);
  expect(two.of('run')).toEqual(NOTHING);
});
