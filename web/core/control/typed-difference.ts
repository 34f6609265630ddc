/** What turns one text into another whose end changed. */
export interface TypedDifference {
  readonly backspaces: number;
  readonly text: string;
}

const segmenter = new Intl.Segmenter();
const charactersOf = (text: string): readonly string[] =>
  Array.from(segmenter.segment(text), ({ segment }) => segment);

/** How a person types `after` who stands at the end of `before`. */
export function typedDifference(before: string, after: string): TypedDifference {
  const [old, now] = [charactersOf(before), charactersOf(after)];
  const changed = old.findIndex((character, index) => character !== now[index]);
  const same = changed < 0 ? old.length : changed;
  return { backspaces: old.length - same, text: now.slice(same).join('') };
}
