import type { Client, Xtest } from 'x11';
import type { Size } from '../../cursor/picture-place.ts';
import { NOTCH, type Injection } from '../injection.ts';
import { pixelAt, type Area } from './picture-point.ts';

/** X11's numbers of the buttons that browsers number 0 to 4. */
const BUTTONS = [1, 2, 3, 8, 9];
const WHEEL = { x: { less: 6, more: 7 }, y: { less: 4, more: 5 } } as const;

export interface X11PointerParts {
  readonly client: Client;
  readonly xtest: Xtest;
  readonly root: number;
  /** What of the screen the picture shows now. */
  readonly area: () => Area;
  readonly picture: () => Size;
  /** Whether the pointer has to stay in the area. */
  readonly isConfined: boolean;
}

type Act<T extends Injection['type']> = Extract<Injection, { type: T }>;

/** The pointer of a display: XTEST's one, moved, pressed and turned. */
export class X11Pointer {
  readonly #parts: X11PointerParts;
  readonly #turned = { x: 0, y: 0 };
  /** The finger that stands for the pointer. */
  #finger: number | null = null;
  /** Where it is, as far as known; kept where it is confined. */
  #at: { readonly x: number; readonly y: number } | null = null;

  constructor(parts: X11PointerParts) {
    this.#parts = parts;
  }

  move({ x, y }: { readonly x: number; readonly y: number }): void {
    const { xtest, root, area, picture } = this.#parts;
    this.#at = pixelAt({ x, y }, area(), picture());
    xtest.FakeInput(xtest.MotionNotify, 0, 0, root, this.#at.x, this.#at.y);
  }

  travel({ x, y }: Act<'travel'>): void {
    const { xtest, isConfined } = this.#parts;
    const step = isConfined ? this.#within({ x, y }) : { x, y };
    for (const part of steps(step)) {
      xtest.FakeInput(xtest.MotionNotify, 1, 0, 0, part.x, part.y);
    }
    if (isConfined) this.#locate();
  }

  button({ button, down }: { readonly button: number; readonly down: boolean }): void {
    const { xtest } = this.#parts;
    const number = BUTTONS[button];
    if (number === undefined) return;
    xtest.FakeInput(down ? xtest.ButtonPress : xtest.ButtonRelease, number, 0, 0, 0, 0);
  }

  wheel(act: Act<'wheel'>): void {
    for (const axis of ['y', 'x'] as const) {
      this.#turned[axis] += act[axis];
      const notches = Math.trunc(this.#turned[axis] / NOTCH);
      this.#turned[axis] -= notches * NOTCH;
      const button = notches < 0 ? WHEEL[axis].less : WHEEL[axis].more;
      for (let notch = 0; notch < Math.abs(notches); notch += 1) this.#click(button);
    }
  }

  /** One finger is the pointer with its left button; XTEST has no touch. */
  touch({ id, x, y, phase }: Act<'touch'>): void {
    if (phase === 'begin') this.#finger ??= id;
    if (this.#finger !== id) return;
    this.move({ x, y });
    if (phase === 'move') return;
    this.button({ button: 0, down: phase === 'begin' });
    if (phase === 'end') this.#finger = null;
  }

  #click(button: number): void {
    const { xtest } = this.#parts;
    xtest.FakeInput(xtest.ButtonPress, button, 0, 0, 0, 0);
    xtest.FakeInput(xtest.ButtonRelease, button, 0, 0, 0, 0);
  }

  #within(step: { readonly x: number; readonly y: number }) {
    const area = this.#parts.area();
    const at = this.#at ?? area;
    const along = (from: number, by: number, start: number, length: number): number =>
      Math.min(start + length - 1, Math.max(start, from + by)) - from;
    const x = along(at.x, step.x, area.x, area.width);
    const y = along(at.y, step.y, area.y, area.height);
    this.#at = { x: at.x + x, y: at.y + y };
    return { x, y };
  }

  /** A program may have put it elsewhere. */
  #locate(): void {
    const { client, root } = this.#parts;
    client.QueryPointer(root, (error, place) => {
      if (error == null) this.#at = { x: place.rootX, y: place.rootY };
      return true;
    });
  }
}

/** The protocol counts in 16 bits. */
function steps({ x, y }: { readonly x: number; readonly y: number }) {
  const count = Math.ceil(Math.max(Math.abs(x), Math.abs(y)) / 0x7fff);
  const part = (whole: number, index: number): number =>
    Math.trunc((whole * (index + 1)) / count) - Math.trunc((whole * index) / count);
  return Array.from({ length: count }, (_, index) => ({ x: part(x, index), y: part(y, index) }));
}
