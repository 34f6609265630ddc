import { describe, expect, it } from 'vitest';
import { PictureScale } from '../../../web/core/picture-scale.ts';

const CEILING_BPS = 2_200_000;

/** A 720p30 capture, read every half second. */
class Uplink {
  readonly scale = new PictureScale();
  #atMs = 0;
  #offered = 0;
  #encoded = 0;

  constructor() {
    this.pass({ seconds: 1, availableBps: 3_000_000 });
  }

  /** Lets time pass; `share` of the frames is encoded. Returns the divisor at its end. */
  pass({ seconds = 0.5, availableBps = 3_000_000, share = 1, offered = 15 }): number {
    for (let half = 0; half < seconds * 2; half += 1) {
      this.#atMs += 500;
      this.#offered += offered;
      this.#encoded += Math.round(offered * share);
      this.scale.next(
        {
          atMs: this.#atMs,
          framesOffered: this.#offered,
          framesEncoded: this.#encoded,
          availableBps,
          width: 1280,
          height: 720,
          framesPerSecond: 30,
        },
        CEILING_BPS,
      );
    }
    return this.scale.value;
  }

  /** The first second after 20 -> 1 Mbit/s, as Chromium reports it. */
  squeeze(): number {
    return this.pass({ availableBps: 930_000, share: 0.4 });
  }
}

describe('PictureScale', () => {
  it('leaves the picture alone while its frames get through', () => {
    expect(new Uplink().pass({ seconds: 30, availableBps: 900_000 })).toBe(1);
  });

  it('picks the size that the estimate can carry after one starved half second', () => {
    expect(new Uplink().squeeze()).toBe(2);
  });

  it('leaves the picture alone when a slow encoder, not the network, drops frames', () => {
    expect(new Uplink().pass({ seconds: 5, share: 0.4, availableBps: 5_000_000 })).toBe(1);
  });

  it('takes a still screen for no hunger', () => {
    expect(new Uplink().pass({ availableBps: 500_000, share: 0, offered: 2 })).toBe(1);
  });

  it('lets the key frame of the new size pass before it judges that size', () => {
    const uplink = new Uplink();
    uplink.squeeze();
    expect(uplink.pass({ seconds: 1, availableBps: 900_000, share: 0.5 })).toBe(2);
    expect(uplink.pass({ seconds: 1, availableBps: 900_000, share: 0.5 })).toBe(3);
  });

  it('never shrinks below a quarter of each side', () => {
    expect(new Uplink().pass({ seconds: 20, availableBps: 50_000, share: 0.1 })).toBe(4);
  });

  it('gives the size back a step at a time, after five seconds with room', () => {
    const uplink = new Uplink();
    uplink.squeeze();
    expect(uplink.pass({ seconds: 4.5 })).toBe(2);
    expect(uplink.pass({ seconds: 1 })).toBe(1.5);
    expect(uplink.pass({ seconds: 6 })).toBe(1);
  });

  it('stays small while the next size would not fit', () => {
    const uplink = new Uplink();
    uplink.squeeze();
    expect(uplink.pass({ seconds: 60, availableBps: 1_000_000 })).toBe(2);
  });

  it('waits twice as long after a raise that starved the encoder', () => {
    const uplink = new Uplink();
    uplink.squeeze();
    expect(uplink.pass({ seconds: 5.5 })).toBe(1.5);
    expect(uplink.squeeze()).toBe(2);
    expect(uplink.pass({ seconds: 9.5 })).toBe(2);
    expect(uplink.pass({ seconds: 1 })).toBe(1.5);
  });
});
