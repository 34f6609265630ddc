import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { createMedia } from '../../../srs/embedded/rtc/media-core.ts';
import { UdpRelay } from '../../support/net/udp-relay.ts';
import { RtpPublisher } from '../../support/rtc/rtp-publisher.ts';
import type { RtpPublisherOptions } from '../../support/rtc/rtp-publisher.ts';
import { RtpViewer } from '../../support/rtc/rtp-viewer.ts';
import type { RtpViewerOptions } from '../../support/rtc/rtp-viewer.ts';
import type { RunningMedia } from '../../support/rtc/start-media.ts';
import { startMedia } from '../../support/rtc/start-media.ts';
import { waitFor } from '../../support/wait-for.ts';

let engine: RunningMedia;
const peers: { close(): void }[] = [];

beforeAll(async () => {
  engine = await startMedia();
});

afterEach(() => {
  for (const peer of peers.splice(0)) peer.close();
  for (const id of engine.ids.splice(0)) engine.media.close(id);
  expect(engine.errors.splice(0)).toEqual([]);
});

afterAll(() => engine.media.shutdown());

const publish = async (stream: string, options: RtpPublisherOptions = {}) => {
  const peer = await RtpPublisher.connect(engine.exchange('publish', stream), options);
  peers.push(peer);
  return peer;
};

const watch = async (stream: string, options: RtpViewerOptions = {}) => {
  const peer = await RtpViewer.connect(engine.exchange('play', stream), options);
  peers.push(peer);
  return peer;
};

const playing = (viewer: RtpViewer, frames = 20) =>
  waitFor(() => viewer.video.frames >= frames, { what: `${frames} frames` });

test('two viewers get all packets of a publisher, starting with a key frame', async () => {
  const publisher = await publish('two');
  const viewers = [await watch('two'), await watch('two')];
  for (const viewer of viewers) {
    await playing(viewer, 30);
    expect(viewer.video.firstPayload?.readUInt8(0)).toBe(0x78);
    expect(viewer.video.lost + viewer.audio.lost).toBe(0);
    expect(viewer.audio.packets).toBeGreaterThan(10);
    expect([...viewer.video.ssrcs]).not.toContain(publisher.video.ssrc);
  }
  expect(engine.media.codecs('v/live/two')).toEqual({ video: 'H264', audio: 'Opus' });
  await waitFor(() => publisher.counts.transportCc > 5 && publisher.counts.receiverReports > 0, {
    what: 'feedback',
  });
});

test('a viewer gets sender reports for both kinds on the same clock', async () => {
  await publish('clock');
  const viewer = await watch('clock');
  await waitFor(() => viewer.audio.senderReports > 0 && viewer.video.senderReports > 0, {
    what: 'sender reports',
  });
  const shift = (viewer.audio.lastReport?.ntpMs ?? 0) - (viewer.video.lastReport?.ntpMs ?? 0);
  expect(Math.abs(shift)).toBeLessThan(50);
});

test('a viewer that came first gets media when somebody publishes', async () => {
  const viewer = await watch('early');
  expect(viewer.video.packets).toBe(0);
  await publish('early');
  await playing(viewer);
  expect(viewer.video.lost).toBe(0);
});

test('another publisher takes over in place, even with another codec', async () => {
  const first = await publish('turn', { video: 'H264' });
  const viewer = await watch('turn');
  await playing(viewer);
  const [id = ''] = engine.ids;
  engine.media.close(id);
  first.close();
  expect(engine.media.codecs('v/live/turn')).toEqual({ video: null, audio: null });
  const { frames } = viewer.video;
  await publish('turn', { video: 'VP8' });
  await playing(viewer, frames + 20);
  expect(viewer.video.ssrcs.size).toBe(1);
  expect([...viewer.video.payloadTypes]).toEqual([102, 96]);
  expect(viewer.video.lost).toBe(0);
  // Continued by the wall clock: no more ticks than the pause had.
  expect(viewer.video.largestStep).toBeLessThan(10 * 90_000);
});

