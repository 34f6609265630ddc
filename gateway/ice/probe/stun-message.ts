import { createHmac, randomBytes } from 'node:crypto';

/** Message types of RFC 8489 and RFC 8656: requests; answers add the class. */
export const METHOD = { binding: 0x0001, allocate: 0x0003, refresh: 0x0004 } as const;
const SUCCESS = 0x0100;
const FAILURE = 0x0110;

export const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedTransport: 0x0019,
  xorMappedAddress: 0x0020,
} as const;

const COOKIE = 0x2112a442;
export const HEADER_BYTES = 20;

export type StunAttributes = readonly (readonly [type: number, value: Buffer])[];

/** A request on the wire. */
export interface StunRequest {
  readonly method: number;
  readonly transaction: Buffer;
  readonly bytes: Buffer;
}

/** Makes a request; with a key it ends in MESSAGE-INTEGRITY (RFC 8489 §14.5). */
export function stunRequest(method: number, attributes: StunAttributes, key?: Buffer): StunRequest {
  const transaction = randomBytes(12);
  const body = Buffer.concat(attributes.map(([type, value]) => attribute(type, value)));
  const signed = key === undefined ? 0 : 24;
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt16BE(method, 0);
  head.writeUInt16BE(body.length + signed, 2);
  head.writeUInt32BE(COOKIE, 4);
  transaction.copy(head, 8);
  const bytes = Buffer.concat([head, body]);
  if (key === undefined) return { method, transaction, bytes };
  const mac = createHmac('sha1', key).update(bytes).digest();
  const integrity = attribute(ATTRIBUTE.messageIntegrity, mac);
  return { method, transaction, bytes: Buffer.concat([bytes, integrity]) };
}

function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

/** The length that a message on a stream will have; undefined: its header is not all there. */
export function stunLength(bytes: Buffer): number | undefined {
  return bytes.length < HEADER_BYTES ? undefined : HEADER_BYTES + bytes.readUInt16BE(2);
}

/** The answer to a request. */
export class StunAnswer {
  readonly isSuccess: boolean;
  readonly #attributes: ReadonlyMap<number, Buffer>;
  /** What addresses are XOR'd with: the cookie and the transaction. */
  readonly #mask: Buffer;

  private constructor(isSuccess: boolean, attributes: ReadonlyMap<number, Buffer>, mask: Buffer) {
    this.isSuccess = isSuccess;
    this.#attributes = attributes;
    this.#mask = mask;
  }

  /** Undefined for whatever does not answer this request. */
  static read(bytes: Buffer, { method, transaction }: StunRequest): StunAnswer | undefined {
    if (stunLength(bytes) !== bytes.length || bytes.readUInt32BE(4) !== COOKIE) return undefined;
    if (!bytes.subarray(8, HEADER_BYTES).equals(transaction)) return undefined;
    const type = bytes.readUInt16BE(0);
    if (type !== (method | SUCCESS) && type !== (method | FAILURE)) return undefined;
    const attributes = new Map<number, Buffer>();
    for (let at = HEADER_BYTES; at + 4 <= bytes.length;) {
      const length = bytes.readUInt16BE(at + 2);
      const value = bytes.subarray(at + 4, at + 4 + length);
      const kind = bytes.readUInt16BE(at);
      if (value.length === length && !attributes.has(kind)) attributes.set(kind, value);
      at += 4 + Math.ceil(length / 4) * 4;
    }
    return new StunAnswer(type === (method | SUCCESS), attributes, bytes.subarray(4, HEADER_BYTES));
  }

  get(type: number): Buffer | undefined {
    return this.#attributes.get(type);
  }

  /** RFC 8489 §14.8; 0 where there is none. */
  get errorCode(): number {
    const value = this.#attributes.get(ATTRIBUTE.errorCode);
    if (value === undefined || value.length < 4) return 0;
    return (value.readUInt8(2) & 7) * 100 + value.readUInt8(3);
  }

  /** `address:port`, or `[address]:port` of IPv6 (RFC 8489 §14.2). */
  address(type: number): string | null {
    const value = this.#attributes.get(type);
    if (value === undefined || (value.length !== 8 && value.length !== 20)) return null;
    const port = value.readUInt16BE(2) ^ (COOKIE >>> 16);
    const bytes = Buffer.from(value.subarray(4));
    bytes.forEach((byte, index) => (bytes[index] = byte ^ (this.#mask[index] ?? 0)));
    if (bytes.length === 4) return `${bytes.join('.')}:${port}`;
    const groups = Array.from({ length: 8 }, (_, n) => bytes.readUInt16BE(n * 2).toString(16));
    // The URL parser writes IPv6 as RFC 5952 has it.
    return `${new URL(`http://[${groups.join(':')}]`).hostname}:${port}`;
  }
}
