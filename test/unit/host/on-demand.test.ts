import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostState } from '../../../gateway/protocol/host.ts';
import { HEALTHY_MS } from '../../../host-publisher/supervision/back-off.ts';
import { OnDemand } from '../../../host-publisher/supervision/on-demand.ts';

const GRACE_MS = 10_000;
/** The back-off's longest, with all of its chance. */
const FIRST_WAIT_MS = 250;

const aHost = () => {
  const did: string[] = [];
  const host = new OnDemand({
    graceMs: GRACE_MS,
    start: () => void did.push('start'),
    end: () => void did.push('end'),
    onState: (state: HostState) => void did.push(state),
    random: () => 1,
  });
  /** What it did since it was asked last. */
  const since = () => did.splice(0);
  return { host, since };
};
const liveHost = () => {
  const { host, since } = aHost();
  host.demand(1);
  host.live();
  since();
  return { host, since };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a host on demand', () => {
  it('rests until the first viewer, and starts for it at once', () => {
    const { host, since } = aHost();
    host.demand(0);
    vi.advanceTimersByTime(3_600_000);
    expect(since()).toEqual([]);
    expect(host.state).toBe('idle');
    host.demand(1);
    expect(since()).toEqual(['starting', 'start']);
    host.live();
    host.demand(2);
    host.demand(1);
    expect(since()).toEqual(['live']);
  });

  it('rests again when the grace after the last viewer is over', () => {
    const { host, since } = liveHost();
    host.demand(0);
    vi.advanceTimersByTime(GRACE_MS - 1);
    expect(since()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(since()).toEqual(['idle', 'end']);
    host.demand(1);
    expect(since()).toEqual(['starting', 'start']);
  });

  it('goes on for a viewer that comes within the grace, which begins anew after it', () => {
    const { host, since } = liveHost();
    host.demand(0);
    vi.advanceTimersByTime(GRACE_MS - 1);
    host.demand(1);
    vi.advanceTimersByTime(GRACE_MS * 3);
    host.demand(0);
    vi.advanceTimersByTime(GRACE_MS - 1);
    expect(since()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(since()).toEqual(['idle', 'end']);
  });

  it('does not begin the grace anew with each message that nobody watches', () => {
    const { host, since } = liveHost();
    host.demand(0);
    vi.advanceTimersByTime(GRACE_MS / 2);
    host.demand(0);
    vi.advanceTimersByTime(GRACE_MS / 2);
    expect(since()).toEqual(['idle', 'end']);
  });

  it('ends a start that nobody waits for any more', () => {
    const { host, since } = aHost();
    host.demand(1);
    host.demand(0);
    vi.advanceTimersByTime(GRACE_MS);
    expect(since()).toEqual(['starting', 'start', 'idle', 'end']);
    host.live();
    expect(host.state).toBe('idle');
  });

  it('publishes always once it is told to', () => {
    const { host, since } = aHost();
    host.publishAlways();
    host.live();
    host.demand(0);
    vi.advanceTimersByTime(GRACE_MS * 2);
    expect(since()).toEqual(['starting', 'start', 'live']);
    expect(host.isAlways).toBe(true);
  });
});

describe('a host whose gateway is lost', () => {
  it('idle stays idle', () => {
    const { host, since } = aHost();
    host.demand(0);
    host.lose();
    vi.advanceTimersByTime(GRACE_MS * 2);
    expect(since()).toEqual([]);
  });

  it('starting goes on, and live is live', () => {
    const { host, since } = aHost();
    host.demand(1);
    host.lose();
    host.live();
    vi.advanceTimersByTime(GRACE_MS * 2);
    expect(since()).toEqual(['starting', 'start', 'live']);
  });

  it('live goes on, even within the grace, until it is told that nobody watches', () => {
    const { host, since } = liveHost();
    host.demand(0);
    host.lose();
    vi.advanceTimersByTime(GRACE_MS * 2);
    expect(since()).toEqual([]);
    host.demand(0);
    vi.advanceTimersByTime(GRACE_MS);
    expect(since()).toEqual(['idle', 'end']);
  });

  it('failed tries again', () => {
    const { host, since } = liveHost();
    host.failed(0);
    host.lose();
    vi.advanceTimersByTime(FIRST_WAIT_MS);
    expect(since()).toEqual(['failed', 'starting', 'start']);
  });
});

describe('a host whose publication fails', () => {
  it('waits longer after each failure in a row, and as long as it was asked to', () => {
    const { host, since } = aHost();
    host.demand(1);
    const waits = [0, 0, 0, 60_000].map((least) => {
      const waitMs = host.failed(least);
      vi.advanceTimersByTime(waitMs);
      return waitMs;
    });
    expect(waits).toEqual([FIRST_WAIT_MS, 500, 1000, 60_000]);
    expect(since().filter((one) => one === 'start')).toHaveLength(5);
  });

  it('counts from one again after it has been live for long', () => {
    const { host } = aHost();
    host.demand(1);
    for (const lastsMs of [0, HEALTHY_MS - 1, HEALTHY_MS + 1]) {
      vi.advanceTimersByTime(host.failed(0));
      host.live();
      vi.advanceTimersByTime(lastsMs);
    }
    expect(host.failed(0)).toBe(FIRST_WAIT_MS);
  });

  it('is left alone once nobody wants it', () => {
    const { host, since } = liveHost();
    host.failed(3 * GRACE_MS);
    host.demand(0);
    vi.advanceTimersByTime(GRACE_MS * 5);
    expect(since()).toEqual(['failed', 'idle', 'end']);
  });

  it('waits for its time also when another viewer comes', () => {
    const { host, since } = liveHost();
    host.failed(1_000);
    host.demand(2);
    expect(since()).toEqual(['failed']);
  });
});

describe('a host that is stopped', () => {
  it.each(['starting', 'live', 'failed'] as const)('ends what is under way: %s', (state) => {
    const { host, since } = aHost();
    host.demand(1);
    if (state !== 'starting') host.live();
    if (state === 'failed') host.failed(0);
    expect(host.state).toBe(state);
    since();
    host.stop();
    host.stop();
    expect(since()).toEqual(['idle', 'end']);
  });

  it('starts no more', () => {
    const { host, since } = aHost();
    host.stop();
    host.demand(3);
    host.publishAlways();
    host.failed(0);
    vi.advanceTimersByTime(60_000);
    expect(since()).toEqual([]);
  });
});
