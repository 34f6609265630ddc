import { describe, expect, it } from 'vitest';
import {
  placeInPicture,
  widthInScreenPixels,
} from '../../../host-publisher/cursor/picture-place.ts';

const picture = { width: 1280, height: 720 };

describe('a cursor in the picture', () => {
  it.each([
    ['the same shape', { width: 1920, height: 1080 }, { x: 480, y: 540 }, { x: 0.25, y: 0.5 }],
    ['borders at the sides', { width: 960, height: 720 }, { x: 0, y: 360 }, { x: 0.125, y: 0.5 }],
    ['borders above and below', { width: 1280, height: 360 }, { x: 1280, y: 0 }, { x: 1, y: 0.25 }],
    ['a place beyond the screen', { width: 1280, height: 720 }, { x: -5, y: 900 }, { x: 0, y: 1 }],
  ])('%s', (_, screen, point, place) => {
    expect(placeInPicture(point, screen, picture)).toEqual(place);
  });

  it('is drawn to scale', () => {
    expect(widthInScreenPixels({ width: 1920, height: 1080 }, picture)).toBe(1920);
    expect(widthInScreenPixels({ width: 960, height: 720 }, picture)).toBe(1280);
  });
});
