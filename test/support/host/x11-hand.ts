import { createClient, type Client } from 'x11';

interface Drawing extends Client {
  AllocID(): number;
  OpenFont(id: number, name: string): void;
  CreateGlyphCursor(...values: (number | Rgb)[]): void;
  CreateWindow(
    ...values: (number | { backgroundPixel: number; overrideRedirect: boolean })[]
  ): void;
  MapWindow(window: number): void;
  MoveWindow(window: number, x: number, y: number): void;
  ChangeWindowAttributes(window: number, values: { cursor: number }): void;
  WarpPointer(...numbers: number[]): void;
}

interface Rgb {
  readonly R: number;
  readonly G: number;
  readonly B: number;
}

/** Glyph of the cursor font with its hotspot in the middle; its mask follows. */
const DOT = 38;
const MAGENTA: Rgb = { R: 0xffff, G: 0, B: 0xffff };
const GREEN = 0x00ff00;

/** Somebody at an X11 display: moves its pointer and shows things there. */
export class X11Hand {
  readonly #client: Drawing;
  readonly #root: number;
  #square: number | null = null;

  static async at(display: string): Promise<X11Hand> {
    const opened = Promise.withResolvers<X11Hand>();
    createClient({ display }, (error, { client, screen }) => {
      if (error != null) opened.reject(error);
      else opened.resolve(new X11Hand(client as Drawing, screen[0]?.root ?? 0));
    });
    return opened.promise;
  }

  private constructor(client: Drawing, root: number) {
    this.#client = client;
    this.#root = root;
    client.on('error', () => undefined);
  }

  /** Puts the pointer there, in pixels of the screen. */
  move(x: number, y: number): void {
    this.#client.WarpPointer(0, this.#root, 0, 0, 0, 0, x, y);
  }

  /** Makes the cursor a magenta dot, as long as this hand is there. */
  wearDot(): void {
    const [font, cursor] = [this.#client.AllocID(), this.#client.AllocID()];
    this.#client.OpenFont(font, 'cursor');
    this.#client.CreateGlyphCursor(cursor, font, font, DOT, DOT + 1, MAGENTA, MAGENTA);
    this.#client.ChangeWindowAttributes(this.#root, { cursor });
  }

  /** Shows one green square with its middle there. */
  showSquare(x: number, y: number, size: number): void {
    const [left, top] = [x - size / 2, y - size / 2];
    if (this.#square === null) {
      this.#square = this.#client.AllocID();
      this.#client.CreateWindow(this.#square, this.#root, left, top, size, size, 0, 0, 1, 0, {
        backgroundPixel: GREEN,
        overrideRedirect: true,
      });
      this.#client.MapWindow(this.#square);
    } else this.#client.MoveWindow(this.#square, left, top);
  }

  close(): void {
    this.#client.close();
  }
}
