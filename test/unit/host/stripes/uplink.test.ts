import { describe, expect, it } from 'vitest';
import { Uplink } from '../../../../host-publisher/stripes/uplink.ts';

describe('the path to the gateway', () => {
  it('[MEDIA-57] takes two pictures before its round trip is known', () => {
    const uplink = new Uplink();
    expect(uplink.isFull(0)).toBe(false);
    uplink.ping(0);
    expect(uplink.isFull(0)).toBe(false);
    uplink.ping(1);
    expect(uplink.isFull(1)).toBe(true);
    expect([uplink.roundTripMs, uplink.queueMs]).toEqual([null, null]);
  });

  it('[MEDIA-57] is full while the oldest picture takes 80 ms longer than the quickest did', () => {
    const uplink = new Uplink();
    uplink.pong(uplink.ping(0), 200);
    const slow = uplink.ping(1_000);
    expect(uplink.isFull(1_280)).toBe(false);
    expect(uplink.isFull(1_281)).toBe(true);
    uplink.pong(slow, 1_500);
    expect(uplink.isFull(1_500)).toBe(false);
    expect([uplink.roundTripMs, uplink.queueMs]).toEqual([500, 300]);
  });

  it('takes an answer for all pictures before it, and none for what was never asked', () => {
    const uplink = new Uplink();
    uplink.ping(0);
    const last = uplink.ping(10);
    uplink.pong(last + 7, 15);
    expect(uplink.roundTripMs).toBe(null);
    uplink.pong(last, 20);
    expect(uplink.roundTripMs).toBe(10);
    expect(uplink.isFull(10_000)).toBe(false);
    uplink.pong(last, 30);
    expect(uplink.roundTripMs).toBe(10);
  });

  it('forgets the quickest when the way may be another', () => {
    const uplink = new Uplink();
    uplink.pong(uplink.ping(0), 5);
    uplink.pong(uplink.ping(9_000), 9_300);
    expect(uplink.queueMs).toBe(295);
    uplink.pong(uplink.ping(10_000), 10_300);
    expect(uplink.queueMs).toBe(0);
  });
});
