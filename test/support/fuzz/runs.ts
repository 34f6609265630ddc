const given = Number(process.env['FUZZ_RUNS'] ?? 0);

/** How often a property is tried: `usual` times, or as often as `FUZZ_RUNS` says for all of them. */
export function runs(usual: number): { readonly numRuns: number } {
  return { numRuns: given > 0 ? given : usual };
}
