import { setTimeout as delay } from 'node:timers/promises';
import type { PictureSize } from '../../gateway/protocol/host.ts';
import type { Viewport } from '../../gateway/protocol/screen.ts';
import { X11Connection } from '../x11/x11-connection.ts';
import { evenBelow, fitScreen } from './fit-screen.ts';
import { Settling } from './settling.ts';
import { X11Scale } from './x11-scale.ts';
import { X11Screen } from './x11-screen.ts';

export const RESIZES = ['auto', 'on', 'off'] as const;
/** Whether the screen takes the size of the viewport; `auto`: where nobody sits in front of it. */
export type Resize = (typeof RESIZES)[number];

/** Somebody else may drive on at once. */
const LEAVE_MS = 1_500;
/** A display that says nothing for so long is none that is resized. */
const READY_MS = 2_000;

export interface ScreenDeskParts {
  readonly display: string;
  readonly resize: Resize;
  /** The largest that it may become, beside what the display allows. */
  readonly largest: PictureSize;
  /** The screen has this size, and the picture should have it; null: as they were at first. */
  readonly onSize: (size: PictureSize | null) => void;
  readonly say: (line: string) => void;
}

interface Machine {
  readonly x11: X11Connection;
  readonly screen: X11Screen;
  readonly scale: X11Scale;
}

/** The screen of an X11 display, as large as whoever has its pointer sees it. */
export class ScreenDesk {
  readonly #parts: ScreenDeskParts;
  readonly #settling = new Settling<Viewport['size']>((size) => this.#apply(size));
  readonly ready: Promise<void>;
  #machine: Machine | null = null;
  #largest: PictureSize | null = null;
  #isChanged = false;
  #isDriven = false;
  #said = '';

  constructor(parts: ScreenDeskParts) {
    this.#parts = parts;
    const opened = this.#open().catch(() => undefined);
    this.ready = Promise.race([opened, delay(READY_MS, undefined, { ref: false })]);
  }

  /** Null: it keeps its size. */
  get largest(): PictureSize | null {
    return this.#largest;
  }

  /** Whether somebody has the pointer; without anybody it goes back to what it was. */
  driven(isDriven: boolean): void {
    if (this.#isDriven === isDriven) return;
    this.#isDriven = isDriven;
    if (!isDriven) this.follow(null);
  }

  follow(size: Viewport['size']): void {
    if (this.#largest === null || (size !== null && !this.#isDriven)) return;
    this.#settling.wish(size, size === null ? LEAVE_MS : 0);
  }

  async close(): Promise<void> {
    await this.ready;
    await this.#settling.close();
    await this.#apply(null);
    this.#machine?.x11.close();
  }

  async #open(): Promise<void> {
    const { display, resize, largest } = this.#parts;
    if (resize === 'off') return;
    const machine = await openMachine(display);
    if (machine === null) return;
    if (resize === 'auto' && !machine.screen.isVirtual) {
      machine.x11.close();
      return;
    }
    const most = machine.screen.largest;
    this.#largest = evenBelow({
      width: Math.min(most.width, largest.width),
      height: Math.min(most.height, largest.height),
    });
    this.#use(machine);
  }

  #use(machine: Machine): void {
    this.#machine = machine;
    void machine.x11.lost.then(() => {
      if (this.#machine !== machine) return;
      this.#machine = null;
      // Another server begins with its own size.
      this.#isChanged = false;
      this.#parts.onSize(null);
    });
  }

  async #apply(wanted: Viewport['size']): Promise<void> {
    if (this.#largest === null || (wanted === null && !this.#isChanged)) return;
    try {
      if (this.#machine === null) {
        const machine = await openMachine(this.#parts.display);
        if (machine === null) return;
        this.#use(machine);
      }
      await (wanted === null ? this.#restore() : this.#resize(wanted, this.#largest));
    } catch (error) {
      this.#sayOnce(`The screen keeps its size: ${String(error)}`);
    }
  }

  async #resize(wanted: NonNullable<Viewport['size']>, largest: PictureSize): Promise<void> {
    const { size, scale } = fitScreen(wanted, largest);
    this.#isChanged = true;
    await this.#machine?.screen.resize(size);
    this.#parts.onSize(size);
    await this.#machine?.scale.set(scale);
  }

  async #restore(): Promise<void> {
    this.#isChanged = false;
    await this.#machine?.screen.restore();
    this.#parts.onSize(null);
    await this.#machine?.scale.restore();
  }

  #sayOnce(line: string): void {
    if (line !== this.#said) this.#parts.say(line);
    this.#said = line;
  }
}

async function openMachine(display: string): Promise<Machine | null> {
  const x11 = await X11Connection.open(display);
  try {
    const screen = await X11Screen.open(x11);
    if (screen !== null) return { x11, screen, scale: new X11Scale(x11) };
  } catch {
    // A display without what is asked has no screen to resize.
  }
  x11.close();
  return null;
}
