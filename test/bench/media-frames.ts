/** Cuts what a server writes on a WebSocket into messages; far cheaper than the library, so that a crowd is not the load. */
export class ServerFrames {
  #rest: Buffer = Buffer.alloc(0);
  readonly #onMessage: (opcode: number, head: Buffer, bytes: number) => void;

  /** `onMessage` gets the opcode and the message, whole. */
  constructor(onMessage: (opcode: number, message: Buffer, bytes: number) => void) {
    this.#onMessage = onMessage;
  }

  push(chunk: Buffer): void {
    let rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const frame = frameOf(rest);
      if (frame === undefined || rest.length < frame.end) break;
      const { opcode, start, end } = frame;
      this.#onMessage(opcode, rest.subarray(start, end), end - start);
      rest = rest.subarray(end);
    }
    // What waits must not pin what it came with.
    this.#rest = Buffer.from(rest);
  }
}

/** RFC 6455 §5.2, without a mask. */
function frameOf(
  bytes: Buffer,
): { readonly opcode: number; readonly start: number; readonly end: number } | undefined {
  if (bytes.length < 2) return undefined;
  const opcode = (bytes[0] ?? 0) & 15;
  const short = (bytes[1] ?? 0) & 127;
  if (short < 126) return { opcode, start: 2, end: 2 + short };
  if (short === 126) {
    if (bytes.length < 4) return undefined;
    return { opcode, start: 4, end: 4 + bytes.readUInt16BE(2) };
  }
  if (bytes.length < 10) return undefined;
  return { opcode, start: 10, end: 10 + Number(bytes.readBigUInt64BE(2)) };
}

/** A short message of a client, masked with zeros. */
export function clientFrame(opcode: number, payload: Uint8Array): Buffer {
  const frame = Buffer.alloc(6 + payload.byteLength);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | payload.byteLength;
  frame.set(payload, 6);
  return frame;
}
