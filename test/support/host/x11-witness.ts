import type { Client } from 'x11';
import { connect } from '../../../host-publisher/x11/connect.ts';
import { waitFor } from '../wait-for.ts';

interface Painter extends Client {
  AllocID(): number;
  CreateWindow(...values: (number | { backgroundPixel?: number; eventMask: number })[]): void;
  MapWindow(window: number): void;
  MoveWindow(window: number, x: number, y: number): void;
}

const KEYS = 3;
const BUTTONS = 12;
const MOTION = 1 << 6;
const STRUCTURE = 1 << 17;
const WM_NAME = 39;
const STRING = 31;

/** One event as a program hears it; `detail` is the keycode or the button. */
export interface WitnessedEvent {
  readonly name: string;
  readonly keycode: number;
  readonly buttons: number;
  readonly x: number;
  readonly y: number;
  readonly rootx: number;
  readonly rooty: number;
  readonly wid: number;
}

/** A program with a window that notes what it receives. */
export class X11Witness {
  readonly events: WitnessedEvent[] = [];
  readonly window: number;
  readonly #client: Painter;
  readonly #root: number;

  /** A window in this place with the keys, whatever the pointer is in. */
  static async open(
    display: string,
    place: {
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    },
    title = 'witness',
  ): Promise<X11Witness> {
    const { client, screen } = await connect(display);
    const witness = new X11Witness(client as Painter, screen[0]?.root ?? 0, place, title);
    await waitFor(() => witness.#isMapped, { what: 'the window on the display' });
    client.SetInputFocus(witness.window, 2);
    await witness.sync();
    return witness;
  }

  #isMapped = false;
  #awaited: { readonly name: string; readonly heard: (atMs: number) => void } | null = null;

  private constructor(
    client: Painter,
    root: number,
    { x, y, width, height }: { x: number; y: number; width: number; height: number },
    title: string,
  ) {
    this.#client = client;
    this.#root = root;
    this.window = client.AllocID();
    client.on('event', (event: WitnessedEvent) => {
      if (event.name === 'MapNotify') this.#isMapped = true;
      else this.events.push(event);
      if (this.#awaited?.name === event.name) this.#awaited.heard(performance.now());
    });
    const eventMask = KEYS | BUTTONS | MOTION | STRUCTURE;
    client.CreateWindow(this.window, root, x, y, width, height, 0, 0, 1, 0, {
      backgroundPixel: 0xffffff,
      eventMask,
    });
    client.ChangeProperty(0, this.window, WM_NAME, STRING, 8, title);
    client.MapWindow(this.window);
  }

  /** When the next event of this name is heard, as `performance.now()` tells it. */
  next(name: string): Promise<number> {
    return new Promise((heard) => {
      this.#awaited = { name, heard };
    });
  }

  /** Everything that happened before is in `events` then. */
  sync(): Promise<void> {
    return new Promise((resolve) => this.#client.sync(() => resolve()));
  }

  /** Names with what they are of, as `KeyPress 38`. */
  async told(...names: string[]): Promise<readonly string[]> {
    await this.sync();
    return this.events
      .filter(({ name }) => names.length === 0 || names.includes(name))
      .map(({ name, keycode }) => `${name} ${keycode}`);
  }

  /** Where the pointer is on the screen. */
  pointer(): Promise<{ readonly x: number; readonly y: number }> {
    return new Promise((resolve) =>
      this.#client.QueryPointer(this.#root, (_, { rootX, rootY }) => {
        resolve({ x: rootX, y: rootY });
        return true;
      }),
    );
  }

  /** Buttons that are down, whoever pressed them. */
  buttonsDown(): Promise<readonly number[]> {
    return new Promise((resolve) =>
      this.#client.QueryPointer(this.#root, (_, { keyMask }) => {
        resolve([1, 2, 3, 4, 5].filter((button) => (keyMask & (0x80 << button)) !== 0));
        return true;
      }),
    );
  }

  /** Keycodes that are down, whoever pressed them. */
  keysDown(): Promise<readonly number[]> {
    return new Promise((resolve) =>
      this.#client.QueryKeymap((_, bits) => {
        const all = Array.from({ length: 256 }, (__, keycode) => keycode);
        resolve(all.filter((code) => ((bits[code >> 3] ?? 0) & (1 << (code & 7))) !== 0));
        return true;
      }),
    );
  }

  /** Puts its window there. */
  place(x: number, y: number): void {
    this.#client.MoveWindow(this.window, x, y);
  }

  raise(): void {
    this.#client.RaiseWindow(this.window);
  }

  focus(): void {
    this.#client.SetInputFocus(this.window, 2);
  }

  close(): void {
    this.#client.close();
  }
}
