import fc from 'fast-check';

/** One change of a text, by its characters, words, lines or m-line sections; a failure prints it. */
export interface TextEdit {
  readonly of: 'characters' | 'words' | 'lines' | 'sections';
  readonly what: 'drop' | 'double' | 'swap' | 'insert' | 'replace' | 'everywhere' | 'cut' | 'last';
  readonly at: number;
  readonly text: string;
}

const characters = fc.oneof(
  fc.constantFrom(
    ...['\0', '\r', '\n', '\t', ' ', ':', ';', '=', ',', '/', '*', '%', '"', '<', '>'],
    ...['\u007f', '\u0085', '\u2028', '\ufeff', '\ufffd', '\ud800'],
    '\r\n',
    '\r\r\n',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  fc.string({ minLength: 1, maxLength: 1 }),
);

/** Values at the edges of what fields take. */
const words = fc.oneof(
  fc.constantFrom(
    ...['0', '-1', '15', '64', '99', '128', '256', '65536', '4294967296', '1e9', '0x10'],
    ...['*', 'x y', '__proto__', 'a'.repeat(33), 'a'.repeat(300), '', ' ', '\u00e9', '::1'],
  ),
  fc.nat(130).map(String),
  fc.string({ maxLength: 10 }),
);

/** Up to eight changes; `lines` are inserted whole where lines are changed. */
export function textEdits(lines: fc.Arbitrary<string>): fc.Arbitrary<readonly TextEdit[]> {
  const what = fc.constantFrom(
    ...(['drop', 'double', 'swap', 'insert', 'replace', 'everywhere', 'cut', 'last'] as const),
  );
  const edits = (of: TextEdit['of'], text: fc.Arbitrary<string>) =>
    fc.record({ of: fc.constant(of), what, at: fc.nat(), text });
  const edit = fc.oneof(
    { weight: 3, arbitrary: edits('lines', lines) },
    { weight: 3, arbitrary: edits('words', words) },
    { weight: 1, arbitrary: edits('characters', characters) },
    { weight: 1, arbitrary: edits('sections', lines) },
  );
  return fc.array(edit, { minLength: 1, maxLength: 8 });
}

/** One or two words that become others, here or everywhere: what a careful attacker changes. */
export const wordEdits: fc.Arbitrary<readonly TextEdit[]> = fc.array(
  fc.record({
    of: fc.constant('words' as const),
    what: fc.constantFrom('replace' as const, 'everywhere' as const),
    at: fc.nat(),
    text: words,
  }),
  { minLength: 1, maxLength: 2 },
);

/** `text` with the changes made, one after the other. */
export function editText(text: string, edits: readonly TextEdit[]): string {
  return edits.reduce((current, edit) => {
    const [pieces, glue] = cutUp(current, edit.of);
    return change(pieces, edit).join(glue);
  }, text);
}

function cutUp(text: string, of: TextEdit['of']): [pieces: string[], glue: string] {
  switch (of) {
    case 'characters':
      return [text.split(''), ''];
    // Separators are pieces too, so that they are doubled, dropped and moved as well.
    case 'words':
      return [text.split(/([ :=;,/]|\r\n)/), ''];
    case 'lines':
      return [text.split('\r\n'), '\r\n'];
    case 'sections':
      return [text.split(/^(?=m=)/m), ''];
  }
}

function change(pieces: readonly string[], { what, at: position, text }: TextEdit): string[] {
  const at = position % Math.max(pieces.length, 1);
  const here = pieces[at] ?? '';
  switch (what) {
    case 'drop':
      return pieces.toSpliced(at, 1);
    case 'double':
      return pieces.toSpliced(at, 0, here);
    case 'swap':
      return pieces.toSpliced(at, 2, pieces[at + 1] ?? '', here);
    case 'insert':
      return pieces.toSpliced(at, 0, text);
    case 'replace':
      return pieces.toSpliced(at, 1, text);
    case 'everywhere':
      return pieces.map((piece) => (piece === here ? text : piece));
    case 'cut':
      return pieces.toSpliced(at, 1, here.slice(0, position % 17));
    case 'last':
      return [...pieces.toSpliced(at, 1), here];
  }
}
