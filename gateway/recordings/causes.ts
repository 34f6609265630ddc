import type { Recording } from './recording.ts';

/** Why a recording was stopped: a word for it, and how its event says it. */
export const STOPS = {
  person: 'Somebody stopped it.',
  deleted: 'It is deleted.',
  unpublished: 'Nobody publishes any more.',
  'disk-full': 'No free space is left.',
  shutdown: 'The gateway stops.',
} as const;
export type StopCause = keyof typeof STOPS;

/** Why a part came to nothing, where its media server did not say. */
export const PART_FAILURES = {
  'no-file': 'The media server wrote no file of it.',
  empty: 'Nothing that can be played was written.',
  remux: 'It could not be made playable.',
} as const;

/** How it is said that nothing was there to be recorded. */
export const NOTHING = 'Nothing was published while it ran.';

/** How the rule that limits the space says why. */
export const SPACE = 'Space for newer ones.';

export type FailureCause = keyof typeof PART_FAILURES | 'nothing' | 'unrecordable' | 'media-server';

/** The word for why one that failed did. */
export function failureCause({ parts, detail }: Recording): FailureCause {
  if (parts.length === 0) return detail === NOTHING ? 'nothing' : 'unrecordable';
  const known = parts.map((part) => keyOf(PART_FAILURES, part.detail)).find((key) => key !== null);
  return known ?? 'media-server';
}

/** The word for why one was stopped; null: not by any of these. */
export const stopCause = (why: string): StopCause | null => keyOf(STOPS, why);

/** `by` null: a rule did. */
export const deletionCause = (by: string | null, why: string): 'person' | 'age' | 'space' =>
  by !== null ? 'person' : why === SPACE ? 'space' : 'age';

function keyOf<Key extends string>(words: Readonly<Record<Key, string>>, word: string): Key | null {
  const keys = Object.keys(words) as Key[];
  return keys.find((key) => words[key] === word) ?? null;
}
