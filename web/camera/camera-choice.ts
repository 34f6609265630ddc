import type { CameraPick } from './camera-pick.ts';

/** What is asked of the camera, and whether sound goes with it. */
export interface CameraChoice {
  readonly camera: CameraPick;
  /** Of the picture as a wide one; a phone held upright sends it upright. */
  readonly size: '640x480' | '1280x720' | '1920x1080';
  readonly framesPerSecond: 15 | 24 | 30;
  readonly sound: boolean;
}

export const firstChoice: CameraChoice = {
  camera: { facing: 'environment' },
  size: '1280x720',
  framesPerSecond: 30,
  sound: true,
};

/** The choices of a page, in the order shown. */
export const sizes = ['640x480', '1280x720', '1920x1080'] as const;
export const frameRates = [15, 24, 30] as const;

/** What a camera can be told beside the picture it takes. */
export interface LensSettings {
  readonly torch: boolean;
  /** Null: as the camera has it. */
  readonly zoom: number | null;
}

/** The camera as nobody has touched it. */
export const restingLens: LensSettings = { torch: false, zoom: null };

/** Members that browsers of phones know and TypeScript's DOM does not. */
export interface CameraConstraints extends MediaTrackConstraints {
  readonly zoom?: boolean;
  readonly advanced?: (MediaTrackConstraintSet & { readonly torch?: boolean; zoom?: number })[];
}

/**
 * Constraints for a camera: wishes alone, as a camera that has less is better than none. They take
 * the place of all that were asked before, so that torch and zoom are said each time.
 */
export function toCameraConstraints(
  { size, framesPerSecond }: CameraChoice,
  lens: LensSettings = restingLens,
): CameraConstraints {
  const [width, height] = pixelsOf(size);
  const advanced = [
    ...(lens.torch ? [{ torch: true }] : []),
    ...(lens.zoom === null ? [] : [{ zoom: lens.zoom }]),
  ];
  return {
    width: { ideal: width },
    height: { ideal: height },
    frameRate: { ideal: framesPerSecond, max: framesPerSecond },
    ...(advanced.length === 0 ? {} : { advanced }),
  };
}

/** Width and height of a size, in pixels. */
export function pixelsOf(size: CameraChoice['size']): readonly [number, number] {
  const [width = 0, height = 0] = size.split('x').map(Number);
  return [width, height];
}
