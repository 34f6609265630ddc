import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { BareClient } from '../../support/clients/bare-client.ts';
import { aRoomName } from '../../support/clients/client-stage.ts';
import { revive } from '../../support/clients/revived-offer.ts';
import { RtpPublisher, type RtpPublisherOptions } from '../../support/rtc/rtp-publisher.ts';
import { RtpViewer } from '../../support/rtc/rtp-viewer.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';

/** libnice's are of 32 characters and may hold slashes. */
const LIBNICE = {
  ufrag: 'hT/2pXw1k0FFx2vUcJvWy7pGe6v/kq5d',
  pwd: 'p6WhyRkLtFv8gXWvUlrXKz7sXDdXgG3Q',
};

let gateway: GatewayProcess;
const peers: { close(): void }[] = [];

beforeAll(async () => {
  gateway = await GatewayProcess.start();
});
afterEach(() => {
  for (const peer of peers.splice(0)) peer.close();
});
afterAll(() => gateway.close());

async function publish(
  room: string,
  write: (offer: string) => string,
  options: RtpPublisherOptions = {},
): Promise<BareClient> {
  const client = new BareClient(gateway);
  peers.push(await RtpPublisher.connect(client.exchange('whip', room, write), options));
  await client.waitForPublisher(room);
  return client;
}

/** What a player of both gets of the room. */
async function seeIn(room: string, wanted: { audio: boolean; video: boolean }): Promise<RtpViewer> {
  const viewer = await RtpViewer.connect(new BareClient(gateway).exchange('whep', room));
  peers.push(viewer);
  await waitFor(
    () =>
      (!wanted.audio || viewer.audio.packets > 20) && (!wanted.video || viewer.video.frames > 10),
    { timeoutMs: 15_000, what: 'media' },
  );
  return viewer;
}

describe('media of an offer as it is written by', () => {
  test.each<[string, string, RtpPublisherOptions]>([
    ['[WHIP-19] OBS: session-level transport, a=group:LS, no candidates', 'obs-publish', {}],
    ['[WHIP-16] FFmpeg 8: setup:passive, constant o=', 'ffmpeg8-publish', { rtx: true }],
    [
      '[WHIP-12] FFmpeg of one medium: BUNDLE names a missing mid',
      'ffmpeg-publish',
      { audio: false },
    ],
    [
      '[WHIP-11] simple-whip-client of one medium: no BUNDLE, no msid, OPUS, a long ufrag with /',
      'simple-whip-client-publish',
      { video: null, ice: LIBNICE },
    ],
    [
      '[WHIP-11] simple-whip-client of two: port 0 and bundle-only',
      'simple-whip-client-publish-both',
      { ice: LIBNICE },
    ],
  ])('%s', async (_, name, options) => {
    const room = aRoomName();
    const client = await publish(room, (living) => revive(anOffer(name), living), options);
    const wanted = { audio: options.audio !== false, video: options.video !== null };
    const viewer = await seeIn(room, wanted);
    if (!wanted.video) expect(viewer.video.packets).toBe(0);
    if (!wanted.audio) expect(viewer.audio.packets).toBe(0);
    // Meetecho's clients send one.
    expect(await client.delete({ 'if-match': client.answered?.etag ?? '' })).toBe(200);
    expect(await client.delete()).toBe(404);
  });

  test('[WHIP-01] GStreamer: no a=ssrc, candidates, port 0 and bundle-only', async () => {
    const room = aRoomName();
    const write = (living: string): string => revive(anOffer('gstreamer-publish'), living);
    if (GatewayProcess.usesRealNodes) {
      const publisher = new RtpPublisher();
      peers.push(publisher);
      const offer = write(await publisher.offer());
      const refused = await new BareClient(gateway).post('whip', room, offer);
      expect(refused.status).toBe(422);
      expect(await refused.json()).toMatchObject({ code: 'offer-unacceptable' });
      return;
    }
    await publish(room, write);
    await seeIn(room, { audio: true, video: true });
  });

  test('[WHIP-08] MediaMTX: sendrecv m-lines', async () => {
    const room = aRoomName();
    const client = await publish(room, (offer) => offer.replaceAll('a=sendonly', 'a=sendrecv'));
    expect(client.answered?.sdp.match(/^a=recvonly\r$/gm)).toHaveLength(2);
    await seeIn(room, { audio: true, video: true });
  });

  test('[WHIP-14] a client that offers video first', async () => {
    const room = aRoomName();
    const client = await publish(room, videoFirst);
    expect(client.answered?.sdp.match(/^m=\w+/gm)).toEqual(['m=video', 'm=audio']);
    await seeIn(room, { audio: true, video: true });
  });

  test('a client that offers a data channel beside its media', async () => {
    const room = aRoomName();
    const client = await publish(room, withDataChannel);
    expect(client.answered?.sdp).toMatch(/^m=application 0 UDP\/DTLS\/SCTP webrtc-datachannel\r$/m);
    await seeIn(room, { audio: true, video: true });
  });
});

test.each(['obs-publish', 'ffmpeg8-publish', 'ffmpeg-publish', 'chromium-publish'])(
  '[WHIP-17] the answer to %s is one FFmpeg can read: v= first, a UDP host candidate, 8 KiB at most',
  async (name) => {
    const client = new BareClient(gateway);
    expect((await client.post('whip', aRoomName(), anOffer(name))).status).toBe(201);
    const sdp = client.answered?.sdp ?? '';
    expect(sdp).toMatch(/^v=0\r\n/);
    expect(sdp).toMatch(/^a=candidate:\S+ 1 udp \d+ \S+ \d+ typ host/m);
    expect(Buffer.byteLength(sdp)).toBeLessThanOrEqual(8192);
    expect(await client.delete()).toBe(200);
  },
);

function videoFirst(offer: string): string {
  const [session = '', ...media] = offer.split(/^(?=m=)/m);
  return [session.replace('BUNDLE 0 1', 'BUNDLE 1 0'), ...media.toReversed()].join('');
}

function withDataChannel(offer: string): string {
  const transport = offer.match(/^a=(?:ice-ufrag|ice-pwd|fingerprint):.*\r\n/gm)?.slice(0, 3) ?? [];
  return [
    offer.replace('BUNDLE 0 1', 'BUNDLE 0 1 2'),
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n',
    ...transport,
    'a=setup:actpass\r\na=mid:2\r\na=sctp-port:5000\r\n',
  ].join('');
}
