import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RecordingWish } from '../../../../gateway/media/node.ts';
import { RoomId, SourceId } from '../../../../gateway/protocol/ids.ts';
import { NodeRecorders } from '../../../../gateway/recordings/node-recorders.ts';
import type { Nodes } from '../../../../gateway/rooms/nodes.ts';
import type { Session } from '../../../../gateway/rooms/session.ts';
import { FakeNode } from '../../../support/gateway/fake-node.ts';

const ROOM = RoomId.parse('demo');
const [SCREEN, CAMERA] = [SourceId.parse('screen'), SourceId.parse('camera')];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A media server that records on request and fails as often as told. */
function aStage({ failures = 0 } = {}) {
  const node = new FakeNode();
  node.recordsOnRequest = true;
  const [told, stage]: [string[], { failures: number }] = [[], { failures }];
  node.record = ({ sources, on }: RecordingWish) => {
    told.push(`${on ? '+' : '-'}${sources?.join(',') ?? '*'}`);
    stage.failures -= 1;
    return stage.failures >= 0 ? Promise.reject(new Error('no answer')) : Promise.resolve();
  };
  const known = [{ node }];
  const recorders = new NodeRecorders({
    nodes: { list: () => known } as unknown as Nodes,
    ...{ seesFiles: false, log: pino({ level: 'silent' }) },
  });
  return { node, told, stage, known, recorders };
}

const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

test('[REC-90] the end of a recording is told again until the media server has heard', async () => {
  const { told, stage, recorders } = aStage();
  recorders.follow(ROOM, null);
  await pass();
  stage.failures = 3;
  recorders.leave(ROOM);
  await pass();
  expect(told).toEqual(['+*', '-*']);
  await pass(500);
  await pass(1_000);
  await pass(2_000);
  expect(told).toEqual(['+*', '-*', '-*', '-*', '-*']);
  await pass(3_600_000);
  expect(told).toHaveLength(5);
});

test('[REC-90] so is its beginning, also one that may have been heard and is over by then', async () => {
  const { told, recorders } = aStage({ failures: 2 });
  recorders.follow(ROOM, [SCREEN]);
  await pass(500);
  expect(told).toEqual(['+screen', '+screen']);
  recorders.leave(ROOM);
  await pass();
  expect(told).toEqual(['+screen', '+screen', '-screen']);
  await pass(3_600_000);
  expect(told).toHaveLength(3);
});

test('[REC-90] it is asked less and less often, at least each 15 s', async () => {
  const { told, recorders } = aStage({ failures: 1_000 });
  recorders.follow(ROOM, null);
  await pass(60_000);
  const before = told.length;
  await pass(60_000);
  expect(told.length - before).toBe(4);
  await recorders.close();
  await pass(60_000);
  expect(told).toHaveLength(before + 5);
});

test('[REC-90] what goes on is not ended, and what is new is told before what is over', async () => {
  const { told, recorders } = aStage();
  recorders.follow(ROOM, null);
  recorders.follow(ROOM, null);
  await pass();
  expect(told).toEqual(['+*']);
  recorders.follow(ROOM, [SCREEN]);
  await pass();
  recorders.follow(ROOM, [CAMERA, SCREEN]);
  await pass();
  recorders.leave(ROOM);
  await pass();
  expect(told).toEqual(['+*', '+screen', '-*', '+camera', '-screen', '-camera']);
});

test('[REC-90] what was wished twice ends when it is over', async () => {
  const { told, recorders } = aStage();
  recorders.follow(ROOM, null);
  await pass();
  recorders.follow(ROOM, null);
  await pass();
  recorders.leave(ROOM);
  await pass();
  expect(told).toEqual(['+*', '-*']);
  recorders.follow(ROOM, null);
  await pass();
  expect(told).toEqual(['+*', '-*', '+*']);
});

test('[REC-90] a media server that begins anew is told what runs, and nothing of before', async () => {
  const { node, told, stage, recorders } = aStage();
  recorders.follow(ROOM, null);
  recorders.follow(RoomId.parse('over'), null);
  await pass();
  stage.failures = 1;
  recorders.leave(RoomId.parse('over'));
  await pass();
  told.length = 0;
  recorders.welcome(node);
  await pass(3_600_000);
  expect(told).toEqual(['+*']);
});

test('[REC-90] one that is there no longer is left in peace', async () => {
  const { told, known, recorders } = aStage({ failures: 1_000 });
  recorders.follow(ROOM, null);
  known.length = 0;
  await pass(3_600_000);
  expect(told.length).toBeLessThan(3);
});

describe('what cannot be recorded', () => {
  const why = (session: object, seesFiles = false) => {
    const { node } = aStage();
    const recorders = new NodeRecorders({
      nodes: { list: () => [{ node }] } as unknown as Nodes,
      ...{ seesFiles, log: pino({ level: 'silent' }) },
    });
    return recorders.whyNot({ source: 'main', node, ...session } as unknown as Session);
  };

  test('[REC-96] is said plainly: media by WebSocket', () => {
    expect(why({ node: null })).toMatch(/^"main" comes by WebSocket, .* not recorded\.$/);
  });

  test('[REC-96] a media server whose files are not seen, and AV1 on one that has no file for it', () => {
    const plain = new FakeNode('srs-1');
    expect(why({ node: plain })).toMatch(/SRS_DVR_DIR .* srs-1 /);
    expect(why({ node: plain, media: { video: 'h264' } }, true)).toBeNull();
    expect(why({ node: plain, media: { video: 'av1' } }, true)).toMatch(/AV1: srs-1 .* sound/);
  });

  test('[REC-96] on a media server that records on request everything is recorded', () => {
    expect(why({ media: { video: 'av1' } })).toBeNull();
    expect(why({ media: null })).toBeNull();
  });

  test('a media server obeys by its own name alone, and one that cannot be told is told nothing', async () => {
    const { node, told, recorders } = aStage();
    expect([recorders.obeys(node.name), recorders.obeys('another')]).toEqual([true, false]);
    node.recordsOnRequest = false;
    expect(recorders.obeys(node.name)).toBe(false);
    recorders.follow(ROOM, null);
    recorders.welcome(node);
    await pass(60_000);
    expect(told).toEqual([]);
  });
});
