import { describe, expect, it } from 'vitest';
import { WorstPath, type ClientPath } from '../../../../host-publisher/direct/worst-path.ts';

const path = (
  client: string,
  loss: number | null,
  queueMs = 0,
  arrivedKbps = 1_000,
): ClientPath => ({
  client,
  seen: { by: 'transport', loss, queueMs, arrivedKbps, rembKbps: null },
});
const reported = (client: string, loss: number | null): ClientPath => ({
  client,
  seen: { by: 'reports', loss, rembKbps: null },
});
const STEP_MS = 250;

/** Looks for so many milliseconds from a moment on; the last observation. */
const look = (
  worst: WorstPath,
  paths: readonly ClientPath[],
  share: number,
  fromMs: number,
  forMs: number,
) => {
  for (let at = fromMs; at < fromMs + forMs; at += STEP_MS) worst.merge(paths, share, at);
  return worst.merge(paths, share, fromMs + forMs);
};

describe('one path for several clients', () => {
  it('[DIR-43] is as bad as each of them in some way', () => {
    const seen = new WorstPath().merge(
      [path('a', 0.01, 90, 800), path('b', 0.05, 10, 2_000)],
      1,
      0,
    );
    expect(seen).toEqual({
      ...{ by: 'transport', loss: 0.05, queueMs: 90, arrivedKbps: 800, rembKbps: null },
    });
  });

  it('[DIR-43] takes loss from clients that report nothing else', () => {
    const worst = new WorstPath();
    expect(worst.merge([reported('a', 0.2)], 1, 0)).toMatchObject({ by: 'reports', loss: 0.2 });
    expect(worst.merge([reported('a', 0.2), path('b', 0)], 1, 0)).toMatchObject({
      ...{ by: 'transport', loss: 0.2, queueMs: 0 },
    });
    expect(worst.merge([], 1, 0)).toEqual({ by: 'reports', loss: null, rembKbps: null });
  });

  it('[DIR-44] leaves behind who keeps the others at a quarter for 5 s, and tries again after 30 s', () => {
    const worst = new WorstPath();
    const paths = [path('good', 0), path('bad', 0.5)];
    expect(look(worst, paths, 0.25, 0, 4_750)).toMatchObject({ loss: 0.5 });
    expect(look(worst, paths, 0.25, 5_000, 0)).toMatchObject({ loss: 0 });
    expect(worst.isLeftBehind('bad', 6_000)).toBe(true);
    expect(look(worst, paths, 0.9, 5_250, 29_000)).toMatchObject({ loss: 0 });
    expect(look(worst, paths, 0.9, 35_250, 0)).toMatchObject({ loss: 0.5 });
  });

  it('[DIR-44] leaves nobody behind above a quarter, nor who gets better, nor who is alone', () => {
    const worst = new WorstPath();
    expect(look(worst, [path('good', 0), path('bad', 0.5)], 0.5, 0, 20_000)).toMatchObject({
      loss: 0.5,
    });
    look(worst, [path('good', 0), path('bad', 0.5)], 0.2, 20_000, 4_000);
    look(worst, [path('good', 0), path('bad', 0)], 0.2, 24_250, 0);
    expect(look(worst, [path('good', 0), path('bad', 0.5)], 0.2, 24_500, 4_000)).toMatchObject({
      loss: 0.5,
    });
    expect(look(new WorstPath(), [path('alone', 0.5)], 0.1, 0, 20_000)).toMatchObject({
      loss: 0.5,
    });
  });
});
