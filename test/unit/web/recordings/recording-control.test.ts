import { describe, expect, test } from 'vitest';
import { ApiProblem } from '../../../../gateway/protocol/api/api-problem.ts';
import type { RecordingView } from '../../../../gateway/protocol/api/recordings.ts';
import type { RoomView } from '../../../../gateway/protocol/api/rooms.ts';
import type { ProblemCode } from '../../../../gateway/protocol/problem.ts';
import { viewOf } from '../../../../gateway/recordings/recording.ts';
import { RecordingControl } from '../../../../web/core/recordings/recording-control.ts';
import { explainRecording, whyUnrecorded } from '../../../../web/recordings/sign-words.ts';
import { aRecording } from '../../../support/recording/a-recording.ts';

const aRoomView = (...transports: readonly string[][]): RoomView =>
  ({
    ...{ room: 'demo', recording: false, unrecorded: [] },
    sources: transports.map((each, index) => ({
      ...{ source: `s${index}`, live: each.length > 0, transports: each, viewers: 0 },
      ...{ video: null, audio: null, sinceMs: null },
    })),
  }) as unknown as RoomView;

const refusal = (code: ProblemCode, status: number): Error =>
  new ApiProblem(code, 'A sentence.', { status });

/** A room and an API that does what the test says; `calls` are those that change something. */
function aPage(given: {
  readonly room?: RoomView | null;
  readonly fails?: Error;
  readonly running?: RecordingView | null;
}) {
  const { room = aRoomView(['webrtc']), fails, running = viewOf(aRecording()) } = given;
  const calls: string[] = [];
  let reads = 0;
  const act = (name: string) => {
    calls.push(name);
    return fails === undefined ? Promise.resolve(viewOf(aRecording())) : Promise.reject(fails);
  };
  const control = new RecordingControl({
    room: 'demo',
    readRoom: () => Promise.resolve(room).finally(() => void (reads += 1)),
    loadApi: () =>
      Promise.resolve({
        start: (name: string) => act(`start ${name}`),
        stop: (id: string) => act(`stop ${id}`),
        running: () => Promise.resolve(running),
      }),
  });
  return { control, calls, reads: () => reads };
}

describe('recording from a page', () => {
  test('[REC-78] says what is under way, and reads the room anew when it is done', async () => {
    const { control, calls, reads } = aPage({});
    const started = control.start();
    expect(control.state.value).toEqual({ doing: 'starting', problem: null });
    await control.start();
    await started;
    expect(control.state.value).toEqual({ doing: null, problem: null });
    expect(calls).toEqual(['start demo']);
    expect(reads()).toBe(2);
  });

  test('[REC-78] stops the one that runs', async () => {
    const running = viewOf(aRecording({ state: 'recording' }));
    const { control, calls } = aPage({ running });
    const stopped = control.stop();
    expect(control.state.value.doing).toBe('stopping');
    await stopped;
    expect(calls).toEqual([`stop ${running.id}`]);
  });

  test('[REC-78] what somebody else did meanwhile is well', async () => {
    const started = aPage({ fails: refusal('recording-running', 409) });
    await started.control.start();
    const stopped = aPage({ running: null });
    await stopped.control.stop();
    expect([started.control.state.value, stopped.control.state.value]).toEqual([
      { doing: null, problem: null },
      { doing: null, problem: null },
    ]);
    expect(stopped.calls).toEqual([]);
  });

  test.each([
    ['nobody shares', aRoomView([]), 'no-source', 'Nobody shares here now'],
    ['all comes by WebSocket', aRoomView(['websocket']), 'unrecordable', 'cannot be recorded'],
  ])('[REC-78] where %s nothing is begun, and why is said', async (_, room, problem, words) => {
    const { control, calls } = aPage({ room });
    await control.start();
    expect(control.state.value).toEqual({ doing: null, problem });
    expect(calls).toEqual([]);
    expect(explainRecording(control.state.value.problem ?? 'unknown')).toContain(words);
  });

  test.each([
    ['storage-full', 507, 'The disk for recordings is full'],
    ['scope-insufficient', 403, 'You may not record this room'],
    ['recording-off', 409, 'switched off'],
    ['internal', 500, 'could not be asked'],
  ] as const)('[REC-78] a refusal with %s is told in words', async (code, status, words) => {
    const { control } = aPage({ fails: refusal(code, status) });
    await control.start();
    expect(control.state.value).toEqual({ doing: null, problem: code });
    expect(explainRecording(code)).toContain(words);
  });

  test('[REC-78] an answer that is none, and a room that cannot be read, end the wish', async () => {
    const { control } = aPage({ room: null, fails: new TypeError('Failed to fetch') });
    await control.start();
    expect(control.state.value).toEqual({ doing: null, problem: 'unknown' });
  });
});

describe('what is not in the recording', () => {
  const unrecorded = [
    { source: 'main', why: 'websocket' },
    { source: 'camera', why: 'left-out' },
  ] as unknown as RoomView['unrecorded'];

  test.each([
    ['main', false, ['“main” comes by WebSocket, which cannot be recorded.']],
    ['camera', false, ['“camera” is not part of it.']],
    ['host', false, []],
    ['host', true, ['What goes directly from peer to peer is not recorded.']],
  ])('[REC-79] of %s (directly: %s) is said plainly', (source, isDirect, words) => {
    expect(whyUnrecorded({ unrecorded }, { source, isDirect })).toEqual(words);
  });

  test('[REC-79] of the whole room each source is said', () => {
    expect(whyUnrecorded({ unrecorded }, { source: undefined, isDirect: false })).toHaveLength(2);
  });
});
