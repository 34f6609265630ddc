import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { BareClient } from '../../support/clients/bare-client.ts';
import { aRoomName } from '../../support/clients/client-stage.ts';
import { revive } from '../../support/clients/revived-offer.ts';
import { RtpPublisher, type RtpPublisherOptions } from '../../support/rtc/rtp-publisher.ts';
import { RtpViewer, type RtpViewerOptions } from '../../support/rtc/rtp-viewer.ts';
import { anOffer, sectionOf } from '../../support/sdp/descriptions.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';

let gateway: GatewayProcess;
const peers: { close(): void }[] = [];

beforeAll(async () => {
  gateway = await GatewayProcess.start();
});
afterEach(() => {
  for (const peer of peers.splice(0)) peer.close();
});
afterAll(() => gateway.close());

async function publish(room: string, options: RtpPublisherOptions = {}): Promise<void> {
  const client = new BareClient(gateway);
  peers.push(await RtpPublisher.connect(client.exchange('whip', room), options));
  await client.waitForPublisher(room);
}

async function play(
  room: string,
  write: (offer: string) => string = (offer) => offer,
  options: RtpViewerOptions = {},
): Promise<RtpViewer> {
  const exchange = new BareClient(gateway).exchange('whep', room, write);
  const viewer = await RtpViewer.connect(exchange, options);
  peers.push(viewer);
  return viewer;
}

const hears = (viewer: RtpViewer) =>
  waitFor(() => viewer.audio.packets > 20, { timeoutMs: 15_000, what: 'sound' });
const sees = (viewer: RtpViewer) =>
  waitFor(() => viewer.video.frames > 10, { timeoutMs: 15_000, what: 'pictures' });

/** `kind port mid` of each m-line. */
const linesOf = (sdp: string): readonly string[] =>
  sdp
    .split(/^(?=m=)/m)
    .slice(1)
    .map((section) => {
      const [, kind = '', port = ''] = /^m=(\w+) (\d+)/.exec(section) ?? [];
      return `${kind} ${port} ${/^a=mid:(.*)\r$/m.exec(section)?.[1] ?? '-'}`;
    });
const bundleOf = (sdp: string): string => /^a=group:BUNDLE (.*)\r$/m.exec(sdp)?.[1] ?? '';

describe('an audio and video source under', () => {
  test.each([
    [
      '[WHEP-13] a player with a data channel',
      'mediamtx-watch',
      ['audio 9 0', 'video 9 1', 'application 0 2'],
    ],
    ['[WHEP-14] an audio-first player', 'chromium-watch', ['audio 9 0', 'video 9 1']],
    ['[WHEP-14] a video-first player', 'chromium-watch-video-first', ['video 9 0', 'audio 9 1']],
    [
      '[WHEP-10] Firefox: transport of the session level, port 0 and bundle-only',
      'firefox-watch',
      ['audio 9 0', 'video 9 1'],
    ],
  ])('%s', async (_, name, lines) => {
    const room = aRoomName();
    await publish(room);
    const viewer = await play(room, (living) => revive(anOffer(name), living));
    expect(linesOf(viewer.answer)).toEqual(lines);
    expect(bundleOf(viewer.answer)).toBe('0 1');
    await hears(viewer);
    await sees(viewer);
  });

  test('[WHEP-03] a player whose m-lines are sendrecv', async () => {
    const room = aRoomName();
    await publish(room);
    const viewer = await play(room, (offer) => offer.replaceAll('a=recvonly', 'a=sendrecv'));
    expect(viewer.answer.match(/^a=sendonly\r$/gm)).toHaveLength(2);
    await hears(viewer);
    await sees(viewer);
  });

  test.each([
    ['video', { audio: false }],
    ['audio', { videoCodecs: [] }],
  ] as const)('[WHEP-01] a player of %s alone, without a BUNDLE group', async (kind, options) => {
    const room = aRoomName();
    await publish(room);
    const viewer = await play(room, (offer) => offer.replace(/^a=group:.*\r\n/m, ''), options);
    expect(linesOf(viewer.answer)).toEqual([`${kind} 9 0`]);
    expect(viewer.answer).not.toContain('a=group:BUNDLE');
    await (kind === 'video' ? sees(viewer) : hears(viewer));
  });
});

describe('[WHEP-12] a source of one medium under a player of both:', () => {
  test.each([
    ['audio, audio first', { video: null }, 'chromium-watch'],
    ['audio, video first', { video: null }, 'chromium-watch-video-first'],
    ['video, audio first', { audio: false }, 'chromium-watch'],
    ['video, video first', { audio: false }, 'chromium-watch-video-first'],
  ] as const)('%s', async (_, options: RtpPublisherOptions, name) => {
    const room = aRoomName();
    await publish(room, options);
    const viewer = await play(room, (living) => revive(anOffer(name), living));
    const lines = linesOf(viewer.answer);
    expect(lines.map((line) => line.split(' ')[2])).toEqual(['0', '1']);
    const bundled = bundleOf(viewer.answer).split(' ');
    lines.forEach((line, index) => {
      expect(bundled.includes(String(index)), line).toBe(!line.includes(' 0 '));
    });
    if (options.audio !== false) await hears(viewer);
    else await sees(viewer);
    // The engine keeps it open for a publisher who brings it; SRS cannot.
    if (!GatewayProcess.usesRealNodes) return;
    const absent = lines.findIndex((line) => line.startsWith(options.audio === false ? 'a' : 'v'));
    expect(sectionOf(viewer.answer, absent).some((line) => line.startsWith('a=ssrc'))).toBe(false);
  });
});

describe('[WHEP-09] a publisher of another codec:', () => {
  test.each(['AV1', 'VP9', 'VP8'] as const)('%s', async (codec) => {
    const room = aRoomName();
    if (GatewayProcess.usesRealNodes && codec !== 'AV1') {
      const publisher = new RtpPublisher({ video: codec });
      peers.push(publisher);
      const offer = await publisher.offer();
      const refused = await new BareClient(gateway).post('whip', room, offer);
      expect(refused.status).toBe(422);
      expect(await refused.json()).toMatchObject({ code: 'codec-unsupported' });
      return;
    }
    await publish(room, { video: codec });
    await sees(await play(room, undefined, { videoCodecs: [codec] }));

    const player = new RtpViewer({ videoCodecs: ['H264'] });
    peers.push(player);
    const refused = await new BareClient(gateway).post('whep', room, await player.offer());
    expect(refused.status).toBe(422);
    const problem = (await refused.json()) as { code: string; detail: string };
    expect(problem.code).toBe('codec-unsupported');
    expect(problem.detail).toContain(codec);
  });
});
