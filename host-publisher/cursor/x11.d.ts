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

  /** Acts as devices of the display do; `detail` is a keycode, a button, or 1 for relative motion. */
  export interface Xtest {
    readonly KeyPress: number;
    readonly KeyRelease: number;
    readonly ButtonPress: number;
    readonly ButtonRelease: number;
    readonly MotionNotify: number;
    FakeInput(
      type: number,
      detail: number,
      delay: number,
      root: number,
      x: number,
      y: number,
    ): void;
  }

  export interface Xkb {
    readonly majorOpcode: number;
    readonly EventType: {
      readonly NewKeyboardNotify: number;
      readonly MapNotify: number;
      readonly StateNotify: number;
    };
    SelectEvents(
      device: number,
      affectWhich: number,
      clear: number,
      selectAll: number,
      affectMap: number,
      map: number,
    ): void;
    GetState(
      device: number,
      reply: Reply<{ readonly lockedMods: number; readonly group: number }>,
    ): void;
    LatchLockState(
      device: number,
      affectModLocks: number,
      modLocks: number,
      lockGroup: boolean,
      group: number,
      affectModLatches: number,
      modLatches: number,
      latchGroup: boolean,
      groupLatch: number,
    ): void;
  }

  export interface ScreenSaver {
    /** Counted per client, and over when it has gone. */
    Suspend(suspend: boolean): void;
  }

  export interface Client extends EventEmitter {
    require(extension: 'fixes', reply: Reply<Fixes>): void;
    require(extension: 'xtest', reply: Reply<Xtest>): void;
    require(extension: 'xkb', reply: Reply<Xkb>): void;
    require(extension: 'screen-saver', reply: Reply<ScreenSaver>): void;
    /** For requests that the package has not: the number of the last one, and who takes its reply. */
    seq_num: number;
    readonly replies: Record<
      number,
      readonly [unpack: (reply: Buffer) => unknown, take: Attempt<unknown>]
    >;
    readonly pack_stream: {
      put(request: Buffer): void;
      submit(expectsReply: boolean): void;
    };
    /** Calls back when the display has done all that was asked. */
    sync(reply: (error: Error | null) => void): void;
    ChangeKeyboardMapping(first: number, perKeycode: number, keysyms: readonly number[]): void;
    InternAtom(onlyIfExists: boolean, name: string, reply: Attempt<number>): void;
    /** `most`: of 4 bytes each; `type` 0: any. */
    GetProperty(
      remove: number,
      window: number,
      property: number,
      type: number,
      from: number,
      most: number,
      reply: Attempt<{ readonly data: Buffer }>,
    ): void;
    GetInputFocus(reply: Attempt<{ readonly focus: number }>): void;
    SetInputFocus(window: number, revertTo: number): void;
    RaiseWindow(window: number): void;
    /** To the window manager; `window` is what it is about. */
    SendClientMessage(
      to: number,
      window: number,
      type: number,
      format: number,
      data: readonly number[],
    ): void;
    /** One bit per keycode that is down. */
    QueryKeymap(reply: Attempt<Buffer>): void;
    ChangeWindowAttributes(
      window: number,
      values: { readonly eventMask?: number; readonly cursor?: number },
    ): void;
    TranslateCoordinates(
      from: number,
      to: number,
      x: number,
      y: number,
      reply: Attempt<{ readonly destX: number; readonly destY: number }>,
    ): void;
    QueryTree(
      window: number,
      reply: Attempt<{ readonly parent: number; readonly children: readonly number[] }>,
    ): void;
    QueryPointer(
      window: number,
      reply: Attempt<{
        readonly rootX: number;
        readonly rootY: number;
        readonly sameScreen: number;
        /** The window of `window`'s own that it is in; 0: none. */
        readonly child: number;
        /** Modifiers, then buttons 1 to 5 from bit 8. */
        readonly keyMask: number;
      }>,
    ): void;
    GetGeometry(
      window: number,
      reply: Attempt<{ readonly width: number; readonly height: number }>,
    ): void;
    close(reply?: () => void): void;
  }

  export interface Display {
    readonly client: Client;
    readonly screen: readonly { readonly root: number }[];
    /** Bits that number the resources of one client. */
    readonly resource_mask: number;
  }

  const x11: {
    readonly keySyms: Readonly<
      Record<string, { readonly code: number; readonly description: string | null }>
    >;
  };
  export default x11;

  export function createClient(options: { display: string }, reply: Reply<Display>): Client;
}
