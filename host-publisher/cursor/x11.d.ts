/** What is used of npm's x11 here. */
declare module 'x11' {
  import type { EventEmitter } from 'node:events';

  /** An X11 error by its number, or a failure of the connection. */
  export interface XError extends Error {
    readonly error?: number;
  }
  export type Reply<T> = (error: XError | null | undefined, reply: T) => void;
  /** True: the error has been dealt with; else the client emits it too. */
  export type Attempt<T> = (error: XError | null | undefined, reply: T) => boolean;

  export interface CursorImage {
    readonly width: number;
    readonly height: number;
    readonly xhot: number;
    readonly yhot: number;
    readonly cursorSerial: number;
    /** ARGB, premultiplied, 32 bits each in little-endian order. */
    readonly cursorImage: Buffer;
  }

  export interface Fixes {
    readonly CursorNotifyMask: { readonly DisplayCursor: number };
    SelectCursorInput(window: number, mask: number): void;
    GetCursorImage(reply: Attempt<CursorImage>): void;
  }

  export interface Client extends EventEmitter {
    require(extension: 'fixes', reply: Reply<Fixes>): void;
    QueryPointer(
      window: number,
      reply: Reply<{ readonly rootX: number; readonly rootY: number; readonly sameScreen: number }>,
    ): void;
    GetGeometry(
      window: number,
      reply: Reply<{ readonly width: number; readonly height: number }>,
    ): void;
    close(reply?: () => void): void;
  }

  export interface Display {
    readonly client: Client;
    readonly screen: readonly { readonly root: number }[];
  }

  export function createClient(options: { display: string }, reply: Reply<Display>): Client;
}
