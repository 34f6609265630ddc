import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aRoom, aSource } from '../../support/gateway/a-gateway-core.ts';
import { aHostStage } from '../../support/gateway/a-host-desk.ts';
import { aStatus, someCapabilities } from '../../support/gateway/test-socket.ts';
import { ReceivedOffer } from '../../../gateway/sdp/received-offer.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const PLACE = { room: aRoom('demo'), source: aSource('main') };
const OFFER = new ReceivedOffer(anOffer('chromium-watch'), 'watch');
const NEVER = new AbortController().signal;
const live = { status: aStatus({ state: 'live' }) };

describe('the place of a host', () => {
  test('[HOST-04] is held before the hello, and nobody’s host until then', async () => {
    const stage = await aHostStage();
    stage.claim();
    expect(() => stage.claim('other')).toThrow('sharing here already');
    expect(() => stage.hosts.host(PLACE)).toThrow('No host');
    expect(stage.hosts.views(PLACE.room)).toEqual([]);
  });

  test('[HOST-04] goes to the same subject’s newer socket; the end of the older changes nothing', async () => {
    const stage = await aHostStage();
    const older = stage.join();
    const newer = stage.join();
    expect(older.channel.dismissed).toBe('replaced');
    older.seat.release();
    expect(stage.hosts.host(PLACE).channel).toBe(newer.channel);
    expect(older.seat.take({ type: 'host/status', ...live })).toBe(true);
    expect(stage.hosts.host(PLACE).status.state).toBe('idle');
    newer.seat.release();
    stage.claim('other').seat.release();
    expect([stage.hosts.size, stage.sources.size]).toEqual([0, 0]);
  });
});

describe('demand', () => {
  test('[HOST-11] is told at the hello, at once for the first viewer, then ten times a second', async () => {
    const stage = await aHostStage();
    const { channel } = stage.join();
    await stage.core.publish();
    const first = await stage.core.play();
    expect(channel.demands).toEqual([0, 1]);
    for (let count = 0; count < 20; count += 1) await stage.core.play();
    expect(channel.demands).toEqual([0, 1]);
    await vi.advanceTimersByTimeAsync(100);
    expect(channel.demands).toEqual([0, 1, 21]);
    await stage.core.sessions.end(first, 'client');
    await vi.advanceTimersByTimeAsync(100);
    expect(channel.demands).toEqual([0, 1, 21, 20]);
  });

  test('[HOST-11] counts those who came before the host, of its own source alone', async () => {
    const stage = await aHostStage();
    await stage.core.publish();
    await stage.core.publish({ source: aSource('camera') });
    await stage.core.play();
    await stage.core.play({ source: aSource('camera') });
    expect(stage.join().channel.demands).toEqual([1]);
  });
});

describe('the audience', () => {
  test('[HOST-15] is told every two seconds while somebody watches, and only then', async () => {
    const stage = await aHostStage();
    const { channel } = stage.join(live);
    await stage.core.publish();
    await vi.advanceTimersByTimeAsync(4000);
    expect(channel.count('audience/report')).toBe(0);
    const session = await stage.core.play();
    await vi.advanceTimersByTimeAsync(6000);
    expect(channel.count('audience/report')).toBe(3);
    expect(stage.hosts.view(PLACE).audience).toMatchObject({ viewers: 1, reporting: 0 });
    await stage.core.sessions.end(session, 'client');
    await vi.advanceTimersByTimeAsync(4000);
    expect(channel.count('audience/report')).toBe(3);
    expect(stage.hosts.view(PLACE).audience).toBeNull();
  });

  test('[VIEW-07] counts a report of the last six seconds, of a session that lives', async () => {
    const stage = await aHostStage();
    stage.join(live);
    await stage.core.publish();
    const sessions = [await stage.core.play(), await stage.core.play()];
    const report = {
      ...{ loss: 0, jitterMs: 1, framesReceived: 60, framesDecoded: 60, framesDropped: 0 },
      ...{ decodeMs: 1, freezes: 0, freezeMs: 0 },
    };
    for (const { secret } of sessions) {
      const { seat } = stage.watch();
      seat.take({ type: 'viewer/watching', source: PLACE.source, session: secret }, 0);
      seat.take({ type: 'viewer/report', report }, 0);
    }
    const reporting = () => stage.hosts.view(PLACE).audience?.reporting;
    await vi.advanceTimersByTimeAsync(2000);
    expect(reporting()).toBe(2);
    const [first] = sessions;
    if (first !== undefined) await stage.core.sessions.end(first, 'client');
    await vi.advanceTimersByTimeAsync(2000);
    expect(reporting()).toBe(1);
    await vi.advanceTimersByTimeAsync(4000);
    expect(reporting()).toBe(0);
  });
});

describe('key frames', () => {
  test('[HOST-14] are asked for after a viewer joined, at most one a second', async () => {
    const stage = await aHostStage();
    const { channel } = stage.join(live);
    await stage.core.publish();
    for (let count = 0; count < 5; count += 1) await stage.core.play();
    await vi.advanceTimersByTimeAsync(200);
    expect(channel.count('media/keyframe')).toBe(1);
    await vi.advanceTimersByTimeAsync(999);
    expect(channel.count('media/keyframe')).toBe(1);
    await vi.advanceTimersByTimeAsync(5000);
    expect(channel.count('media/keyframe')).toBe(2);
  });
});

