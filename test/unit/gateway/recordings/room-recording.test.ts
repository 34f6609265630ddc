import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { RoomRecording } from '../../../../gateway/protocol/room-recording.ts';
import { aHostStage, type JoinedViewer } from '../../../support/gateway/a-host-desk.ts';
import { aRoom, aSource } from '../../../support/gateway/a-gateway-core.ts';
import { waitFor } from '../../../support/wait-for.ts';

const ROOM = aRoom('demo');
const ON: RoomRecording = { recording: true, unrecorded: [] };
const OFF: RoomRecording = { recording: false, unrecorded: [] };
const toldOf = ({ channel }: JoinedViewer) =>
  channel.told.filter(({ type }) => type === 'room/recording');
const hears = (viewer: JoinedViewer, recording: RoomRecording): Promise<unknown> =>
  waitFor(() => isDeepStrictEqual(toldOf(viewer).at(-1), news(recording)), {
    timeoutMs: 20_000,
    what: 'the news',
  });
/** Until what is queued was written. */
const turns = (): Promise<void> =>
  new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const news = (recording: RoomRecording) => ({ type: 'room/recording', ...recording });

describe('the viewers of a room', () => {
  test('[REC-76] hear of its recording as soon as they say what they watch', async () => {
    const stage = await aHostStage();
    const early = stage.watch();
    stage.recording = ON;
    const late = stage.watch('camera');
    expect([toldOf(early), toldOf(late)]).toEqual([[news(OFF)], [news(ON)]]);
  });

  test('[REC-76] hear of each change, whatever they watch, and of nothing twice', async () => {
    const stage = await aHostStage();
    const viewers = [stage.watch(), stage.watch('camera')];
    for (const recording of [ON, ON, OFF]) {
      stage.recording = recording;
      stage.viewers.recordingChanged(ROOM);
      await turns();
      await Promise.all(viewers.map((viewer) => hears(viewer, recording)));
    }
    expect(viewers.map((viewer) => toldOf(viewer))).toEqual(
      viewers.map(() => [OFF, ON, OFF].map((each) => news(each))),
    );
  });

  test('[REC-79] hear that a source that comes meanwhile is not recorded', async () => {
    const stage = await aHostStage();
    stage.recording = ON;
    const viewer = stage.watch();
    stage.recording = {
      recording: true,
      unrecorded: [{ source: aSource('main'), why: 'websocket' }],
    };
    const publisher = await stage.core.publish();
    stage.core.sessions.setLive(publisher);
    await hears(viewer, stage.recording);
    stage.recording = ON;
    await stage.core.sessions.end(publisher, 'client');
    await hears(viewer, ON);
  });

  test('[REC-76] one whose socket is busy hears the newest once it is clear', async () => {
    const stage = await aHostStage();
    const viewer = stage.watch();
    viewer.channel.isClear = false;
    stage.recording = ON;
    stage.viewers.recordingChanged(ROOM);
    await turns();
    expect(toldOf(viewer)).toEqual([news(OFF)]);
    viewer.channel.isClear = true;
    viewer.seat.flush();
    expect(toldOf(viewer)).toEqual([news(OFF), news(ON)]);
  });
});
