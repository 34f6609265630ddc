import { describe, expect, it, onTestFinished } from 'vitest';
import { CLOSE_CODES } from '../../../gateway/protocol/close-codes.ts';
import { loadGst } from '../../../host-publisher/media/gstreamer/native.ts';
import { watchPassing } from '../../../host-publisher/media/gstreamer/passing.ts';
import { Pipeline } from '../../../host-publisher/media/gstreamer/pipeline.ts';
import { viewRawPicture } from '../../../host-publisher/media/gstreamer/raw-pictures.ts';
import { gstRows } from '../../../host-publisher/stripes/gst-rows.ts';
import type { StripesEncoder } from '../../../host-publisher/stripes/stripes-encoder.ts';
import { StripesOutlet } from '../../../host-publisher/stripes/stripes-outlet.ts';
import type { StripesOptions } from '../../../host-publisher/stripes/stripes.ts';
import { A_SECRET, MediaServer } from '../../support/host/stripes/media-server.ts';
import { PaintedPicture } from '../../support/host/stripes/raw-picture.ts';
import { decodeStripes } from '../../support/media/decode.ts';
import { waitFor } from '../../support/wait-for.ts';

const gst = loadGst();
gst.init(null, null, [null]);
const SIZE = [640, 480] as const;

function publish(url: string, given: Partial<StripesOptions> = {}) {
  const told: [event: string, detail: unknown][] = [];
  const tell =
    (event: string) =>
    (...details: unknown[]) =>
      void told.push([event, details[0] instanceof Error ? details[0].message : details[0]]);
  const outlet = new StripesOutlet(
    {
      url,
      token: () => 'a-token',
      encoder: 'jpeg-striped',
      excluded: [],
      target: { bitrateKbps: 20_000, quality: 60, fps: 30 },
      events: {
        onWelcome: () => undefined,
        onDemand: tell('demand'),
        onReport: tell('report'),
        onFigures: tell('figures'),
        onEncoder: tell('encoder'),
        onPictured: tell('pictured'),
        onLost: tell('lost'),
        onBarred: tell('barred'),
        notice: tell('notice'),
      },
      ...given,
    },
    gstRows(gst),
  );
  onTestFinished(() => outlet.close());
  outlet.open();
  const details = (event: string) => told.filter(([name]) => name === event).map(([, of]) => of);
  return { outlet, details };
}

/** Something new to see until a condition holds. */
async function showUntil(outlet: StripesOutlet, what: string, holds: () => boolean): Promise<void> {
  const picture = new PaintedPicture(...SIZE);
  let turn = 0;
  await waitFor(
    () => {
      turn += 1;
      picture.paint(0, 480, 40 + (turn % 150));
      outlet.frame(picture.pixels, picture.info());
      return holds();
    },
    { what, timeoutMs: 20_000 },
  );
}

describe('pictures of GStreamer', () => {
  it.each(['jpeg-striped', 'x264enc-striped', 'h264'] as const)(
    '[MEDIA-52] reach a server as stripes of %s that decode',
    async (encoder: StripesEncoder) => {
      const server = await MediaServer.open();
      const { outlet, details } = publish(server.url, { encoder });
      const pipeline = Pipeline.parse(
        gst,
        'videotestsrc is-live=true pattern=smpte ! video/x-raw,format=I420,width=640,height=480 ! ' +
          'timeoverlay ! appsink name=raw emit-signals=true sync=false max-buffers=1 drop=true',
      );
      onTestFinished(() => pipeline.close());
      watchPassing(gst, pipeline, 'raw', (passing) =>
        viewRawPicture(passing, ({ pixels, ...shape }) => {
          const ageUs = Number(pipeline.runningTimeNs - passing.timeNs) / 1_000;
          const capturedAtUs = Math.round(Date.now() * 1_000 - ageUs);
          outlet.frame(pixels, { ...shape, capturedAtUs });
        }),
      );
      await pipeline.play();
      const pictures = (): Set<number> =>
        new Set(server.connections[0]?.stripes.map(({ frame }) => frame));
      await waitFor(() => pictures().size > 20, { what: '20 pictures', timeoutMs: 20_000 });
      const stripes = server.connections[0]?.stripes ?? [];
      expect(stripes[0]).toMatchObject({ width: 640, height: 480, isKey: true });
      expect(Math.abs(Date.now() * 1000 - (stripes.at(-1)?.capturedAtUs ?? 0))).toBeLessThan(10e6);
      const top = stripes.filter(({ y }) => y === 0);
      expect(await decodeStripes(top)).toMatchObject({ frames: top.length, errors: '' });
      const figures = () => details('figures').at(-1);
      await waitFor(figures, { what: 'figures' });
      expect(figures()).toMatchObject({ encoder });
      expect(details('notice')).toEqual([]);
    },
  );
});

