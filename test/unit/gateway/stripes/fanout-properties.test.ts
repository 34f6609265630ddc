import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LIMITS } from '../../../../gateway/limits/limits.ts';
import { UNPAINTED_WINDOW } from '../../../../gateway/protocol/media/media-protocol.ts';
import {
  readStripe,
  writeStripe,
  type Stripe,
  type StripeCodec,
} from '../../../../gateway/protocol/media/stripe.ts';
import { runs } from '../../../support/fuzz/runs.ts';
import { FedViewer } from '../../../support/media/fed-viewer.ts';
import { FeedStage } from '../../../support/media/feed-stage.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ROWS = 4;
const VIEWERS = 3;
/** `UNPAINTED_WINDOW` and the most that a path holds. */
const LARGEST_WINDOW = UNPAINTED_WINDOW + 12;

type Act =
  | { type: 'picture'; rows: number[]; isKey: boolean; isSplit: boolean }
  | { type: 'relayout' }
  | { type: 'republish' }
  | { type: 'time'; ms: number }
  | { type: 'paint'; viewer: number; which: 'oldest' | 'newest' }
  | { type: 'queue'; viewer: number; isFull: boolean }
  | { type: 'want'; viewer: number; picture: boolean }
  | { type: 'key'; viewer: number };

const viewer = fc.nat(VIEWERS - 1);
const row = fc.nat(ROWS - 1);
const rows = fc.uniqueArray(row, { minLength: 1 }).map((each) => each.toSorted((a, b) => a - b));

const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({
        type: fc.constant('picture' as const),
        rows,
        isKey: fc.nat(9).map((each) => each === 0),
        isSplit: fc.boolean(),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        type: fc.constant('paint' as const),
        viewer,
        which: fc.constantFrom('oldest' as const, 'newest' as const),
      }),
    },
    { weight: 3, arbitrary: fc.record({ type: fc.constant('time' as const), ms: fc.nat(400) }) },
    {
      weight: 2,
      arbitrary: fc.record({ type: fc.constant('queue' as const), viewer, isFull: fc.boolean() }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant('want' as const), viewer, picture: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('key' as const), viewer }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('relayout' as const) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('republish' as const) }) },
  ),
  { maxLength: 80, size: 'max' },
);

function act(stage: FeedStage, viewers: readonly (FedViewer | undefined)[], given: Act): void {
  const one = 'viewer' in given ? viewers[given.viewer] : undefined;
  switch (given.type) {
    case 'picture':
      for (const message of stage.next(given)) {
        expect(stage.publication.take(message)).toBeUndefined();
        if (given.isSplit) vi.advanceTimersByTime(1);
      }
      break;
    case 'relayout':
      stage.relayout();
      break;
    case 'republish':
      stage.publication.end();
      stage.publish();
      break;
    case 'time':
      vi.advanceTimersByTime(given.ms);
      break;
    case 'paint':
      one?.paint(given.which);
      break;
    case 'queue':
      if (one !== undefined) one.queuedBytes = given.isFull ? LIMITS.mediaQueueBytes + 1 : 0;
      break;
    case 'want':
      one?.feed.want({ picture: given.picture, sound: true });
      break;
    case 'key':
      one?.feed.wantKey();
      break;
  }
}

/** Plays all of it to some of the viewers. */
function play(codec: StripeCodec, script: readonly Act[], isHere: (index: number) => boolean) {
  const stage = new FeedStage({ codec, rows: ROWS });
  const viewers = Array.from({ length: VIEWERS }, (_, index) =>
    isHere(index) ? new FedViewer(stage.feed) : undefined,
  );
  for (const given of script) act(stage, viewers, given);
  return { stage, viewers };
}

const everybody = (): boolean => true;
const present = (viewers: readonly (FedViewer | undefined)[]): FedViewer[] =>
  viewers.filter((each) => each !== undefined);

/** The number of the row's picture before, and its own. */
const numbersOf = ({ payload }: Stripe): readonly [before: number, own: number] => {
  const bytes = Buffer.from(payload);
  return [bytes.readUInt32BE(0), bytes.readUInt32BE(4)];
};

/** Which H.264 stripes a decoder could not use. */
function undecodable(stripes: readonly Stripe[]): readonly Stripe[] {
  const newest = new Map<string, number>();
  return stripes.filter((stripe) => {
    const key = `${stripe.layout} ${stripe.y}`;
    const [before, own] = numbersOf(stripe);
    const isLost = !stripe.isKey && newest.get(key) !== before;
    newest.set(key, own);
    return isLost;
  });
}

/** Gives everybody all the time and room that is needed. */
function calm(viewers: readonly FedViewer[]): void {
  for (const each of viewers) {
    each.queuedBytes = 0;
    each.feed.want({ picture: true, sound: true });
  }
  for (let second = 0; second < 12; second += 1) {
    for (const each of viewers) while (each.paint());
    vi.advanceTimersByTime(1_000);
  }
}

