import { expect, onTestFinished } from 'vitest';
import { findInstalledChromium } from '../support/browser/chromium-path.ts';
import { BrowserPublisher } from '../support/contract/browser-publisher.ts';
import { contractTest as test } from '../support/contract/contract-test.ts';
import { anOffer } from '../support/contract/sdp-offer.ts';
import type { SrsCaller } from '../support/contract/srs-caller.ts';
import { expectFailure } from '../support/contract/srs-target.ts';
import { RtpPublisher, type RtpPublisherOptions } from '../support/rtc/rtp-publisher.ts';
import { RtpViewer } from '../support/rtc/rtp-viewer.ts';
import { SimulcastPublisher } from '../support/rtc/simulcast-publisher.ts';
import { waitFor } from '../support/wait-for.ts';

async function publish(
  srs: SrsCaller,
  stream: string,
  options: RtpPublisherOptions = {},
): Promise<RtpPublisher> {
  const publisher = await RtpPublisher.connect(srs.exchange('publish', stream), options);
  onTestFinished(() => publisher.close());
  return publisher;
}

async function watch(srs: SrsCaller, stream: string): Promise<RtpViewer> {
  const viewer = await RtpViewer.connect(srs.exchange('play', stream), { videoCodecs: ['H264'] });
  onTestFinished(() => viewer.close());
  return viewer;
}

/** A new key frame and what follows it; like a browser the viewer asks for one while it waits. */
async function decoding(viewer: RtpViewer, what: string): Promise<void> {
  const { frames, keyframes } = { ...viewer.video };
  await waitFor(
    () => {
      if (viewer.video.keyframes > keyframes) return viewer.video.frames > frames + 10;
      viewer.sendPli();
      return false;
    },
    { what, timeoutMs: 12_000, everyMs: 200 },
  );
}

