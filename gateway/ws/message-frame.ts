/** RFC 6455 §5.2: an unfragmented binary message, as a server sends it, without a mask. */
const FINAL_BINARY = 0x82;
const LARGEST_SHORT = 125;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;

export function frameHeaderBytes(length: number): number {
  if (length <= LARGEST_SHORT) return 2;
  return length <= 0xffff ? 4 : 10;
}

/** Writes the header of a message of so many bytes; returns where the message begins. */
export function writeFrameHeader(into: Buffer, length: number, at = 0): number {
  into[at] = FINAL_BINARY;
  if (length <= LARGEST_SHORT) {
    into[at + 1] = length;
    return at + 2;
  }
  if (length <= 0xffff) {
    into[at + 1] = TWO_BYTES;
    return into.writeUInt16BE(length, at + 2);
  }
  into[at + 1] = EIGHT_BYTES;
  return into.writeBigUInt64BE(BigInt(length), at + 2);
}
