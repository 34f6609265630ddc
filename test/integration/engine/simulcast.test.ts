import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import type { LayerChoice } from '../../../srs/embedded/media.ts';
import { RtpViewer } from '../../support/rtc/rtp-viewer.ts';
import {
  SimulcastPublisher,
  type SimulcastOptions,
} from '../../support/rtc/simulcast-publisher.ts';
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

const AUTOMATIC: LayerChoice = { rid: null, maxWidth: null, maxHeight: null };

/** A simulcast publisher and a viewer that already gets something. */
async function aStage(stream: string, options: SimulcastOptions = {}) {
  const publisher = await SimulcastPublisher.connect(engine.exchange('publish', stream), options);
  peers.push(publisher);
  await waitFor(() => engine.media.layers(`v/live/${stream}`).every(({ active }) => active), {
    what: 'all layers to flow',
  });
  const viewer = await RtpViewer.connect(engine.exchange('play', stream));
  peers.push(viewer);
  const id = engine.ids.at(-1) ?? '';
  const got = () => engine.media.layer(id)?.rid ?? null;
  const choose = (rid: string | null) => engine.media.chooseLayer(id, { ...AUTOMATIC, rid });
  const toGet = (rid: string) =>
    waitFor(() => got() === rid, { what: `layer ${rid}`, timeoutMs: 20_000 });
  await waitFor(() => viewer.video.frames > 5, { what: 'frames' });
  return {
    publisher,
    viewer,
    got,
    choose,
    toGet,
    layers: () => engine.media.layers(`v/live/${stream}`),
  };
}

test.each([
  ['rid', 'H264'],
  ['rid', 'VP8'],
  ['ssrc', 'H264'],
] as const)(
  '[LAYER-02] layers by %s in %s: a choice changes what comes, in one stream without a gap',
  async (named, codec) => {
    const { publisher, viewer, layers, choose, toGet } = await aStage(`${named}-${codec}`, {
      named,
      codec,
    });
    const names = publisher.layers.map(({ rid }, index) => (named === 'rid' ? rid : `${index}`));
    expect(layers().map(({ rid }) => rid)).toEqual(names);
    for (const name of [names[2], names[0], names[1]]) {
      expect(choose(name ?? '')).toBe(true);
      await toGet(name ?? '');
      const { frames } = viewer.video;
      await waitFor(() => viewer.video.frames > frames + 15, { what: `frames of ${name}` });
    }
    expect(viewer.video.ssrcs.size).toBe(1);
    expect(viewer.video.lost).toBe(0);
    expect(viewer.video.duplicates).toBe(0);
    // No step of a clock: what is left of a change is less than a third of a second.
    expect(viewer.video.largestStep).toBeLessThan(30_000);
  },
);

test('[WHIP-20] the answer lists every layer that was offered', async () => {
  const { publisher } = await aStage('answer', { layers: { a: 1e5, b: 3e5, c: 6e5, d: 9e5 } });
  expect(publisher.answer).toContain('a=simulcast:recv a;b;c;d\r\n');
  expect(publisher.answer.match(/^a=rid:\w recv\r$/gm)).toHaveLength(4);
  expect(publisher.answer).toContain('a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id');
});

test('[LAYER-02] a choice made before the viewer is connected holds from its start', async () => {
  const { layers } = await aStage('early');
  const exchange = engine.exchange('play', 'early');
  const viewer = await RtpViewer.connect(async (offer) => {
    const answer = await exchange(offer);
    expect(engine.media.chooseLayer(engine.ids.at(-1) ?? '', { ...AUTOMATIC, rid: 'f' })).toBe(
      true,
    );
    return answer;
  });
  peers.push(viewer);
  const id = engine.ids.at(-1) ?? '';
  expect(layers().map(({ rid }) => rid)).toContain('f');
  await waitFor(() => viewer.video.frames > 5, { what: 'frames' });
  expect(engine.media.layer(id)).toMatchObject({ rid: 'f', choice: { rid: 'f' } });
});

test('[LAYER-02] a key frame is asked of the layer that is wanted, and of no other', async () => {
  const { publisher, choose, toGet } = await aStage('pli');
  choose('q');
  await toGet('q');
  const before = publisher.layers.map(({ plis }) => plis);
  choose('f');
  await toGet('f');
  const asked = publisher.layers.map(({ plis }, index) => plis - (before[index] ?? 0));
  expect([asked[0], asked[1]]).toEqual([0, 0]);
  expect(asked[2]).toBeGreaterThanOrEqual(1);
});

test('[LAYER-02] until the key frame comes, the old layer goes on', async () => {
  const { publisher, viewer, got, choose, toGet } = await aStage('old');
  choose('q');
  await toGet('q');
  publisher.layer('f').stopped = true;
  // Stopped only now: the engine still takes it for flowing.
  choose('f');
  const { frames } = viewer.video;
  await waitFor(() => viewer.video.frames > frames + 10, { what: 'frames meanwhile' });
  expect(got()).toBe('q');
  publisher.layer('f').stopped = false;
  await toGet('f');
});

test('[LAYER-03] a layer that the publisher stops is left, and taken again when it was chosen', async () => {
  const { publisher, layers, choose, toGet } = await aStage('stop');
  choose('f');
  await toGet('f');
  publisher.layer('f').stopped = true;
  await toGet('h');
  expect(layers().map(({ active }) => active)).toEqual([true, true, false]);
  publisher.layer('f').keyframeWanted = true;
  publisher.layer('f').stopped = false;
  await toGet('f');
});

test('[LAYER-03] without a choice a clean path goes up to the highest', async () => {
  const { toGet, choose } = await aStage('auto');
  expect(choose('nothing of that name')).toBe(false);
  choose('q');
  await toGet('q');
  expect(choose(null)).toBe(true);
  await toGet('f');
}, 40_000);

test('a publisher without layers has none, and its viewers choose nothing', async () => {
  const publisher = new SimulcastPublisher({ layers: { only: 300_000 }, named: 'ssrc' });
  peers.push(publisher);
  publisher.accept(await engine.exchange('publish', 'plain')(await publisher.offer()));
  const viewer = await RtpViewer.connect(engine.exchange('play', 'plain'));
  peers.push(viewer);
  await waitFor(() => viewer.video.frames > 10, { what: 'frames' });
  expect(engine.media.layers('v/live/plain')).toEqual([]);
  expect(engine.media.layer(engine.ids.at(-1) ?? '')).toBeNull();
});
