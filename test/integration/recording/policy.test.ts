import { expect, onTestFinished, test } from 'vitest';
import type { RecordingView } from '../../../gateway/protocol/api/recordings.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import { aMediaPublisher } from '../../support/gateway/media-socket.ts';
import { openKeptStage } from '../../support/recording/kept-stage.ts';
import { whipExchange } from '../../support/recording/media-page.ts';
import {
  openRecordingGateway,
  type RecordingStage,
} from '../../support/recording/recording-gateway.ts';
import { spoolHolds } from '../../support/recording/spool.ts';
import { RtpPublisher } from '../../support/rtc/rtp-publisher.ts';
import { waitFor } from '../../support/wait-for.ts';

async function aPublisher({ gateway }: RecordingStage, room: string): Promise<RtpPublisher> {
  const token = aToken({ room, can: ['publish'] });
  const exchange = whipExchange(`${gateway.url}/whip/${room}`, token);
  const publisher = await RtpPublisher.connect(exchange, { video: null });
  onTestFinished(() => publisher.close());
  return publisher;
}

const listed = async (stage: RecordingStage): Promise<readonly RecordingView[]> =>
  ((await (await stage.call('GET', '/recordings')).json()) as { items: RecordingView[] }).items;

test(
  '[REC-95] a room of the settings is recorded while somebody publishes, and no other',
  { timeout: 120_000 },
  async () => {
    const stage = await openRecordingGateway({ RECORDING_ROOMS: 'lesson-*' });
    await aPublisher(stage, 'other');
    await aPublisher(stage, 'lesson-1');
    await spoolHolds(stage.folder, 'lesson-1', 5_000);
    const [recording = expect.fail(), ...others] = await listed(stage);
    expect(others).toEqual([]);
    expect(recording).toMatchObject({
      ...{ room: 'lesson-1', state: 'recording', reason: 'policy', startedBy: 'policy' },
      sources: null,
    });
    const again = await stage.call('POST', '/rooms/lesson-1/recordings', {});
    expect(again.status).toBe(409);
    await stage.call('POST', `/recordings/${recording.id}/stop`);
    const view = await stage.wait(recording.id, 'to be ready', ({ state }) => state === 'ready');
    expect(view.parts).toMatchObject([{ source: 'main', audio: 'Opus', state: 'ready' }]);
  },
);

test(
  '[REC-96] what comes by WebSocket is not recorded, and the recording says so',
  { timeout: 60_000 },
  async () => {
    const stage = await openRecordingGateway();
    const started = await stage.call('POST', '/rooms/demo/recordings', {});
    const { id } = (await started.json()) as RecordingView;
    await aMediaPublisher(stage.gateway.url);
    const said = await stage.wait(id, 'to say so', ({ detail }) => detail !== '');
    expect(said.detail).toBe(
      '"main" comes by WebSocket, past the media servers: it is not recorded.',
    );
    await stage.call('POST', `/recordings/${id}/stop`);
    const view = await stage.wait(id, 'to be over', ({ state }) => state === 'failed');
    expect(view).toMatchObject({ detail: said.detail, parts: [] });
  },
);

test('[REC-97] what is deleted while it is read is read to its end, and then gone', async () => {
  const size = 40_000_000;
  const stage = await openKeptStage(1, Buffer.alloc(size, 'abcdefghij'));
  const readers = await Promise.all(
    Array.from({ length: 4 }, () => stage.request('GET', stage.part)),
  );
  expect((await stage.request('DELETE', stage.base)).status).toBe(204);
  expect((await stage.request('GET', stage.part)).status).toBe(404);
  for (const reader of readers) {
    expect((await reader.arrayBuffer()).byteLength).toBe(size);
  }
  await waitFor(async () => (await stage.request('GET', stage.base)).status === 404, {
    timeoutMs: 10_000,
    what: 'the recording to be gone',
  });
});
