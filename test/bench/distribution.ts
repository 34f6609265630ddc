/** What a benchmark says of many measurements of one thing. */
export interface Distribution {
  readonly n: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Percentiles by nearest rank; all NaN when nothing was measured. */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { n: sorted.length, mean, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** `n=200 p50 0.91 p95 1.90 p99 4.90 max 7.10 ms` */
export function describeDistribution(of: Distribution, unit: string): string {
  const round = (value: number): string => value.toFixed(2);
  const { n, p50, p95, p99, max } = of;
  return `n=${n} p50 ${round(p50)} p95 ${round(p95)} p99 ${round(p99)} max ${round(max)} ${unit}`;
}
