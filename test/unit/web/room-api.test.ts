import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostState } from '../../../gateway/protocol/host.ts';
import { PublisherLookout } from '../../../web/core/publisher-lookout.ts';
import { RoomApi, type SourceReading } from '../../../web/core/room-api.ts';
import { FakeBrowser } from './fake-browser.ts';

const aView = (live: boolean) => ({
  source: 'main',
  live,
  viewers: 0,
  video: null,
  audio: null,
  sinceMs: null,
});
const aHost = (state: HostState, source = 'main') => ({ source, state, kind: 'cube' });

const readMain = (body: unknown) => {
  const browser = new FakeBrowser(() => Response.json(body));
  const url = 'https://cast.test/api/v1/rooms/demo';
  return new RoomApi(browser, { url, token: 't' }).readSource('main');
};

describe('RoomApi.readSource', () => {
  it.each([
    ['a published source', [aView(true)], [aHost('live')], aView(true)],
    ['one of an older gateway', [aView(false)], undefined, aView(false)],
    ['one that nobody knows', [], [aHost('idle', 'other')], 'absent'],
    ['one that starts when watched', [], [aHost('idle')], 'startable'],
    ['one that starts now', [aView(false)], [aHost('starting')], 'startable'],
    ['one whose host failed', [], [aHost('failed')], 'absent'],
  ])('tells of %s', async (_what, sources, hosts, expected) => {
    expect(await readMain({ room: 'demo', sources, hosts })).toEqual(expected);
  });

  it('says nothing where it cannot be told', async () => {
    expect(await readMain({ error: 'not found' })).toBeNull();
  });
});

describe('PublisherLookout', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it('finds a publisher, and a host that starts one', async () => {
    let reading: SourceReading = 'absent';
    const found = vi.fn();
    const draws = () => 0.5;
    const lookout = new PublisherLookout(() => Promise.resolve(reading), found, draws);
    await vi.advanceTimersByTimeAsync(2_000);
    reading = null;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(found).not.toHaveBeenCalled();
    reading = 'startable';
    await vi.advanceTimersByTimeAsync(700);
    expect(found).toHaveBeenCalledTimes(1);
    lookout.close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(found).toHaveBeenCalledTimes(1);
  });
});
