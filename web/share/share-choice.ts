/** What the person wants to send. */
export interface ShareChoice {
  readonly hint: 'detail' | 'motion';
  /** Greatest height of the picture; null sends what the screen has. */
  readonly height: 720 | 1080 | 1440 | null;
  readonly framesPerSecond: 5 | 15 | 30 | 60;
  /** null: by picture size and frame rate. */
  readonly bitrateBps: number | null;
  /** `several`: each viewer gets the size that its network bears. */
  readonly sizes: 'one' | 'several';
}

export const firstChoice: ShareChoice = {
  hint: 'detail',
  height: 1080,
  framesPerSecond: 30,
  bitrateBps: null,
  sizes: 'one',
};

/** The choices of a page, in the order shown. */
export const hints = ['detail', 'motion'] as const;
export const heights = [720, 1080, 1440, null] as const;
export const frameRates = [5, 15, 30, 60] as const;
export const bitrates = [null, 1_000_000, 2_500_000, 5_000_000, 8_000_000] as const;
export const sizes = ['one', 'several'] as const;

/** Constraints for a screen: ceilings only, as getDisplayMedia refuses floors. */
export function toVideoConstraints({
  height,
  framesPerSecond,
}: ShareChoice): MediaTrackConstraints {
  const frameRate = { ideal: framesPerSecond, max: framesPerSecond };
  if (height === null) return { frameRate };
  return { frameRate, height: { max: height }, width: { max: Math.round((height * 16) / 9) } };
}
