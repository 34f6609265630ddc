import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { MessageParts, Outlet, Parcel } from '../stripes/outlet.ts';
import { frameHeaderBytes, writeFrameHeader } from './message-frame.ts';

/**
 * Writes binary messages to the connection below a WebSocket whose other messages the library
 * writes: what goes to many is framed once, and one write takes all of it.
 */
export class MediaOutlet implements Outlet {
  readonly #socket: WebSocket;
  readonly #connection: Duplex;
  readonly #onStall: () => void;

  constructor(parts: { socket: WebSocket; connection: Duplex; onStall: () => void }) {
    this.#socket = parts.socket;
    this.#connection = parts.connection;
    this.#onStall = parts.onStall;
  }

  get queuedBytes(): number {
    return this.#connection.writableLength;
  }

  share(parcel: Parcel): void {
    if (this.#isOpen) this.#connection.write(framed(parcel));
  }

  send(messages: readonly MessageParts[]): void {
    if (!this.#isOpen) return;
    this.#connection.cork();
    for (const parts of messages) {
      const length = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
      const header = Buffer.allocUnsafe(frameHeaderBytes(length));
      writeFrameHeader(header, length);
      this.#connection.write(header);
      for (const part of parts) this.#connection.write(part);
    }
    this.#connection.uncork();
  }

  stall(): void {
    this.#onStall();
  }

  /** After a close frame nothing may follow. */
  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN && this.#connection.writable;
  }
}

const frames = new WeakMap<Parcel, Buffer>();

/** A parcel as it is on the wire, made once for all who are sent it. */
function framed(parcel: Parcel): Buffer {
  const known = frames.get(parcel);
  if (known !== undefined) return known;
  const { messages, bytes } = parcel;
  const headers = messages.reduce((sum, { byteLength }) => sum + frameHeaderBytes(byteLength), 0);
  const whole = Buffer.allocUnsafe(headers + bytes);
  let at = 0;
  for (const message of messages) {
    at = writeFrameHeader(whole, message.byteLength, at);
    whole.set(message, at);
    at += message.byteLength;
  }
  frames.set(parcel, whole);
  return whole;
}