describe('a viewer’s offer', () => {
  const arrival = (stage: Awaited<ReturnType<typeof aHostStage>>, signal = NEVER) =>
    stage.arrivals.enter({ ...PLACE, offer: OFFER, signal });

  test('[HOST-12] waits for the publisher’s answer and counts all the while', async () => {
    const stage = await aHostStage();
    const { channel } = stage.join();
    const entered = vi.fn();
    const entering = arrival(stage).then(entered);
    await vi.advanceTimersByTimeAsync(5000);
    expect(entered).not.toHaveBeenCalled();
    expect(channel.demands).toEqual([0, 1]);
    await stage.core.publish();
    await entering;
    const leave = entered.mock.calls[0]?.[0] as () => void;
    await stage.core.play();
    leave();
    leave();
    await vi.advanceTimersByTimeAsync(200);
    expect(channel.demands.at(-1)).toBe(1);
    expect(channel.demands.slice(1)).not.toContain(0);
  });

  test('[HOST-12] waits ten seconds at most, then goes on without', async () => {
    const stage = await aHostStage();
    const { channel } = stage.join();
    const entering = arrival(stage);
    await vi.advanceTimersByTimeAsync(10_000);
    (await entering)();
    await vi.advanceTimersByTimeAsync(200);
    expect(channel.demands).toEqual([0, 1, 0]);
    expect(stage.arrivals.size).toBe(0);
  });

  test.each([
    ['no host', undefined],
    [
      'a host that publishes by itself and failed',
      { capabilities: someCapabilities({ onDemand: false }), status: aStatus({ state: 'failed' }) },
    ],
  ])('[HOST-12] does not wait for %s', async (_, host) => {
    const stage = await aHostStage();
    if (host !== undefined) stage.join(host);
    (await arrival(stage))();
    expect(stage.sources.size).toBe(host === undefined ? 0 : 1);
  });

  test('[HOST-12] that cannot be read is refused before any wait', async () => {
    const stage = await aHostStage();
    const { channel } = stage.join();
    const entering = stage.arrivals.enter({
      ...PLACE,
      offer: new ReceivedOffer('v=0', 'watch'),
      signal: NEVER,
    });
    await expect(entering).rejects.toMatchObject({ code: expect.any(String) as string });
    await vi.advanceTimersByTimeAsync(200);
    expect(channel.demands.at(-1)).toBe(0);
  });

  test('[HOST-12] ends its wait with its client, and with the gateway', async () => {
    const stage = await aHostStage();
    stage.join();
    const gone = new AbortController();
    const leaving = arrival(stage, gone.signal);
    const staying = arrival(stage);
    gone.abort();
    (await leaving)();
    stage.arrivals.close();
    await expect(staying).rejects.toMatchObject({ code: 'shutting-down' });
    await expect(arrival(stage)).rejects.toMatchObject({ code: 'shutting-down' });
    expect(stage.arrivals.size).toBe(0);
  });
});

describe('a command', () => {
  const tune = { fps: 15 };

  test('[HOST-13] that nobody answers is 504 after three seconds; a late answer is nobody’s', async () => {
    const stage = await aHostStage();
    const { channel, seat } = stage.join();
    const tuning = stage.hosts.tune(PLACE, tune);
    const refused = expect(tuning).rejects.toMatchObject({ code: 'host-silent' });
    await vi.advanceTimersByTimeAsync(3000);
    await refused;
    const command = channel.told.at(-1);
    const id = command?.type === 'media/tune' ? command.id : '';
    expect(seat.take({ type: 'host/result', id, ok: true, detail: '' })).toBe(true);
    expect(stage.commands).toEqual(['failed']);
  });

  test('[HOST-13] under way ends with its host, 503', async () => {
    const stage = await aHostStage();
    const { seat } = stage.join();
    const tuning = stage.hosts.tune(PLACE, tune);
    seat.release();
    await expect(tuning).rejects.toMatchObject({ code: 'host-away' });
    await expect(stage.hosts.tune(PLACE, tune)).rejects.toMatchObject({ code: 'not-found' });
    await vi.advanceTimersByTimeAsync(500);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('[HOST-13] beyond eight unanswered ones is 429', async () => {
    const stage = await aHostStage();
    stage.join();
    const all = Array.from({ length: 9 }, () =>
      stage.hosts.tune(PLACE, tune).catch((error: unknown) => (error as { code: string }).code),
    );
    expect(await all.at(-1)).toBe('rate-limited');
    await vi.advanceTimersByTimeAsync(3000);
    expect(await Promise.all(all)).toEqual([
      ...Array.from({ length: 8 }, () => 'host-silent'),
      'rate-limited',
    ]);
  });
});

test('a thousand hosts, viewers and sessions come and go without a trace', async () => {
  const stage = await aHostStage();
  for (let round = 0; round < 1000; round += 1) {
    const host = stage.claim('machine', `s${round}`);
    host.seat.take({ type: 'host/hello', capabilities: someCapabilities(), ...live });
    const viewer = stage.watch(`s${round}`);
    host.seat.take({ type: 'cursor/position', x: 0, y: 0, visible: true });
    host.seat.release();
    stage.viewers.release(viewer.seat, 'left');
  }
  const { sources, hosts, viewers } = stage;
  expect([sources.size, hosts.size, viewers.size, hosts.rooms().length]).toEqual([0, 0, 0, 0]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(vi.getTimerCount()).toBe(0);
});

test('expired and revoked grants end their sockets, others stay', async () => {
  const stage = await aHostStage();
  const { channel } = stage.join();
  const viewer = stage.watch();
  const reason = ({ subject }: { subject: string }) =>
    subject === 'machine' ? ('expired' as const) : undefined;
  stage.hosts.sweep(reason);
  stage.viewers.sweep(reason);
  expect([channel.dismissed, viewer.channel.dismissed]).toEqual(['expired', null]);
});
