import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MediaReport } from '../../../../gateway/protocol/media/media-messages.ts';
import { RateRule } from '../../../../web/core/stripes-publisher/rate-rule.ts';

const HD = { width: 1280, height: 720 };
const CALM: MediaReport = {
  viewers: 3,
  paintedMedianMs: 30,
  paintedUpperMs: 50,
  skippedMedian: 0,
  skippedUpper: 0,
};
const aRule = (hint: 'detail' | 'motion' = 'motion', maxBitrateBps = 5_000_000) =>
  new RateRule({ maxBitrateBps, maxFramerate: 30, hint });
const clear = { ...HD, report: CALM, heldBack: 0 };
const full = { ...HD, report: CALM, heldBack: 0.5 };

const after = (rule: RateRule, seconds: number, reading: Parameters<RateRule['next']>[0]) => {
  for (let second = 0; second < seconds; second++) rule.next(reading);
  return rule.choice;
};

describe('[MEDIA-118] the rates of a presenter', () => {
  test('grow to what the person allows while next to nothing is missed', () => {
    const rule = aRule();
    expect(rule.choice).toEqual({ bitrateBps: 3_000_000, framesPerSecond: 30, scale: 1 });
    expect(rule.isHeldBack).toBe(true);
    expect(after(rule, 10, clear).bitrateBps).toBe(5_000_000);
    expect(rule.isHeldBack).toBe(false);
  });

  test('are cut once, then given time to show, where the uplink holds back', () => {
    const rule = aRule();
    expect(rule.next(full).bitrateBps).toBe(2_100_000);
    expect(rule.next(full).bitrateBps).toBe(2_100_000);
    expect(rule.next(full).bitrateBps).toBe(1_470_000);
  });

  test('are cut where half of the viewers miss pictures or paint late, not where one does', () => {
    const missing = { ...clear, report: { ...CALM, skippedMedian: 0.2, skippedUpper: 0.2 } };
    expect(aRule().next(missing).bitrateBps).toBe(2_100_000);
    const late = { ...clear, report: { ...CALM, paintedMedianMs: 900, paintedUpperMs: 900 } };
    expect(aRule().next(late).bitrateBps).toBe(2_100_000);
    const one = { ...clear, report: { ...CALM, skippedUpper: 0.9, paintedUpperMs: 5_000 } };
    expect(aRule().next(one).bitrateBps).toBeGreaterThan(3_000_000);
  });

  test('give up size for motion, frames for detail', () => {
    const motion = after(aRule('motion'), 20, full);
    expect(motion.framesPerSecond).toBe(30);
    expect(motion.scale).toBeGreaterThan(1);
    const detail = after(aRule('detail'), 20, full);
    expect(detail.scale).toBe(1);
    expect(detail.framesPerSecond).toBeLessThan(30);
  });

  test('stay within their bounds whatever happens', () => {
    const reading = fc.record({
      width: fc.integer({ min: 2, max: 4096 }),
      height: fc.integer({ min: 2, max: 2304 }),
      heldBack: fc.double({ min: 0, max: 1, noNaN: true }),
      report: fc.option(
        fc.record({
          viewers: fc.nat(),
          paintedMedianMs: fc.nat(),
          paintedUpperMs: fc.nat(),
          skippedMedian: fc.double({ min: 0, max: 1, noNaN: true }),
          skippedUpper: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
      ),
    });
    fc.assert(
      fc.property(
        fc.array(reading, { maxLength: 60 }),
        fc.constantFrom('detail', 'motion'),
        (all, hint) => {
          const rule = aRule(hint);
          for (const one of all) {
            const { bitrateBps, framesPerSecond, scale } = rule.next(one);
            expect(bitrateBps).toBeGreaterThanOrEqual(150_000);
            expect(bitrateBps).toBeLessThanOrEqual(5_000_000);
            expect(framesPerSecond).toBeGreaterThanOrEqual(5);
            expect(framesPerSecond).toBeLessThanOrEqual(30);
            expect(scale).toBeGreaterThanOrEqual(1);
            expect(scale).toBeLessThanOrEqual(4);
          }
        },
      ),
    );
  });

  test('follow another choice of the person at once', () => {
    const rule = aRule();
    rule.setLimits({ maxBitrateBps: 1_000_000, maxFramerate: 15, hint: 'motion' }, HD);
    expect(rule.choice).toEqual({ bitrateBps: 1_000_000, framesPerSecond: 15, scale: 1 });
  });
});
