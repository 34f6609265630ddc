import { describe, expect, test } from 'vitest';
import { avcCodecOf } from '../../../../web/core/stripes/avc-codec.ts';
import { JpegRow } from '../../../../web/core/stripes/jpeg-row.ts';
import { LipSync } from '../../../../web/core/stripes/lip-sync.ts';
import type { RowImage } from '../../../../web/core/stripes/row-decoder.ts';
import { aStripe, FakeImage } from './a-stripe.ts';

/** Decodes when told. */
function aRow() {
  const under: { resolve: (image: RowImage) => void; reject: (error: Error) => void }[] = [];
  const outcomes: string[] = [];
  let broken = 0;
  const row = new JpegRow({ onBroken: () => (broken += 1), onUnsupported: () => undefined }, () => {
    const { promise, resolve, reject } = Promise.withResolvers<RowImage>();
    under.push({ resolve, reject });
    return promise;
  });
  const decode = (name: string) =>
    row.decode(aStripe(), (image) => outcomes.push(image === null ? `${name} -` : `${name} +`));
  const finish = async (n: number): Promise<void> => {
    under[n]?.resolve(new FakeImage() as never);
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { row, under, outcomes, decode, finish, broken: () => broken };
}

describe('a row', () => {
  test('[MEDIA-82] of JPEGs that wait the newest alone is decoded', async () => {
    const { outcomes, under, decode, finish } = aRow();
    for (const name of ['a', 'b', 'c']) decode(name);
    expect(outcomes).toEqual(['b -']);
    await finish(0);
    await finish(1);
    expect(outcomes).toEqual(['b -', 'a +', 'c +']);
    expect(under).toHaveLength(2);
  });

  test('[MEDIA-82] a row that ends answers for all that it was given', async () => {
    const { row, outcomes, decode, finish, broken } = aRow();
    decode('a');
    decode('b');
    row.close();
    expect(outcomes).toEqual(['b -', 'a -']);
    await finish(0);
    expect(broken()).toBe(0);
  });

  test('[MEDIA-71] a key frame names its profile and level', () => {
    const aud = [0, 0, 0, 1, 9, 0xf0];
    const sps = [0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x0b, 0xda];
    expect(avcCodecOf(new Uint8Array([...aud, ...sps]))).toBe('avc1.42c00b');
    expect(avcCodecOf(new Uint8Array([...aud, 0, 0, 1, 0x27, 0x64, 0, 0x28, 1]))).toBe(
      'avc1.640028',
    );
    expect(avcCodecOf(new Uint8Array(aud))).toBeNull();
    expect(avcCodecOf(new Uint8Array([0, 0, 1, 0x67, 0x42]))).toBeNull();
  });
});

describe('lip-sync', () => {
  test('[MEDIA-84] is told by times of capture, whatever the clocks differ by', () => {
    for (const apartMs of [0, 3_600_000, -3_600_000]) {
      const sync = new LipSync();
      for (let n = 0; n < 100; n += 1) {
        const capturedMs = 1e9 + n * 20;
        sync.painted(capturedMs * 1000, capturedMs + apartMs + 15);
        sync.heard(capturedMs * 1000, capturedMs + apartMs + 70);
      }
      expect(sync.skewMs).toBeCloseTo(55, 3);
    }
  });

  test('[MEDIA-84] is not known without a picture of now', () => {
    const sync = new LipSync();
    sync.heard(0, 50);
    expect(sync.skewMs).toBeNull();
    sync.painted(0, 10);
    sync.heard(0, 50);
    expect(sync.skewMs).toBe(40);
    // What stood still for a minute was captured then.
    sync.painted(0, 60_000);
    sync.heard(59_990_000, 60_010);
    expect(sync.skewMs).toBeNull();
    sync.painted(60_000_000, 60_010);
    sync.heard(59_990_000, 60_020);
    expect(sync.skewMs).toBe(20);
    sync.heard(61_090_000, 61_200);
    expect(sync.skewMs).toBeNull();
  });
});
