import { binding, type Result } from './result.ts';
import type { Endpoint, Kind } from './kind.ts';

/** The machine-readable report; docs/conformance.md describes it. */
export function toJson(given: {
  readonly endpoints: Readonly<Partial<Record<Kind, Endpoint>>>;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly results: readonly Result[];
  readonly withPolicy: boolean;
}): string {
  const { endpoints, startedAt, endedAt, results, withPolicy } = given;
  const report = {
    whip: endpoints.publish?.url ?? null,
    whep: endpoints.watch?.url ?? null,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    conforms: binding(results, withPolicy).length === 0,
    results,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
