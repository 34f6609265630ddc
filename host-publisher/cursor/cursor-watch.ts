import { createClient, type Client, type CursorImage, type Fixes } from 'x11';
import type { CursorPosition, CursorShape } from '../../gateway/protocol/cursor.ts';
import { ask } from '../x11/query.ts';
import { drawCursor } from './cursor-picture.ts';
import { placeInPicture, widthInScreenPixels, type Size } from './picture-place.ts';

const LOOK_MS = 34;
/** An animated cursor changes more often than anybody needs to see. */
const SHAPE_MS = 100;
const BAD_CURSOR = 6;

export interface CursorWatchOptions {
  readonly display: string;
  /** The published picture as it is now, into which the screen is fitted. */
  readonly picture: () => Size;
  readonly send: (message: CursorShape | CursorPosition) => void;
  /** The display is gone, or cannot tell of its cursor. */
  readonly onLost: () => void;
}

/** Tells of an X11 display's cursor: its shape on change, its place at most 30 times a second. */
export class CursorWatch {
  readonly #options: CursorWatchOptions;
  readonly #client: Client;
  #fixes: Fixes | null = null;
  #root = 0;
  #screen: Size = { width: 1, height: 1 };
  #image: CursorImage | null = null;
  #shape: CursorShape | null = null;
  #position: CursorPosition | null = null;
  #isStale = true;
  #shapeAtMs = -SHAPE_MS;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: CursorWatchOptions) {
    this.#options = options;
    this.#client = createClient({ display: options.display }, (error, display) => {
      if (error != null) {
        this.#lose();
        return;
      }
      this.#root = display.screen[0]?.root ?? 0;
      this.#client.require('fixes', (failure, fixes) => {
        if (failure != null || this.#closed) {
          this.#lose();
          return;
        }
        this.#fixes = fixes;
        fixes.SelectCursorInput(this.#root, fixes.CursorNotifyMask.DisplayCursor);
        void this.#look();
      });
    });
    this.#client.on('event', ({ name }: { name?: string }) => {
      if (name === 'CursorNotify') this.#isStale = true;
    });
    this.#client.on('error', () => this.#lose());
    this.#client.on('end', () => this.#lose());
  }

  /** Tells everything again, to somebody who has just come. */
  repeat(): void {
    if (this.#shape !== null) this.#options.send(this.#shape);
    if (this.#position !== null) this.#options.send(this.#position);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#client.close();
  }

  async #look(): Promise<void> {
    const [screen, pointer] = await Promise.all([
      ask<Size>((reply) => this.#client.GetGeometry(this.#root, reply)),
      ask<{ rootX: number; rootY: number }>((reply) =>
        this.#client.QueryPointer(this.#root, reply),
      ),
    ]);
    if (this.#closed) return;
    const { width, height } = screen ?? this.#screen;
    const isResized = width !== this.#screen.width || height !== this.#screen.height;
    this.#screen = { width, height };
    const nowMs = performance.now();
    if ((this.#isStale && nowMs - this.#shapeAtMs >= SHAPE_MS) || isResized) {
      this.#isStale = false;
      this.#shapeAtMs = nowMs;
      this.#image = await this.#readCursor();
      this.#tellShape();
    }
    this.#tellPosition({ x: pointer?.rootX ?? 0, y: pointer?.rootY ?? 0 });
    this.#timer = setTimeout(() => {
      if (!this.#closed) void this.#look();
    }, LOOK_MS);
  }

  /** Null: hidden. One whose owner has gone cannot be read (BadAccess): the former stands for it. */
  #readCursor(): Promise<CursorImage | null> {
    return new Promise((resolve) =>
      this.#fixes?.GetCursorImage((error, image) => {
        if (error == null) {
          resolve(image);
          return false;
        }
        this.#isStale = error.error !== BAD_CURSOR;
        resolve(this.#isStale ? this.#image : null);
        return true;
      }),
    );
  }

  #tellShape(): void {
    const width = widthInScreenPixels(this.#screen, this.#options.picture());
    const shape = this.#image === null ? null : drawCursor(this.#image, width);
    const isSame =
      shape?.png === this.#shape?.png && shape?.pictureWidth === this.#shape?.pictureWidth;
    this.#shape = shape;
    if (shape !== null && !isSame) this.#options.send(shape);
  }

  #tellPosition(point: { readonly x: number; readonly y: number }): void {
    const place = placeInPicture(point, this.#screen, this.#options.picture());
    const visible = this.#shape !== null;
    const former = this.#position;
    if (former?.x === place.x && former.y === place.y && former.visible === visible) return;
    this.#position = { type: 'cursor/position', ...place, visible };
    this.#options.send(this.#position);
  }

  #lose(): void {
    if (this.#closed) return;
    this.close();
    this.#options.onLost();
  }
}
