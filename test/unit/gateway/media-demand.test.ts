import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aGrant, aRoom, aSource } from '../../support/gateway/a-gateway-core.ts';
import type { FakeHostChannel } from '../../support/gateway/a-host-desk.ts';
import { aMediaStage, type MediaStage } from '../../support/gateway/a-media-desk.ts';
import { aStatus, someCapabilities } from '../../support/gateway/test-socket.ts';
import { ReceivedOffer } from '../../../gateway/sdp/received-offer.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const PLACE = { room: aRoom('demo'), source: aSource('main') };

/** Viewers by WebRTC and by `/ws/media`, as the host was told. */
const demands = ({ told }: FakeHostChannel): (readonly [number, number | undefined])[] =>
  told.flatMap((each) =>
    each.type === 'media/demand' ? [[each.viewers, each.websocket] as const] : [],
  );

describe('demand in both modes', () => {
  test('[MEDIA-34] is told at the hello, at once for the first in each mode, then ten times a second', async () => {
    const stage = await aMediaStage({ withoutPublisher: 'wait' });
    const { channel } = stage.join();
    const first = stage.watchBySocket();
    expect(demands(channel)).toEqual([
      [0, 0],
      [0, 1],
    ]);
    await stage.core.play();
    expect(demands(channel).at(-1)).toEqual([1, 1]);
    for (let more = 0; more < 9; more += 1) stage.watchBySocket();
    expect(demands(channel)).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(100);
    expect(demands(channel).at(-1)).toEqual([1, 10]);
    first.seat.release('left');
    await vi.advanceTimersByTimeAsync(100);
    expect(demands(channel).at(-1)).toEqual([1, 9]);
  });

  test('[MEDIA-34] counts those who came before the host, of its own source alone', async () => {
    const stage = await aMediaStage();
    stage.watchBySocket();
    stage.watchBySocket({ source: aSource('camera') });
    expect(demands(stage.join().channel)).toEqual([[0, 1]]);
  });

  test('[MEDIA-34] leaves out who wants neither picture nor sound just now', async () => {
    const stage = await aMediaStage();
    const { channel } = stage.join();
    const { seat } = stage.watchBySocket();
    seat.want({ picture: false, sound: true });
    await vi.advanceTimersByTimeAsync(100);
    expect(demands(channel).at(-1)).toEqual([0, 1]);
    seat.want({ picture: false, sound: false });
    await vi.advanceTimersByTimeAsync(100);
    expect(demands(channel).at(-1)).toEqual([0, 0]);
    seat.want({ picture: true, sound: false });
    expect(demands(channel).at(-1)).toEqual([0, 1]);
    seat.release('client');
    seat.want({ picture: true, sound: true });
    await vi.advanceTimersByTimeAsync(100);
    expect(demands(channel).at(-1)).toEqual([0, 0]);
  });

  test('[MEDIA-34] by a socket asks the host for no key frame of its other mode', async () => {
    const stage = await aMediaStage();
    const { channel } = stage.join({ status: aStatus({ state: 'live' }) });
    stage.watchBySocket();
    await vi.advanceTimersByTimeAsync(2000);
    expect(channel.count('media/keyframe')).toBe(0);
  });
});

describe('a WHEP offer for a host', () => {
  const enter = (stage: MediaStage): { readonly entered: () => boolean } => {
    let entered = false;
    const offer = new ReceivedOffer(anOffer('chromium-watch'), 'watch');
    const signal = new AbortController().signal;
    void stage.arrivals.enter({ ...PLACE, offer, signal }).then(() => (entered = true));
    return { entered: () => entered };
  };

  test('[MEDIA-33] waits a second only, where the host publishes by WebSocket', async () => {
    const stage = await aMediaStage();
    stage.join();
    stage.publishBySocket({ grant: aGrant({ subject: 'machine' }) });
    const { entered } = enter(stage);
    await vi.advanceTimersByTimeAsync(999);
    expect(entered()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(entered()).toBe(true);
  });

  test('[MEDIA-33] waits a second more, once the host publishes by WebSocket', async () => {
    const stage = await aMediaStage();
    stage.join();
    const { entered } = enter(stage);
    await vi.advanceTimersByTimeAsync(3000);
    stage.publishBySocket({ grant: aGrant({ subject: 'machine' }) });
    await vi.advanceTimersByTimeAsync(999);
    expect(entered()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(entered()).toBe(true);
  });

  test('[MEDIA-33] is refused at once, and demand of nobody, where the host has no WebRTC', async () => {
    const stage = await aMediaStage();
    const capabilities = someCapabilities({ transports: ['websocket'] });
    const { channel } = stage.join({ capabilities });
    const offer = new ReceivedOffer(anOffer('chromium-watch'), 'watch');
    const { signal } = new AbortController();
    await expect(stage.arrivals.enter({ ...PLACE, offer, signal })).rejects.toMatchObject({
      code: 'no-publisher',
      transports: ['websocket'],
    });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(demands(channel)).toEqual([[0, 0]]);
    await stage.core.publish({ grant: aGrant({ subject: 'machine' }) });
    const { entered } = enter(stage);
    await vi.advanceTimersByTimeAsync(0);
    expect(entered()).toBe(true);
  });

  test('[MEDIA-33] goes on at once with its publisher by WHIP', async () => {
    const stage = await aMediaStage();
    stage.join();
    const { entered } = enter(stage);
    stage.publishBySocket({ source: aSource('camera') });
    const machine = { grant: aGrant({ subject: 'machine' }) };
    stage.publishBySocket(machine);
    await vi.advanceTimersByTimeAsync(100);
    expect(entered()).toBe(false);
    await stage.core.publish(machine);
    await vi.advanceTimersByTimeAsync(0);
    expect(entered()).toBe(true);
    expect(stage.arrivals.size).toBe(0);
  });
});

test('[MEDIA-38] the player of a socket reports by its session, and counts in the audience', async () => {
  const stage = await aMediaStage();
  const { channel } = stage.join({ status: aStatus({ state: 'live' }) });
  const { session } = stage.watchBySocket();
  stage.watchBySocket();
  const { seat } = stage.watch();
  const report = {
    ...{ loss: 0, jitterMs: 1, framesReceived: 60, framesDecoded: 60, framesDropped: 0 },
    ...{ decodeMs: 1, freezes: 0, freezeMs: 0 },
  };
  seat.take({ type: 'viewer/watching', source: PLACE.source, session: session.secret }, 0);
  seat.take({ type: 'viewer/report', report }, 0);
  await vi.advanceTimersByTimeAsync(2000);
  expect(channel.told.findLast(({ type }) => type === 'audience/report')).toMatchObject({
    report: { viewers: 2, reporting: 1 },
  });
  await stage.core.sessions.kick(session);
  expect(seat.channel).toMatchObject({ dismissed: 'kicked' });
});
