import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { heardSound, meterSound } from '../../support/browser/heard-sound.ts';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { aMediaViewer, type MediaViewer } from '../../support/gateway/media-socket.ts';
import { decodeStripes } from '../../support/media/decode.ts';
import { SEEN } from '../../support/stage/desktop-stage.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';
import { Theatre, startSharing, waitForState, waitForWay } from '../theatre.ts';

/** RFC 5737: nothing answers there, as behind a firewall that drops UDP. */
const NOWHERE = '192.0.2.1';

const watchRaw = (theatre: Theatre, room: string): Promise<MediaViewer> =>
  aMediaViewer(theatre.gateway.url, {
    room,
    token: theatre.gateway.token({ sub: 'raw', room, can: ['watch'] }),
  });

const soundOf = ({ media }: MediaViewer): number =>
  media.filter(([first]) => first !== undefined && (first & 15) === 2).length;

async function seesPictures(viewer: MediaViewer, count: number): Promise<void> {
  await waitFor(() => viewer.stripes.length >= count, {
    timeoutMs: 20_000,
    what: `${count} stripes (${viewer.stripes.length} came)`,
  });
}

describe('a presenter by WebSocket', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open();
  });
  afterEach(() => theatre.clear());
  afterAll(() => theatre.close());

  test('[MEDIA-123] by WebSocket alone a viewer gets H.264 and Opus; nobody there, nothing is encoded', async () => {
    const room = theatre.newRoom();
    const share = await theatre.openShare(room, 'presenter', '?mode=websocket');
    await share.getByTestId('start').click();
    await waitForWay(share, 'websocket');
    expect(await share.locator('main').textContent()).toContain('You are sharing over WebSocket.');
    const figure = share.getByTestId('figure-websocket');
    await waitFor(async () => (await figure.textContent())?.includes('nobody watches'), {
      what: 'the page to say that nobody watches',
    });

    const viewer = await watchRaw(theatre, room);
    await seesPictures(viewer, 30);
    await waitFor(() => soundOf(viewer) > 20, { what: 'packets of sound' });
    expect(viewer.stripes[0]?.isKey).toBe(true);
    expect(await decodeStripes(viewer.stripes.slice(0, 30))).toMatchObject({
      ...{ frames: 30, errors: '' },
    });
    await waitFor(async () => (await figure.textContent())?.includes('1 viewer,'), {
      what: 'the page to count its viewer',
    });
    viewer.socket.close();
    await waitFor(async () => (await figure.textContent())?.includes('nobody watches'), {
      what: 'the page to rest',
    });
    await share.getByTestId('stop').click();
    await waitForState(share, 'stopped');
  });

  test('[MEDIA-124] where WebRTC works both modes go at once from one share', async () => {
    const room = theatre.newRoom();
    const share = await theatre.share(room);
    await waitForWay(share, 'websocket');
    expect(await share.locator('main').textContent()).toContain('You are sharing.');
    const page = await theatre.watch(room);
    await waitForMovingPicture(page, { selector: '[data-testid="video"]' });
    const raw = await watchRaw(theatre, room);
    await seesPictures(raw, 30);
    await waitForMovingPicture(page, { selector: '[data-testid="video"]' });
    await share.getByTestId('stop').click();
  });

  test('[MEDIA-125] with mode=webrtc no publish socket is opened', async () => {
    const room = theatre.newRoom();
    const share = await theatre.openShare(room, 'presenter', '?mode=webrtc');
    const sockets: string[] = [];
    share.on('websocket', (socket) => sockets.push(socket.url()));
    await startSharing(share);
    expect(await share.locator('main').getAttribute('data-ways')).toBe('webrtc');
    expect(sockets).toEqual([]);
    await share.getByTestId('stop').click();
  });

  test('[MEDIA-126] who shares from another page takes the place of the first, which says so', async () => {
    const room = theatre.newRoom();
    const pages = [];
    for (const query of ['?mode=websocket', '?mode=websocket']) {
      const page = await theatre.openShare(room, 'presenter', query);
      await page.getByTestId('start').click();
      await waitForWay(page, 'websocket');
      pages.push(page);
    }
    const [first, second] = pages;
    if (first === undefined || second === undefined) throw new Error('no pages');
    await waitForState(first, 'failed');
    expect(await first.locator('main').getAttribute('data-problem')).toBe('replaced');
    const viewer = await watchRaw(theatre, room);
    await seesPictures(viewer, 5);
    await second.getByTestId('stop').click();
  });
});

// A real node announces what it was started with.
describe.skipIf(GatewayProcess.usesRealNodes)('a presenter whose network blocks UDP', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open({ MEDIA_CANDIDATE: NOWHERE });
    await meterSound(theatre.browser.context);
  });
  afterEach(() => theatre.clear());
  afterAll(() => theatre.close());

  test('[MEDIA-127] shares by WebSocket at once, and says why', async () => {
    const room = theatre.newRoom();
    const share = await theatre.openShare(room);
    await share.getByTestId('start').click();
    await waitForWay(share, 'websocket');
    const viewer = await watchRaw(theatre, room);
    await seesPictures(viewer, 10);
    await waitFor(
      async () =>
        (await share.locator('main').textContent())?.includes(
          'WebRTC does not get through this network (no answer on UDP).',
        ),
      { timeoutMs: 30_000, what: 'the reason' },
    );
    expect(await share.locator('main').getAttribute('data-state')).toBe('live');
    const before = viewer.stripes.length;
    await seesPictures(viewer, before + 10);
    await share.getByTestId('stop').click();
  });

  test('[MEDIA-130] reaches a watch page whose UDP is blocked too', async () => {
    const room = theatre.newRoom();
    const share = await theatre.openShare(room);
    await share.getByTestId('start').click();
    await waitForWay(share, 'websocket');
    const page = await theatre.watch(room);
    await waitForState(page, 'live');
    expect(await page.locator('main').getAttribute('data-mode')).toBe('websocket');
    await waitForMovingPicture(page, { selector: SEEN, timeoutMs: 30_000 });
    await waitFor(async () => Math.abs((await heardSound(page)).peakHz - 440) < 30, {
      timeoutMs: 30_000,
      what: 'the tone of the shared tab',
    });
    await share.getByTestId('stop').click();
  });
});