test('a second publisher is refused with 5020 before anything is made', async () => {
  await publish('busy');
  await expect(
    engine.media.open({
      kind: 'publish',
      key: 'v/live/busy',
      sdp: 'not even an sdp',
      codec: 'auto',
      extraCandidates: [],
    }),
  ).rejects.toMatchObject({ code: 5020 });
});

test('packets lost on the way in are asked for and repaired, with RTX and without', async () => {
  for (const rtx of [true, false]) {
    const stream = `in-${rtx}`;
    const lose = (kind: string, sequence: number) => kind === 'video' && sequence % 20 === 7;
    const publisher = await publish(stream, { rtx, lose });
    const viewer = await watch(stream, { nack: false });
    await playing(viewer, 60);
    expect(publisher.counts.resent).toBeGreaterThan(3);
    await waitFor(() => viewer.video.lost <= 1, { what: 'repair on the way in' });
  }
});

test('packets lost on the way out are repaired from the ring', async () => {
  await publish('out');
  const relay = await UdpRelay.open({ targetPort: engine.port });
  const play = engine.exchange('play', 'out');
  const viewer = await RtpViewer.connect(async (offer) =>
    (await play(offer)).replaceAll(` ${engine.port} typ host`, ` ${relay.port} typ host`),
  );
  peers.push(viewer);
  await playing(viewer);
  relay.setToClients({ lossRatio: 0.1 });
  await waitFor(() => relay.stats.toClients.lost > 20, { what: 'losses' });
  relay.setToClients({});
  await waitFor(() => viewer.video.lost === 0, { what: 'repair on the way out' });
  await relay.close();
});

test('a PLI of a viewer reaches the publisher, many become few', async () => {
  const publisher = await publish('pli');
  const viewer = await watch('pli');
  await playing(viewer);
  const before = publisher.counts.plis;
  for (let times = 0; times < 50; times += 1) viewer.sendPli();
  await waitFor(() => publisher.counts.plis > before, { what: 'a PLI' });
  await playing(viewer, viewer.video.frames + 20);
  expect(publisher.counts.plis - before).toBeLessThanOrEqual(2);
});

test('offers without SSRC, with other DTLS roles and with one kind alone work', async () => {
  await publish('bare', { announceSsrc: false, setup: 'passive', transportCc: false });
  await playing(await watch('bare', { setup: 'active' }));
  await publish('voice', { video: null });
  const viewer = await watch('voice');
  await waitFor(() => viewer.audio.packets > 20, { what: 'audio' });
  expect(viewer.answer.match(/^m=\w+ 9 /gm)).toHaveLength(2);
});

test('a viewer without the codec of the stream is refused with 5018', async () => {
  await publish('vp9', { video: 'VP9' });
  await playing(await watch('vp9'));
  await expect(watch('vp9', { videoCodecs: ['H264', 'VP8'] })).rejects.toMatchObject({
    code: 5018,
  });
});

test('stats count bytes and frames; unknown ids have none', async () => {
  await publish('stats');
  await playing(await watch('stats'));
  const [published = '', played = ''] = engine.ids;
  expect(engine.media.stats(published)).toMatchObject({ connected: true });
  expect(engine.media.stats(published)?.recvBytes).toBeGreaterThan(50_000);
  expect(engine.media.stats(played)?.sendBytes).toBeGreaterThan(50_000);
  expect(engine.media.stats(played)?.frames).toBeGreaterThanOrEqual(20);
  expect(engine.media.stats('nobody')).toBeNull();
});

test('a busy UDP port is a clear error', async () => {
  await expect(
    createMedia({
      port: engine.port,
      candidates: [],
      inactivityMs: 30_000,
      sweepMs: 5_000,
      log: () => undefined,
      events: { connected: () => undefined, ended: () => undefined },
    }),
  ).rejects.toThrow(/UDP port \d+ cannot be opened/);
});