describe('the media socket of a host', () => {
  it('[MEDIA-59] asks for its side with its token, and encodes for nobody', async () => {
    const server = await MediaServer.open();
    server.greeting = [{ type: 'media/welcome', session: A_SECRET }];
    const { outlet, details } = publish(server.url);
    await waitFor(() => server.connections[0], { what: 'a connection' });
    const [connection] = server.connections;
    expect(connection).toMatchObject({
      authorization: 'Bearer a-token',
      protocol: 'pixelcast.media.publish.v1',
    });
    const picture = new PaintedPicture(...SIZE);
    outlet.frame(picture.pixels, picture.info());
    outlet.sound(Buffer.from([1]), 1);
    connection?.tell({ type: 'media/demand', picture: 2, sound: 0 });
    await waitFor(() => outlet.demand.picture === 2, { what: 'demand' });
    outlet.sound(Buffer.from([1]), 1);
    await showUntil(outlet, 'a stripe', () => connection?.stripes.length !== 0);
    connection?.tell({ type: 'media/demand', picture: 0, sound: 1 });
    await waitFor(() => outlet.demand.sound === 1, { what: 'demand' });
    outlet.sound(Buffer.from([252, 7]), 5_000);
    outlet.sound(Buffer.from([252, 8]), 15_000);
    await waitFor(() => connection?.sounds.length === 2, { what: 'sound' });
    const [first, second] = connection?.sounds ?? [];
    expect([...(second?.payload ?? [])]).toEqual([252, 8]);
    expect(second).toMatchObject({ sequence: (first?.sequence ?? 0) + 1, capturedAtUs: 15_000 });
    expect(details('demand')).toEqual([
      { picture: 2, sound: 0 },
      { picture: 0, sound: 1 },
    ]);
  });

  it('[MEDIA-53] [MEDIA-59] is dialled again after a loss, and all begins with keys', async () => {
    const server = await MediaServer.open();
    const { outlet, details } = publish(server.url, { encoder: 'x264enc-striped' });
    await showUntil(outlet, 'stripes', () => (server.connections[0]?.stripes.length ?? 0) > 6);
    server.connections[0]?.socket.terminate();
    const again = () => server.connections[1]?.stripes ?? [];
    await showUntil(outlet, 'stripes', () => again().length > 6);
    const keys = new Map<number, boolean>();
    for (const { y, isKey } of again()) if (!keys.has(y)) keys.set(y, isKey);
    expect([...keys.values()]).toEqual([true, true, true]);
    expect(details('lost')).toEqual(['The media socket was lost (code 1006).']);
    const before = again().length;
    server.connections[1]?.tell({ type: 'media/key' });
    await waitFor(
      () =>
        new Set(
          again()
            .slice(before)
            .filter(({ isKey }) => isKey),
        ).size >= 3,
      {
        what: 'keys of all rows',
      },
    );
  });

  it('[MEDIA-59] closed for good says why and comes no more', async () => {
    const server = await MediaServer.open();
    const { details } = publish(server.url);
    await waitFor(() => server.connections[0], { what: 'a connection' });
    server.connections[0]?.socket.close(CLOSE_CODES.replaced, 'Another host publishes here now.');
    await waitFor(() => details('barred').length > 0, { what: 'the end' });
    expect(details('barred')).toEqual([
      'The gateway closed the media socket: Another host publishes here now.',
    ]);
    expect(server.connections).toHaveLength(1);
  });

  it('tells of the viewers’ reports, its own figures and the first picture after a mark', async () => {
    const server = await MediaServer.open();
    const { outlet, details } = publish(server.url);
    await showUntil(outlet, 'a stripe', () => (server.connections[0]?.stripes.length ?? 0) > 0);
    const report = {
      ...{ viewers: 1, paintedMedianMs: 9, paintedUpperMs: 12 },
      ...{ skippedMedian: 0, skippedUpper: 0.5 },
    };
    server.connections[0]?.tell({ type: 'media/report', report });
    outlet.mark(77);
    await showUntil(outlet, 'the mark', () => details('pictured').includes(77));
    await waitFor(() => details('report').length > 0, { what: 'the report' });
    expect(details('report')).toEqual([report]);
    await waitFor(() => (server.connections[0]?.texts.length ?? 0) > 0, { what: 'figures' });
    expect(server.connections[0]?.texts[0]).toMatchObject({ type: 'media/figures' });
    await waitFor(() => outlet.figures.roundTripMs !== null, { what: 'a round trip' });
  });

  it('[MEDIA-57] holds pictures back from a server that does not read, and goes on after', async () => {
    const server = await MediaServer.open();
    const { outlet } = publish(server.url);
    await showUntil(outlet, 'a stripe', () => (server.connections[0]?.stripes.length ?? 0) > 0);
    const [connection] = server.connections;
    connection?.socket.pause();
    await showUntil(outlet, 'pictures to wait', () => outlet.figures.skippedPath > 5);
    const sentSoFar = connection?.stripes.length ?? 0;
    connection?.socket.resume();
    await showUntil(outlet, 'more', () => (connection?.stripes.length ?? 0) > sentSoFar + 20);
  });

  it('[MEDIA-58] says when each encoder ended a process before', async () => {
    const server = await MediaServer.open();
    const excluded = ['jpeg-striped', 'x264enc-striped', 'h264'] as const;
    const { details } = publish(server.url, { excluded });
    await waitFor(() => details('barred').length > 0, { what: 'the sentence' });
    expect(details('barred')[0]).toBe(
      'Each encoder of the WebSocket mode ended the media process here.',
    );
  });
});
