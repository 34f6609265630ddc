import { describe, expect, test } from 'vitest';
import {
  firstChoice,
  frameRates,
  sizes,
  toCameraConstraints,
} from '../../../../web/camera/camera-choice.ts';
import { nextCamera, otherCamera, pickConstraints } from '../../../../web/camera/camera-pick.ts';
import { cameraProblemOf, explainCamera } from '../../../../web/camera/camera-problem.ts';
import { toLimits } from '../../../../web/camera/camera-share.ts';
import { readLens } from '../../../../web/camera/lens.ts';

describe('[CAM-08] what a camera is asked for', () => {
  test('sizes and rates are wishes, of which none keeps a camera closed', () => {
    for (const size of sizes) {
      for (const framesPerSecond of frameRates) {
        const asked = toCameraConstraints({ ...firstChoice, size, framesPerSecond });
        const [width, height] = size.split('x').map(Number);
        expect(asked).toEqual({
          width: { ideal: width },
          height: { ideal: height },
          frameRate: { ideal: framesPerSecond, max: framesPerSecond },
        });
      }
    }
  });

  test('torch and zoom are said each time, as constraints take the place of the last ones', () => {
    const asked = toCameraConstraints(firstChoice, { torch: true, zoom: 2.5 });
    expect(asked.advanced).toEqual([{ torch: true }, { zoom: 2.5 }]);
    expect(toCameraConstraints(firstChoice, { torch: false, zoom: null }).advanced).toBeUndefined();
  });

  test('the bitrate follows size and rate', () => {
    const small = toLimits({ ...firstChoice, size: '640x480', framesPerSecond: 15 });
    const large = toLimits({ ...firstChoice, size: '1920x1080', framesPerSecond: 30 });
    expect(small).toMatchObject({ maxFramerate: 15, degradationPreference: 'maintain-framerate' });
    expect(large.maxBitrateBps).toBeGreaterThan(4 * small.maxBitrateBps);
  });
});

describe('[CAM-09] which camera comes next', () => {
  const three = ['wide', 'tele', 'front'];

  test('the other side, where a camera tells its own', () => {
    expect(otherCamera({ deviceId: 'wide', facingMode: 'environment' }, three)).toEqual({
      facing: 'user',
    });
    expect(otherCamera({ deviceId: 'front', facingMode: 'user' }, three)).toEqual({
      facing: 'environment',
    });
  });

  test('else the next one, around; none where there is one alone', () => {
    expect(otherCamera({ deviceId: 'tele' }, three)).toEqual({ deviceId: 'front' });
    expect(otherCamera({ deviceId: 'front' }, three)).toEqual({ deviceId: 'wide' });
    expect(otherCamera({ deviceId: 'wide', facingMode: 'user' }, ['wide'])).toBeNull();
    expect(nextCamera({ deviceId: 'wide' }, ['wide'])).toBeNull();
    expect(nextCamera({ deviceId: 'wide' }, [])).toBeNull();
  });

  test('a side is a wish, a camera by its id is meant', () => {
    expect(pickConstraints({ facing: 'user' })).toEqual({ facingMode: { ideal: 'user' } });
    expect(pickConstraints({ deviceId: 'tele' })).toEqual({ deviceId: { exact: 'tele' } });
  });
});

describe('[CAM-10] what a camera offers', () => {
  const track = (capabilities: object, settings: object = {}) => ({
    getCapabilities: () => capabilities,
    getSettings: () => settings,
  });

  test('torch and zoom, as browsers tell them', () => {
    const zoom = { min: 1, max: 8, step: 0.5 };
    expect(readLens(track({ torch: true, zoom }, { zoom: 2 }))).toEqual({
      torch: true,
      zoom: { least: 1, most: 8, step: 0.5 },
      zoomed: 2,
    });
    expect(readLens(track({ torch: [false, true] })).torch).toBe(true);
    expect(readLens(track({ torch: [false] })).torch).toBe(false);
  });

  test('nothing, where they tell none, or nonsense', () => {
    const none = { torch: false, zoom: null, zoomed: null };
    expect(readLens(track({}))).toEqual(none);
    expect(readLens({ getSettings: () => ({}) })).toEqual(none);
    expect(readLens(track({ zoom: { min: 1, max: 1 } }))).toEqual(none);
    expect(readLens(track({ zoom: { min: 'one', max: 2 } }))).toEqual(none);
    expect(readLens(track({ zoom: { min: 1, max: 3, step: 0 } })).zoom?.step).toBeCloseTo(0.1);
  });
});

test('[CAM-05] each way that a camera does not open has its own sentence', () => {
  const named = (name: string) => Object.assign(new Error(), { name });
  const cases = {
    NotAllowedError: 'camera-denied',
    SecurityError: 'camera-denied',
    NotFoundError: 'camera-missing',
    OverconstrainedError: 'camera-missing',
    NotReadableError: 'camera-busy',
    AbortError: 'camera-busy',
    TypeError: 'camera-failed',
  } as const;
  for (const [name, problem] of Object.entries(cases)) {
    expect(cameraProblemOf(named(name))).toBe(problem);
  }
  expect(cameraProblemOf('nothing')).toBe('camera-failed');
  const sentences = [...Object.values(cases), 'camera-insecure', 'camera-unsupported'] as const;
  expect(new Set(sentences.map(explainCamera)).size).toBe(6);
});
