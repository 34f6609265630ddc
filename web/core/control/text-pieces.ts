/** As much as one event may have. */
const LONGEST_PIECE = 256;

/** Text in pieces that one event holds each; no character is cut in two. */
export function* textPieces(text: string): Generator<string> {
  let piece = '';
  // Half a surrogate pair is no character.
  for (const character of text.toWellFormed()) {
    if (piece.length + character.length > LONGEST_PIECE) {
      yield piece;
      piece = '';
    }
    piece += character;
  }
  if (piece !== '') yield piece;
}
