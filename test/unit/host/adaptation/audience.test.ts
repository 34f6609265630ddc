import { describe, expect, it } from 'vitest';
import type { AudienceReport } from '../../../../gateway/protocol/host.ts';
import {
  UNKNOWN_AUDIENCE,
  hearAudience,
  relaxAudience,
  type AudienceView,
} from '../../../../host-publisher/adaptation/audience.ts';
import { aReport } from '../../../support/host/a-report.ts';

const LIMITS = { leastKbps: 150, mostKbps: 2500 };
const SENDING = { kbps: 1000, pictureChangedAtMs: -Infinity, mostEasing: 3 };
const hear = (
  view: AudienceView,
  report: Partial<AudienceReport>,
  nowMs: number,
  sending: Partial<typeof SENDING> = {},
): AudienceView => hearAudience(view, aReport(report), { ...SENDING, ...sending }, LIMITS, nowMs);
/** The limits at each quarter of a second of silence. */
const relax = (view: AudienceView, fromMs: number, untilMs: number): AudienceView => {
  let relaxed = view;
  for (let nowMs = fromMs; nowMs <= untilMs; nowMs += 250) {
    relaxed = relaxAudience(relaxed, LIMITS, nowMs);
  }
  return relaxed;
};

describe('what an audience bears', () => {
  it.each([
    ['one of three loses: nothing', { reporting: 3, losing: 1 / 3, lossMedian: 0 }, null, 0],
    ['half lose: 80 %', { reporting: 4, losing: 0.5, lossMedian: 0.06 }, 800, 0],
    ['the sole viewer loses: 80 %', { reporting: 1, losing: 1, lossMedian: 0.1 }, 800, 0],
    ['all lose much: what arrives', { losing: 1, lossMedian: 0.6 }, 400, 0],
    ['half freeze: 80 %', { freezing: 0.5 }, 800, 0],
    ['decoders are late: an easier picture', { overloaded: 0.5, freezing: 1 }, null, 1],
    ['nobody reported: nothing', { reporting: 0, losing: 1, overloaded: 1 }, null, 0],
  ])('%s', (_case, report, ceilingKbps, easing) => {
    expect(hear(UNKNOWN_AUDIENCE, report, 0)).toMatchObject({ ceilingKbps, easing });
  });

  it('takes a freeze just after a change of the picture for its echo', () => {
    const changed = { pictureChangedAtMs: 1000 };
    expect(hear(UNKNOWN_AUDIENCE, { freezing: 1 }, 8_999, changed).ceilingKbps).toBeNull();
    expect(hear(UNKNOWN_AUDIENCE, { freezing: 1 }, 9_000, changed).ceilingKbps).toBe(800);
    expect(hear(UNKNOWN_AUDIENCE, { losing: 1 }, 1_500, changed).ceilingKbps).toBe(800);
  });

  it('waits for the effect of a step before the next', () => {
    const once = hear(UNKNOWN_AUDIENCE, { losing: 1 }, 0);
    expect(hear(once, { losing: 1 }, 2_000)).toEqual(once);
    expect(hear(once, { losing: 1 }, 4_000).ceilingKbps).toBe(640);
    const eased = hear(UNKNOWN_AUDIENCE, { overloaded: 1 }, 0);
    expect(hear(eased, { overloaded: 1 }, 2_000).easing).toBe(1);
    expect(hear(eased, { overloaded: 1 }, 4_000).easing).toBe(2);
  });

  it('does not go below the least, nor down more steps than there are', () => {
    let view = UNKNOWN_AUDIENCE;
    for (let n = 0; n < 20; n += 1) {
      view = hear(view, { losing: 1, lossMedian: 0.9 }, n * 4_000);
      view = hear(view, { overloaded: 1 }, n * 4_000);
    }
    expect(view).toMatchObject({ ceilingKbps: 150, easing: 3 });
  });

  it('gives the rate back by a tenth each two seconds after eight, the picture after fifteen', () => {
    const down = hear(hear(UNKNOWN_AUDIENCE, { losing: 1 }, 0), { overloaded: 1 }, 0);
    expect(relax(down, 0, 7_750).ceilingKbps).toBe(800);
    expect(relax(down, 0, 8_000).ceilingKbps).toBeCloseTo(880, 6);
    expect(relax(down, 0, 12_000).ceilingKbps).toBeCloseTo(1_064.8, 6);
    expect(relax(down, 0, 14_750).easing).toBe(1);
    expect(relax(down, 0, 15_000).easing).toBe(0);
    expect(relax(down, 0, 60_000)).toMatchObject({ ceilingKbps: null, easing: 0 });
  });

  it('waits twice as long after each try that failed, up to a minute', () => {
    const waits: number[] = [];
    let nowMs = 0;
    let view = hear(UNKNOWN_AUDIENCE, { losing: 1 }, nowMs);
    while (waits.length < 5) {
      const down = view;
      while (view.ceilingKbps === down.ceilingKbps)
        view = relaxAudience(view, LIMITS, (nowMs += 250));
      waits.push((nowMs - down.ceilingAtMs) / 1000);
      view = hear(view, { losing: 1 }, (nowMs += 250));
    }
    expect(waits).toEqual([8, 16, 32, 60, 60]);
  });
});
