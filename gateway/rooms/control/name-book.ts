const MOST_CHARACTERS = 40;

/** Names of the people in a room: no two look the same. */
export class NameBook {
  readonly #taken = new Set<string>();

  /** The wanted name, or `other` where that shows nothing; with a number when it is taken. */
  take(wanted: string, other: string): string {
    const base = shown(wanted) || shown(other) || 'viewer';
    let name = base;
    for (let number = 2; this.#taken.has(keyOf(name)); number += 1) name = `${base} ${number}`;
    this.#taken.add(keyOf(name));
    return name;
  }

  free(name: string): void {
    this.#taken.delete(keyOf(name));
  }
}

/** As it is shown: nothing that cannot be seen, and cut between characters. */
const shown = (name: string): string =>
  Array.from(
    name
      .normalize('NFC')
      .replace(/\p{Cf}/gu, '')
      .replace(/\s+/gu, ' ')
      .trim(),
  )
    .slice(0, MOST_CHARACTERS)
    .join('');

const keyOf = (name: string): string => name.normalize('NFKC').toLowerCase();
