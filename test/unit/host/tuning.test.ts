import { describe, expect, it } from 'vitest';
import { FREE, refuseTuning, tune } from '../../../host-publisher/adaptation/tuning.ts';

const MOST = { width: 1280, height: 720, fps: 30, bitrateKbps: 2500 };

describe('a tuning', () => {
  it('fixes what it names, releases what it names as null, and leaves the rest', () => {
    const slow = tune(FREE, { fps: 15, content: 'text' });
    expect(slow).toEqual({ ...FREE, fps: 15, content: 'text' });
    expect(tune(slow, { fps: null, bitrateKbps: 800 })).toEqual({
      ...FREE,
      bitrateKbps: 800,
      content: 'text',
    });
    expect(tune(slow, {})).toEqual(slow);
  });

  it('is refused with a sentence above what the host publishes', () => {
    expect(refuseTuning({ bitrateKbps: 2501 }, MOST)).toMatch(/^2501 kbit\/s .* 2500 at most\.$/);
    expect(refuseTuning({ fps: 60 }, MOST)).toMatch(/^60 frames .* 30 at most\.$/);
    expect(refuseTuning({ size: { width: 1920, height: 720 } }, MOST)).toMatch(
      /^1920x720 .* 1280x720 at most\.$/,
    );
    const all = { bitrateKbps: 2500, fps: 30, size: { width: 1280, height: 720 } };
    expect(refuseTuning(all, MOST)).toBeNull();
    expect(refuseTuning({ bitrateKbps: null, fps: null, size: null }, MOST)).toBeNull();
  });
});
