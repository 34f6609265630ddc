import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { LIMITS } from '../../../../gateway/limits/limits.ts';
import { MAX_STRIPE_BYTES } from '../../../../gateway/protocol/media/media-protocol.ts';
import { readStripe, type Stripe } from '../../../../gateway/protocol/media/stripe.ts';
import { RowStore } from '../../../../gateway/stripes/row-store.ts';
import { aStripe } from '../../../support/media/a-stripe.ts';
import { FedViewer } from '../../../support/media/fed-viewer.ts';
import { FeedStage } from '../../../support/media/feed-stage.ts';
import { runs } from '../../../support/fuzz/runs.ts';

const ROWS = 8;
const LARGE = MAX_STRIPE_BYTES - 1024;

function stripeOf(bytes: number, frame: number): Stripe {
  const stripe = readStripe(aStripe({ bytes, frame }));
  if (typeof stripe === 'string') throw new Error(stripe);
  return stripe;
}

test('[MEDIA-07] of each row the newest is kept or none, and never more than fit', () => {
  const given = fc.record({ row: fc.nat(ROWS - 1), bytes: fc.integer({ min: 1, max: LARGE }) });
  fc.assert(
    fc.property(fc.array(given, { maxLength: 30, size: 'max' }), (stripes) => {
      const store = new RowStore();
      const kept = new Map<number, Stripe>();
      for (const [frame, { row, bytes }] of stripes.entries()) {
        const stripe = stripeOf(bytes, frame);
        store.set(row, stripe);
        kept.delete(row);
        const others = [...kept.values()].reduce((sum, { payload }) => sum + payload.length, 0);
        if (others + bytes <= LIMITS.mediaRowStoreBytes) kept.set(row, stripe);
        expect(store.get(row)?.frame).toBe(kept.get(row)?.frame);
        expect(store.bytes).toBe(others + (kept.has(row) ? bytes : 0));
        stripe.payload[0] = 8;
        expect(store.get(row)?.payload[0] ?? 7).toBe(7);
      }
      store.clear();
      expect([store.bytes, store.get(0)]).toEqual([0, undefined]);
    }),
    runs(20),
  );
});

test('[MEDIA-09] JPEG rows that have no room in the store come with their picture, and are asked for', () => {
  vi.useFakeTimers();
  try {
    const stage = new FeedStage({ rows: ROWS, bytes: LARGE });
    stage.next();
    for (const message of stage.next({ rows: [0, 1, 2, 3] })) stage.publication.take(message);
    const viewer = new FedViewer(stage.feed);
    expect(viewer.stripes.map(({ y }) => y)).toEqual([0, 16, 32, 48]);
    viewer.queuedBytes = LIMITS.mediaQueueBytes + 1;
    stage.show({ rows: [4] });
    viewer.queuedBytes = 0;
    stage.show({ rows: [5] });
    expect(viewer.stripes.slice(4).map(({ y, isLast }) => [y, isLast])).toEqual([[80, true]]);
    expect(stage.heard('media/key')).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});
