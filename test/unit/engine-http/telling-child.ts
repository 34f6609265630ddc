/** Stands in for the engine's process: says how it was started, as the reason why it cannot run. */
const { MALLOC_ARENA_MAX, MALLOC_TRIM_THRESHOLD_, ENGINE_TEST_INHERITED } = process.env;
const reason = JSON.stringify({
  flags: process.execArgv,
  MALLOC_ARENA_MAX,
  MALLOC_TRIM_THRESHOLD_,
  ENGINE_TEST_INHERITED,
});
process.send?.({ type: 'unable', reason }, undefined, {}, () => process.exit(1));
