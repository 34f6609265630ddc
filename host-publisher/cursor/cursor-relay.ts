import type { CursorPosition, CursorShape } from '../../gateway/protocol/cursor.ts';
import type { MediaPlan } from '../media/plan.ts';
import { CursorWatch } from './cursor-watch.ts';
import type { Size } from './picture-place.ts';

export interface CursorRelayParts {
  readonly send: (message: CursorShape | CursorPosition) => void;
  /** Has the cursor drawn into the published picture, or left out of it. */
  readonly showPointer: (shown: boolean) => void;
  /** The published picture as it is now. */
  readonly picture: () => Size;
}

interface DesktopParts extends CursorRelayParts {
  readonly display: string;
}

/** Tells viewers of the cursor while it publishes to a gateway that listens; else it is in the picture. */
export class CursorRelay {
  readonly #parts: DesktopParts;
  #watch: CursorWatch | null = null;
  #isLive = false;
  #isConnected = false;

  /** Null where the plan has no cursor for viewers. */
  static of(plan: MediaPlan, parts: CursorRelayParts): CursorRelay | null {
    const { cursor, display, source } = plan;
    if (cursor !== 'viewers' || source !== 'desktop') return null;
    return display === null ? null : new CursorRelay({ ...parts, display });
  }

  private constructor(parts: DesktopParts) {
    this.#parts = parts;
  }

  live(isLive: boolean): void {
    this.#isLive = isLive;
    this.#update();
  }

  connected(isConnected: boolean): void {
    this.#isConnected = isConnected;
    this.#update();
    if (isConnected) this.#watch?.repeat();
  }

  #update(): void {
    const isWanted = this.#isLive && this.#isConnected;
    if (this.#isLive) this.#parts.showPointer(!isWanted);
    if (!isWanted) {
      this.#watch?.close();
      this.#watch = null;
      return;
    }
    const { display, picture, send, showPointer } = this.#parts;
    this.#watch ??= new CursorWatch({
      display,
      picture,
      send,
      onLost: () => {
        this.#watch = null;
        showPointer(true);
      },
    });
  }
}
