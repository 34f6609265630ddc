/** What a benchmark says of many measurements of one thing. */
export interface Distribution {
  readonly n: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Percentiles by nearest rank; all NaN when nothing was measured. */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return {
    ...{ n: sorted.length, mean, p50: at(0.5), p90: at(0.9) },
    ...{ p95: at(0.95), p99: at(0.99), max: at(1) },
  };
}

/** `n=200 p50 0.91 p90 1.50 p95 1.90 p99 4.90 max 7.10 ms` */
export function describeDistribution(of: Distribution, unit: string): string {
  const shown = { p50: of.p50, p90: of.p90, p95: of.p95, p99: of.p99, max: of.max };
  const figures = Object.entries(shown).map(([name, value]) => `${name} ${value.toFixed(2)}`);
  return `n=${of.n} ${figures.join(' ')} ${unit}`;
}
