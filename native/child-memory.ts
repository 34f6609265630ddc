/**
 * Of 16 MiB in use V8 makes 50 to 150 under joins and leaves, and keeps them: by default its young
 * generation grows threefold, and garbage waits until there is up to four times of what lives.
 */
export const CHILD_FLAGS = [
  '--max-semi-space-size=2',
  '--initial-old-space-size=16',
  '--heap-growing-percent=50',
];

/**
 * Tells glibc to give memory back: the library's threads spread sessions over arenas that are
 * hardly ever trimmed.
 */
export const ALLOCATOR = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' } as const;
