const given = Number(process.env['FUZZ_RUNS'] ?? 0);

/** How often a property is tried: `usual` times, or as often as `FUZZ_RUNS` says for all of them. */
export function runs(usual: number): { readonly numRuns: number } {
  return { numRuns: given > 0 ? given : usual };
}

/** The same tries each time, for a property that also counts what it reached; `FUZZ_RUNS` draws anew. */
export function sameRuns(usual: number): { readonly numRuns: number; readonly seed?: number } {
  return given > 0 ? runs(usual) : { numRuns: usual, seed: 1 };
}
