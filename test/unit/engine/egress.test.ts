import { expect, test } from 'vitest';
import type { Delivery, Overload } from '../../../srs/embedded/rtc/egress.ts';
import { Egress } from '../../../srs/embedded/rtc/egress.ts';
import { Traffic } from '../../../srs/embedded/traffic.ts';
import { NO_SHIFT } from '../../../srs/embedded/rtc/rtp/shift.ts';

/** An egress whose sends cost 1 ms each, and whose event loop turns when a test says so. */
const anEgress = () => {
  let nowMs = 1_000;
  const deferred: (() => void)[] = [];
  const overloads: Overload[] = [];
  const traffic = new Traffic();
  const egress = new Egress({
    now: () => nowMs,
    traffic,
    onOverload: (overload) => overloads.push(overload),
    defer: (resume) => deferred.push(resume),
  });
  const sent: string[] = [];
  const interrupted: string[] = [];
  const aDelivery = (kind: 'audio' | 'video', name: string = kind): Delivery => ({
    kind,
    deliver: ({ sequence }) => {
      nowMs += 1;
      sent.push(`${name} ${sequence}`);
    },
    interrupt: () => interrupted.push(name),
  });
  const push = (delivery: Delivery, sequence: number): void =>
    egress.push(delivery, {
      sequence,
      timestamp: 0,
      packet: Buffer.alloc(0),
      picture: null,
      shift: NO_SHIFT,
      startsFrame: false,
      startsKeyframe: false,
      playoutDelay: null,
    });
  return {
    ...{ traffic, sent, interrupted, overloads, aDelivery, push },
    turn: () => deferred.shift()?.(),
    drain: () => {
      while (deferred.length > 0) deferred.shift()?.();
    },
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
};

test('a burst is sent in slices of 2 ms, in order, and nothing is lost', () => {
  const { traffic, sent, aDelivery, push, drain, wait } = anEgress();
  const video = aDelivery('video');
  for (let sequence = 0; sequence < 10; sequence += 1) push(video, sequence);
  expect(sent).toEqual(['video 0', 'video 1']);
  drain();
  wait(10);
  push(video, 10);
  expect(sent).toEqual(Array.from({ length: 11 }, (_, sequence) => `video ${sequence}`));
  expect(traffic.overdue).toBe(0);
});

test('what waits for more than 200 ms is dropped: all video, no audio, one interruption each', () => {
  const { traffic, sent, interrupted, overloads, aDelivery, push, turn, drain, wait } = anEgress();
  const [one, two] = [aDelivery('video', 'one'), aDelivery('video', 'two')];
  const audio = aDelivery('audio');
  for (let sequence = 0; sequence < 6; sequence += 1) push(one, sequence);
  push(two, 0);
  push(audio, 0);
  wait(195);
  turn();
  expect(interrupted).toEqual([]);
  wait(10);
  push(two, 1);
  drain();
  expect(sent).toEqual(['one 0', 'one 1', 'one 2', 'one 3', 'audio 0']);
  expect(interrupted).toEqual(['one', 'two']);
  expect(traffic.overdue).toBe(4);
  expect(overloads).toEqual([{ lateMs: 207, dropped: 4 }]);
});

test('the key frame after a drop has a second to get through; one report for an episode', () => {
  const { traffic, interrupted, overloads, aDelivery, push, drain, wait } = anEgress();
  const video = aDelivery('video');
  const fallBehind = (): void => {
    for (let sequence = 0; sequence < 5; sequence += 1) push(video, sequence);
    wait(250);
    drain();
  };
  fallBehind();
  fallBehind();
  expect([traffic.overdue, interrupted.length]).toEqual([3, 1]);
  wait(1_000);
  fallBehind();
  expect([traffic.overdue, interrupted.length, overloads.length]).toEqual([6, 2, 1]);
  wait(10_000);
  fallBehind();
  expect([interrupted.length, overloads.length]).toEqual([3, 2]);
});

test('audio alone is never dropped for being late', () => {
  const { traffic, sent, aDelivery, push, drain, wait } = anEgress();
  const audio = aDelivery('audio');
  for (let sequence = 0; sequence < 5; sequence += 1) push(audio, sequence);
  wait(500);
  drain();
  expect(sent).toHaveLength(5);
  expect(traffic.overdue).toBe(0);
});
