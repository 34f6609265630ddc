import { afterAll, beforeAll, expect, test } from 'vitest';

import { RtpPublisher } from '../../support/rtc/rtp-publisher.ts';
import { RtpViewer } from '../../support/rtc/rtp-viewer.ts';
import type { RunningMedia } from '../../support/rtc/start-media.ts';
import { startMedia } from '../../support/rtc/start-media.ts';
import { waitFor } from '../../support/wait-for.ts';

let engine: RunningMedia;

beforeAll(async () => {
  engine = await startMedia({ inactivityMs: 1_000, sweepMs: 100 });
});

afterAll(() => engine.media.shutdown());

const endOf = (id: string) =>
  waitFor(() => engine.ended.find((end) => end.id === id), { what: 'the end of a session' });

test('a session that never connects ends by timeout, and its name is free again', async () => {
  const peer = new RtpPublisher();
  await engine.exchange('publish', 'never')(await peer.offer());
  peer.close();
  const id = engine.ids.at(-1) ?? '';
  expect(await endOf(id)).toEqual({ id, reason: 'timeout' });
  expect(engine.media.stats(id)).toBeNull();
  expect(engine.connected).not.toContain(id);
  const next = await RtpPublisher.connect(engine.exchange('publish', 'never'));
  next.close();
});

test('a publisher and a viewer that fall silent end by timeout, a waiting viewer does not', async () => {
  const waiting = await RtpViewer.connect(engine.exchange('play', 'nothing'));
  waiting.mute();
  const waitingId = engine.ids.at(-1) ?? '';

  const publisher = await RtpPublisher.connect(engine.exchange('publish', 'silent'));
  const publisherId = engine.ids.at(-1) ?? '';
  const viewer = await RtpViewer.connect(engine.exchange('play', 'silent'));
  const viewerId = engine.ids.at(-1) ?? '';

  viewer.mute();
  expect((await endOf(viewerId)).reason).toBe('timeout');
  publisher.pause();
  expect((await endOf(publisherId)).reason).toBe('timeout');
  expect(engine.ended.filter(({ id }) => id === publisherId)).toHaveLength(1);
  expect(engine.media.stats(waitingId)).toMatchObject({ connected: true });
  for (const peer of [waiting, publisher, viewer]) peer.close();
});
