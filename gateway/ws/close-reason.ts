/** RFC 6455 §5.5: a control frame has 125 bytes, two of them for the code. */
const MOST_BYTES = 123;

/** A sentence as a close frame can carry it, cut between characters. */
export function closeReason(sentence: string): string {
  const bytes = Buffer.from(sentence);
  if (bytes.length <= MOST_BYTES) return sentence;
  const { read } = new TextEncoder().encodeInto(sentence, new Uint8Array(MOST_BYTES - 3));
  return `${sentence.slice(0, read)}…`;
}