describe.each(['jpeg', 'h264'] as const)('%s, whatever happens', (codec) => {
  test('[MEDIA-04] nobody is sent more than the window unpainted', () => {
    fc.assert(
      fc.property(acts, (script) => {
        const stage = new FeedStage({ codec, rows: ROWS });
        const viewers = [0, 1, 2].map(() => new FedViewer(stage.feed));
        for (const given of script) {
          act(stage, viewers, given);
          // What a viewer that wanted none for a while left unpainted is forgiven.
          if (given.type === 'want' || given.type === 'republish') {
            for (const each of viewers) each.unpainted.length = 0;
          }
          for (const { unpainted } of viewers) {
            expect(unpainted.length).toBeLessThanOrEqual(LARGEST_WINDOW);
          }
        }
      }),
      runs(60),
    );
  });

  test('[MEDIA-08] every picture that a viewer gets is whole before the next one', () => {
    fc.assert(
      fc.property(acts, (script) => {
        for (const { stripes } of present(play(codec, script, everybody).viewers)) {
          for (const [index, stripe] of stripes.entries()) {
            const next = stripes[index + 1];
            if (next === undefined || stripe.isLast) continue;
            expect(next).toMatchObject({ frame: stripe.frame, layout: stripe.layout });
          }
          expect(stripes.at(-1)?.isLast ?? true).toBe(true);
        }
      }),
      runs(60),
    );
  });

  test('[MEDIA-15] what a viewer gets does not depend on the others', () => {
    fc.assert(
      fc.property(acts, viewer, (script, one) => {
        // A feed's seconds go on while the next one is played.
        const seen = (isHere: (index: number) => boolean): readonly Buffer[] => [
          ...(play(codec, script, isHere).viewers[one]?.messages ?? expect.fail()),
        ];
        expect(seen(everybody)).toEqual(seen((index) => index === one));
      }),
      runs(60),
    );
  });
});

test('[MEDIA-10] an H.264 row never gets a delta after one that was left out, before a key', () => {
  fc.assert(
    fc.property(acts, (script) => {
      for (const { stripes } of present(play('h264', script, everybody).viewers)) {
        expect(undecodable(stripes)).toEqual([]);
      }
    }),
    runs(100),
  );
});

test('[MEDIA-10] with keys that it asked for every viewer has all rows in the end', () => {
  fc.assert(
    fc.property(acts, (script) => {
      const { stage, viewers } = play('h264', script, everybody);
      stage.show({ isKey: true });
      const asked = stage.heard('media/key').length;
      calm(present(viewers));
      const isAsked = stage.heard('media/key').length > asked;
      if (isAsked) stage.show({ isKey: true });
      stage.show();
      for (const { stripes } of present(viewers)) {
        const last = stripes.filter(({ frame }) => frame === stage.frame);
        expect(last).toHaveLength(ROWS);
      }
    }),
    runs(60),
  );
});

test('[MEDIA-09] a JPEG viewer ends up with the newest of every row', () => {
  fc.assert(
    fc.property(acts, (script) => {
      const { stage, viewers } = play('jpeg', script, everybody);
      stage.show({ rows: [0] });
      calm(present(viewers));
      const stages = new FedViewer(stage.feed);
      const newest = stages.stripes.map((stripe) => [stripe.y, numbersOf(stripe)[1]] as const);
      for (const { stripes } of present(viewers)) {
        for (const [y, own] of newest) {
          const last = stripes.findLast((stripe) => stripe.y === y);
          expect(last && numbersOf(last)[1]).toBe(own);
        }
      }
      expect(newest).toHaveLength(ROWS);
    }),
    runs(60),
  );
});

test('[MEDIA-07] what waits for a viewer that reads nothing is bounded, and what is kept for others', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          count: fc.integer({ min: 1, max: 8 }),
          kib: fc.integer({ min: 1, max: 2_000 }),
        }),
        {
          maxLength: 12,
          size: 'max',
        },
      ),
      (pictures) => {
        const stage = new FeedStage({ rows: 8 });
        const stuck = new FedViewer(stage.feed);
        stuck.isStuck = true;
        for (const { count, kib } of pictures) {
          const bytes = new Uint8Array(kib * 1024);
          for (const [index, message] of stage.next().slice(0, count).entries()) {
            const stripe = readStripe(message);
            if (typeof stripe === 'string') throw new Error(stripe);
            const isLast = index === count - 1 || index === 3;
            stage.publication.take(Buffer.from(writeStripe({ ...stripe, isLast }, bytes)));
            if (isLast) break;
          }
          stuck.paint();
          expect(stage.feed.bytes).toBeLessThanOrEqual(LIMITS.mediaRowStoreBytes);
        }
        const most = LIMITS.mediaQueueBytes + LIMITS.mediaPictureBytes;
        expect(stuck.queuedBytes).toBeLessThanOrEqual(most);
      },
    ),
    runs(20),
  );
});
