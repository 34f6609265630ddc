/** What there is to be decided by. */
export interface ScaleSituation {
  /** Largest share of what each server is to carry that it uses, of those that take sources. */
  readonly strains: readonly number[];
  /** How many containers are meant to be there now. */
  readonly wanted: number;
  readonly min: number;
  readonly max: number;
  readonly scaleUpAt: number;
  readonly scaleDownAt: number;
  /** Milliseconds since the number was changed last. */
  readonly sinceChangeMs: number;
  readonly pauseMs: number;
  /** For how long one less would have done, milliseconds; null: it would not do. */
  readonly calmForMs: number | null;
  readonly calmMs: number;
}

/** Whether one less would do: those that stay would not be strained. */
export function isCalm({ strains, wanted, min, scaleDownAt }: Omit<ScaleSituation, 'calmForMs'>) {
  if (wanted <= min || strains.length < wanted || strains.length < 2) return false;
  return mean(strains, strains.length - 1) < scaleDownAt;
}

/** How many there are to be; one more or one less at a time. */
export function decideScale(now: ScaleSituation): number {
  const { strains, wanted, min, max } = now;
  if (wanted < min) return min;
  if (wanted > max) return max;
  // One that was just made is not there yet: what is there says nothing about it.
  const isComplete = strains.length >= wanted && now.sinceChangeMs >= now.pauseMs;
  if (!isComplete) return wanted;
  if (strains.length > 0 && mean(strains, strains.length) >= now.scaleUpAt) {
    return Math.min(max, wanted + 1);
  }
  const isCalmForLong = now.calmForMs !== null && now.calmForMs >= now.calmMs;
  return isCalmForLong && isCalm(now) ? wanted - 1 : wanted;
}

const mean = (strains: readonly number[], over: number): number =>
  strains.reduce((sum, strain) => sum + strain, 0) / over;
