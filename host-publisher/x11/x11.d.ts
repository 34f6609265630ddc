/** What is used of npm's x11 by clipboard, screen and settings, beside `cursor/x11.d.ts`. */
declare module 'x11' {
  interface Client {
    require(extension: 'randr', reply: Reply<RandR>): void;
    require(extension: 'damage', reply: Reply<Damage>): void;
    atoms: Record<string, number>;
    atom_names: Record<number, string>;
    AllocID(): number;
    ReleaseID(id: number): void;
    /** Window, parent, x, y, width, height, border, depth, class, visual, values. */
    CreateWindow(...values: (number | Readonly<Record<string, number | boolean>>)[]): void;
    DestroyWindow(window: number): void;
    ChangeWindowAttributes(window: number, values: Readonly<Record<string, number>>): void;
    InternAtom(onlyIfExists: boolean, name: string, reply: Attempt<number>): void;
    GetAtomName(atom: number, reply: Attempt<string>): void;
    /** `mode` 0 replaces, 2 appends; `format` is the width of an element in bits; at most 262,140 bytes. */
    ChangeProperty(
      mode: number,
      window: number,
      property: number,
      type: number,
      format: number,
      data: Buffer | readonly number[] | string,
    ): void;
    DeleteProperty(window: number, property: number): void;
    /** Offset and length in words of 4 bytes; type 0 is any. */
    GetProperty(
      remove: number,
      window: number,
      property: number,
      type: number,
      offset: number,
      length: number,
      reply: Attempt<Property>,
    ): void;
    SetSelectionOwner(owner: number, selection: number, time: number): void;
    GetSelectionOwner(selection: number, reply: Attempt<number>): void;
    ConvertSelection(
      requestor: number,
      selection: number,
      target: number,
      property: number,
      time: number,
    ): void;
    SendEvent(destination: number, propagate: number, eventMask: number, event: object): void;
    GrabServer(): void;
    UngrabServer(): void;
  }

  interface Fixes {
    readonly firstEvent: number;
    SelectSelectionInput(window: number, selection: number, mask: number): void;
  }

  export interface Property {
    readonly type: number;
    readonly bytesAfter: number;
    readonly data: Buffer;
  }

  /** An event of any type; XFixes names one of its own SelectionNotify too. */
  export interface XEvent {
    readonly type: number;
    readonly name?: string;
    readonly wid?: number;
    readonly time?: number;
    readonly atom?: number;
    readonly state?: number;
    readonly owner?: number;
    readonly requestor?: number;
    readonly selection?: number;
    readonly target?: number;
    readonly property?: number;
    /** Of XFixes: what happened to a selection. */
    readonly subtype?: number;
    /** Of DAMAGE: which one. */
    readonly damage?: number;
  }

  export interface Mode {
    readonly id: number;
    readonly width: number;
    readonly height: number;
    readonly name: string;
  }

  export interface Damage {
    /** `level` 3: told when there is damage where there was none. */
    Create(damage: number, drawable: number, level: number): void;
    /** With regions of 0: there is no damage any more. */
    Subtract(damage: number, repair: number, parts: number): void;
  }

  export interface RandR {
    GetScreenSizeRange(
      window: number,
      reply: Attempt<{ readonly maxWidth: number; readonly maxHeight: number }>,
    ): void;
    GetScreenResourcesCurrent(
      window: number,
      reply: Attempt<{
        readonly outputs: readonly number[];
        readonly modeinfos: readonly Mode[];
      }>,
    ): void;
    GetOutputInfo(
      output: number,
      timestamp: number,
      reply: Attempt<{
        readonly name: string;
        readonly crtc: number;
        /** 0: connected */
        readonly connection: number;
        readonly modes: readonly number[];
      }>,
    ): void;
    GetCrtcInfo(
      crtc: number,
      timestamp: number,
      reply: Attempt<{ readonly mode: number; readonly width: number; readonly height: number }>,
    ): void;
    CreateMode(
      window: number,
      mode: Omit<Mode, 'id'> & Readonly<Record<string, number | string>>,
      reply: Attempt<number>,
    ): void;
    DestroyMode(mode: number): void;
    AddOutputMode(output: number, mode: number): void;
    DeleteOutputMode(output: number, mode: number): void;
    SetCrtcConfig(
      crtc: number,
      timestamp: number,
      configTimestamp: number,
      x: number,
      y: number,
      mode: number,
      rotation: number,
      outputs: readonly number[],
      reply: Attempt<{ readonly status: number }>,
    ): void;
    SetScreenSize(
      window: number,
      width: number,
      height: number,
      widthMm: number,
      heightMm: number,
    ): void;
  }
}
