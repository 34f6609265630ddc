/** One message in parts that follow each other. */
export type MessageParts = readonly Uint8Array[];

/** Messages that many viewers are sent as they are; made once for all. */
export interface Parcel {
  readonly messages: readonly Uint8Array[];
  readonly bytes: number;
}

export function parcelOf(messages: readonly Uint8Array[]): Parcel {
  return { messages, bytes: messages.reduce((sum, { byteLength }) => sum + byteLength, 0) };
}

/** What a feed sees of a viewer's socket. What it is given must not change afterwards. */
export interface Outlet {
  /** What the viewer's connection has not taken yet. */
  readonly queuedBytes: number;
  /** Sends what others are sent as well. */
  share(parcel: Parcel): void;
  /** Sends messages of its own, at once. */
  send(messages: readonly MessageParts[]): void;
  /** It paints nothing of what it is sent. */
  stall(): void;
}
