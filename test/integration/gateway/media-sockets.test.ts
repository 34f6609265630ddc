import { describe, expect, onTestFinished, test } from 'vitest';
import { LIMITS } from '../../../gateway/limits/limits.ts';
import { writePainted } from '../../../gateway/protocol/media/painted.ts';
import {
  PUBLISH_MEDIA_PROTOCOL,
  WATCH_MEDIA_PROTOCOL,
} from '../../../gateway/protocol/media/media-protocol.ts';
import { writeSound } from '../../../gateway/protocol/media/sound.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import {
  aMediaPublisher,
  aMediaViewer,
  connectMedia,
  pageProtocols,
} from '../../support/gateway/media-socket.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';
import { openSocket, refusedSocket } from '../../support/gateway/test-socket.ts';
import { aStripe } from '../../support/media/a-stripe.ts';
import { TcpRelay } from '../../support/net/tcp-relay.ts';
import { waitFor } from '../../support/wait-for.ts';

const PATH = '/ws/media/demo';
const watchToken = aToken({ sub: 'ben', can: ['watch'] });

describe('media sockets', () => {
  test('[MEDIA-01] stripes and sound reach every viewer byte for byte', async () => {
    const { gateway } = await startGateway();
    const publisher = await aMediaPublisher(gateway.url);
    const viewers = [await aMediaViewer(gateway.url), await aMediaViewer(gateway.url)];
    await publisher.hearsSuch('media/demand', ({ picture }) => picture === 2);
    const stripes = [aStripe(), aStripe({ y: 64, bytes: 70_000, isLast: true })];
    const sound = writeSound({ sequence: 1, capturedAtUs: 5, payload: new Uint8Array([1, 2]) });
    for (const message of [...stripes, sound]) publisher.socket.send(message);
    for (const viewer of viewers) {
      await waitFor(() => viewer.media.length === 3, { what: 'all of it' });
      expect(Buffer.concat(viewer.media)).toEqual(Buffer.concat([...stripes, sound]));
    }
  });

  test('[MEDIA-06] a picture that takes a slow line longer than a viewer may be silent comes, and so does the next', async () => {
    const { gateway } = await startGateway();
    const publisher = await aMediaPublisher(gateway.url);
    const relay = await TcpRelay.open(Number(new URL(gateway.url).port));
    onTestFinished(() => relay.close());
    const viewer = await aMediaViewer(`http://127.0.0.1:${relay.port}`);
    const rate = 20_000;
    relay.limit(rate);
    const bytes = (rate * (LIMITS.socketSilentMs + 2 * LIMITS.socketPingMs)) / 1000;
    publisher.socket.send(aStripe({ bytes: bytes / 2 }));
    publisher.socket.send(aStripe({ y: 64, bytes: bytes / 2, isLast: true }));
    await waitFor(() => viewer.stripes.length === 2 || viewer.closed !== null, {
      timeoutMs: 60_000,
      what: 'the large picture',
    });
    expect(viewer.closed).toBeNull();
    publisher.socket.send(aStripe({ frame: 2, bytes: 10, isLast: true }));
    await viewer.sees(2);
  });

  test('[MEDIA-20] whoever watches or publishes hears that the connection stands', async () => {
    const { gateway } = await startGateway();
    const viewer = await aMediaViewer(gateway.url);
    const publisher = await aMediaPublisher(gateway.url);
    for (const socket of [viewer, publisher]) {
      await waitFor(() => socket.heard('media/alive').length >= 2, {
        timeoutMs: 30_000,
        what: 'two signs of life',
      });
    }
  });

  test('[MEDIA-18] an agent is refused by HTTP, a page inside the socket', async () => {
    const { gateway } = await startGateway();
    const wrong = aToken({ sub: 'ben', can: ['control'] });
    for (const protocol of [WATCH_MEDIA_PROTOCOL, PUBLISH_MEDIA_PROTOCOL]) {
      const agent = await connectMedia(gateway.url, protocol, { token: wrong });
      expect(agent).toMatchObject({ status: 403 });
      const protocols = pageProtocols(wrong, protocol);
      const page = await openSocket(gateway.url, PATH, { protocols });
      expect(page.socket.protocol).toBe(protocol);
      expect((await page.end()).code).toBe(4403);
    }
    const anybody = await openSocket(gateway.url, PATH, { protocols: [WATCH_MEDIA_PROTOCOL] });
    expect((await anybody.end()).code).toBe(4401);
    const neither = await refusedSocket(gateway.url, PATH, { protocols: ['chat'], token: wrong });
    expect(neither.status).toBe(400);
  });

  test('[MEDIA-18] a token to watch does not publish, one to publish does not watch', async () => {
    const { gateway } = await startGateway();
    const publish = aToken({ sub: 'ben', can: ['publish'] });
    for (const [protocol, token] of [
      [PUBLISH_MEDIA_PROTOCOL, watchToken],
      [WATCH_MEDIA_PROTOCOL, publish],
    ] as const) {
      const protocols = pageProtocols(token, protocol);
      const page = await openSocket(gateway.url, PATH, { protocols });
      expect((await page.end()).code).toBe(4403);
    }
  });

  const large = Buffer.alloc(LIMITS.mediaPublisherMessageBytes + 1);
  test.each<[string, (socket: { send(data: Buffer | string): void }) => void, number]>([
    ['garbage', (socket) => socket.send(Buffer.from('garbage')), 1008],
    ['another version', (socket) => socket.send(Buffer.from([0x21, 0])), 1008],
    ['text that is no JSON', (socket) => socket.send('garbage'), 1008],
    ['an unknown message', (socket) => socket.send('{"type":"media/want"}'), 1008],
    ['too large a message', (socket) => socket.send(large), 1009],
    [
      'too many',
      (socket) => {
        const stripes = Array.from({ length: LIMITS.mediaMessagesAtOnce * 2 }, (_, frame) =>
          aStripe({ frame, isLast: true }),
        );
        for (const stripe of stripes) socket.send(stripe);
      },
      4429,
    ],
  ])('[MEDIA-17] a publisher of %s is sent away; its viewers stay', async (_, act, code) => {
    const { gateway } = await startGateway();
    const other = await aMediaPublisher(gateway.url, { source: 'other' });
    const viewer = await aMediaViewer(gateway.url);
    const elsewhere = await aMediaViewer(gateway.url, { source: 'other' });
    const publisher = await aMediaPublisher(gateway.url);
    act(publisher.socket);
    const end = await publisher.end();
    expect(end.code).toBe(code);
    if (code !== 1009) expect(end.reason).not.toBe('');
    const next = await aMediaPublisher(gateway.url);
    viewer.stripes.length = 0;
    next.socket.send(aStripe({ isLast: true, frame: 7 }));
    await viewer.sees(7);
    other.socket.send(aStripe({ isLast: true, frame: 9 }));
    await elsewhere.sees(9);
  });

  test.each<[string, Buffer | string, number]>([
    ['a picture', aStripe(), 1008],
    ['a receipt for what was never sent', Buffer.from(writePainted(99)), 1008],
    ['half a receipt', Buffer.from([0x13, 0, 0]), 1008],
    ['a wish that is none', '{"type":"media/want","picture":1,"sound":true}', 1008],
    ['a kilobyte', Buffer.alloc(LIMITS.mediaWatcherMessageBytes + 1), 1009],
  ])('[MEDIA-17] a viewer that sends %s is sent away; the others stay', async (_, sent, code) => {
    const { gateway } = await startGateway();
    const publisher = await aMediaPublisher(gateway.url);
    const [viewer, other] = [await aMediaViewer(gateway.url), await aMediaViewer(gateway.url)];
    viewer.socket.send(sent);
    expect((await viewer.end()).code).toBe(code);
    publisher.socket.send(aStripe({ isLast: true }));
    await other.sees(0);
  });

  test('[MEDIA-17] a viewer that floods is sent away', async () => {
    const { gateway } = await startGateway();
    const publisher = await aMediaPublisher(gateway.url);
    const viewer = await aMediaViewer(gateway.url);
    publisher.socket.send(aStripe({ isLast: true }));
    await viewer.sees(0);
    for (let count = 0; count <= LIMITS.mediaReceiptsAtOnce * 2; count += 1) viewer.paint(0);
    expect((await viewer.end()).code).toBe(4429);
  });

  test('[MEDIA-04] a viewer that paints nothing holds up nobody', async () => {
    const { gateway } = await startGateway();
    const publisher = await aMediaPublisher(gateway.url);
    const [stuck, viewer] = [await aMediaViewer(gateway.url), await aMediaViewer(gateway.url)];
    stuck.paints = false;
    for (let frame = 0; frame < 40; frame += 1) {
      publisher.socket.send(aStripe({ frame, isLast: true, bytes: 20_000 }));
      await viewer.sees(frame);
    }
    expect(stuck.stripes.length).toBeLessThanOrEqual(15);
    stuck.paints = true;
    stuck.paint(stuck.stripes.at(-1)?.frame ?? 0);
    await stuck.sees(39);
  });

  test('[MEDIA-14] the metrics tell of pictures, bytes and what was left out', async () => {
    const { gateway } = await startGateway();
    const publisher = await aMediaPublisher(gateway.url);
    const viewer = await aMediaViewer(gateway.url);
    publisher.say({
      ...{ type: 'media/figures', frames: 30, stripes: 60, unchanged: 5 },
      ...{ encodeMs: 2, encodeMaxMs: 4 },
    });
    const stripe = aStripe({ isLast: true });
    publisher.socket.send(stripe);
    await viewer.sees(0);
    const metrics = await waitFor(
      async () => {
        const text = await (await gateway.request('GET', '/metrics')).text();
        return text.includes('pixelcast_media_painted_seconds_count 1') ? text : null;
      },
      { what: 'the receipt to count' },
    );
    for (const line of [
      'pixelcast_media_pictures_total 1',
      `pixelcast_media_bytes_total{direction="in"} ${stripe.byteLength}`,
      `pixelcast_media_bytes_total{direction="out"} ${stripe.byteLength}`,
      'pixelcast_media_stripes_dropped_total{reason="window"} 0',
      'pixelcast_media_encode_seconds_count 1',
      'pixelcast_sockets{kind="media-viewer"} 1',
      'pixelcast_sockets{kind="media-publisher"} 1',
    ]) {
      expect(metrics).toContain(line);
    }
  });
});