/** srs.md §4 and §6 with peers that connect and send. */
export function describeMediaLife(): void {
  test('[SRS-6] a publisher is active once DTLS is up, and a DTLS close is told at once', async ({
    srs,
    skip,
  }) => {
    if (findInstalledChromium() === null) skip('no Chromium here, whose close is a DTLS close');
    const { hooks } = srs.target;
    const stream = srs.newStream();
    const publisher = await BrowserPublisher.connect(srs.exchange('publish', stream));
    onTestFinished(() => publisher.close());
    const [client] = await srs.clientsOf(stream);
    await waitFor(
      async () => {
        const entry = await srs.streamEntry(stream);
        expect(entry?.['publish']).toEqual({ active: true, cid: client?.id });
        return true;
      },
      { what: 'an active publisher' },
    );
    const leftAt = performance.now();
    await publisher.leave();
    const { atMs } = await hooks.waitFor(stream, 'on_unpublish');
    expect(atMs - leftAt).toBeLessThan(10_000);
    await srs.opened(srs.whip(stream));
  });

  test('[LAYER-02] where there are layers, lists tell them and a viewer is given the one it chose', async ({
    srs,
    skip,
  }) => {
    if (srs.target.traits.kind === 'srs') skip('SRS has no layers');
    const stream = srs.newStream();
    const publisher = await SimulcastPublisher.connect(srs.exchange('publish', stream));
    onTestFinished(() => publisher.close());
    await waitFor(
      async () => {
        const layers = (await srs.streamEntry(stream))?.['layers'];
        expect(layers).toMatchObject(['q', 'h', 'f'].map((rid) => ({ rid, active: true })));
        return true;
      },
      { what: 'three layers' },
    );
    await watch(srs, stream);
    const viewer = (await srs.clientsOf(stream)).find(({ type }) => type === 'rtc-play');
    const path = `/api/v1/clients/${viewer?.id ?? ''}/layer`;
    const put = (query: string, of = path) => srs.apiJson(`${of}${query}`, { method: 'PUT' });
    expect(await put('?rid=f')).toMatchObject({ code: 0 });
    await waitFor(
      async () => {
        const [client] = (await srs.clientsOf(stream)).filter(({ id }) => id === viewer?.id);
        expect(client?.['layer']).toMatchObject({ rid: 'f', chosen: 'f' });
        return true;
      },
      { what: 'the chosen layer' },
    );
    expect(await put('')).toMatchObject({ code: 0 });
    expect(await put('?rid=none')).toEqual({ code: 2048 });
    expect(await put('?max_width=wide')).toEqual({ code: 1061 });
    expect(await put('?rid=f', '/api/v1/clients/nobody/layer')).toEqual({ code: 2049 });
  });

  test('[SRS-8] an active stream tells its codecs and frames from 7.0.122 on', async ({ srs }) => {
    const stream = srs.newStream();
    await publish(srs, stream);
    if (!srs.target.traits.tellsTotals) {
      expect(await srs.streamEntry(stream)).toMatchObject({ video: null, audio: null, frames: 0 });
      return;
    }
    await waitFor(
      async () => {
        const entry = await srs.streamEntry(stream);
        expect(entry).toMatchObject({
          video: { codec: 'H264' },
          audio: { codec: 'Opus' },
        });
        return Number(entry?.['frames']) > 0;
      },
      { what: 'codecs and frames', timeoutMs: 20_000 },
    );
  });

  test('[SRS-8] bytes are counted for publisher, viewer and stream', async ({ srs }) => {
    const stream = srs.newStream();
    await publish(srs, stream);
    await watch(srs, stream);
    await waitFor(
      async () => {
        const clients = await srs.clientsOf(stream);
        const entry = await srs.streamEntry(stream);
        const received = clients.find((client) => client['publish'] === true)?.['recv_bytes'];
        const sent = clients.find((client) => client['publish'] === false)?.['send_bytes'];
        return [received, sent, entry?.['recv_bytes'], entry?.['send_bytes']].every(
          (n) => Number(n) > 0,
        );
      },
      // SRS brings its counters up to date every 5 s.
      { what: 'byte counts', timeoutMs: 12_000 },
    );
  });

  test('[SRS-15] a viewer that was there first is served, and stays when the publisher is replaced', async ({
    srs,
  }) => {
    const stream = srs.newStream();
    const viewer = await watch(srs, stream);
    const first = await publish(srs, stream);
    await decoding(viewer, 'the first publisher');
    const [leaver] = (await srs.clientsOf(stream)).filter((client) => client['publish'] === true);
    await srs.apiJson(`/api/v1/clients/${leaver?.id}`, { method: 'DELETE' });
    first.close();
    await publish(srs, stream);
    await decoding(viewer, 'the second publisher');
  });

  test('[SRS-4] a viewer of audio and video on an audio-only stream', async ({ srs }) => {
    const { traits } = srs.target;
    const stream = srs.newStream();
    await publish(srs, stream, { video: null });
    const reply = await srs.whep(stream, { body: anOffer('play') });
    if (traits.missingTrack === 'refused') {
      expectFailure(reply, traits, 400, /^5018: RtcSdpNegotiate$/);
      return;
    }
    expect(reply.status).toBe(201);
    const sections = reply.body.match(/^m=\w+/gm);
    expect(sections).toEqual(
      traits.missingTrack === 'left out' ? ['m=audio'] : ['m=audio', 'm=video'],
    );
  });

  test('[SRS-6] a kicked viewer gets no more media', async ({ srs }) => {
    const stream = srs.newStream();
    await publish(srs, stream);
    const viewer = await watch(srs, stream);
    await waitFor(() => viewer.audio.packets > 5, { what: 'media' });
    const [client] = (await srs.clientsOf(stream)).filter((entry) => entry['publish'] === false);
    await srs.apiJson(`/api/v1/clients/${client?.id}`, { method: 'DELETE' });
    await waitFor(
      async () => {
        const before = viewer.audio.packets;
        await srs.clientsOf(stream);
        return viewer.audio.packets === before;
      },
      { what: 'silence', everyMs: 100 },
    );
    expect(await srs.clientsOf(stream)).toHaveLength(1);
  });
}
