import { keycodeAt } from '../../host-publisher/input/x11/key-codes.ts';
import type { X11Witness } from '../support/host/x11-witness.ts';
import { KEY_TURN, codeOfTurn } from './chaos-viewer.ts';

const TURNS: ReadonlyMap<number, number> = new Map(
  Array.from({ length: KEY_TURN }, (_, turn) => [keycodeAt(codeOfTurn(turn)) ?? 0, turn]),
);

/**
 * Reads the order of keys on a display, where each epoch has its key: a key of an epoch that is over
 * is stale, and a key that is still down when another epoch's goes down was left over.
 */
export class ChaosKeys {
  readonly #witness: X11Witness;
  readonly #down = new Set<number>();
  #turn: number | null = null;
  #presses = 0;
  #stale = 0;
  #leftOver = 0;

  constructor(witness: X11Witness) {
    this.#witness = witness;
  }

  /** Whether a key of this epoch was the newest to go down. */
  hasHeard(epoch: number): boolean {
    this.#read();
    return this.#turn === epoch % KEY_TURN;
  }

  /** What was heard so far. */
  get counts(): { readonly presses: number; readonly stale: number; readonly leftOver: number } {
    this.#read();
    return { presses: this.#presses, stale: this.#stale, leftOver: this.#leftOver };
  }

  /** Another gateway counts its epochs from elsewhere. */
  forget(): void {
    this.#read();
    this.#turn = null;
  }

  #read(): void {
    for (const { name, keycode } of this.#witness.events.splice(0)) {
      const turn = TURNS.get(keycode);
      if (turn === undefined) continue;
      if (name === 'KeyRelease') this.#down.delete(turn);
      if (name === 'KeyPress') this.#pressed(turn);
    }
  }

  #pressed(turn: number): void {
    this.#presses += 1;
    const ahead = this.#turn === null ? 0 : (turn - this.#turn + KEY_TURN) % KEY_TURN;
    // Less than half a turn ahead is newer; else it is behind.
    if (ahead > KEY_TURN / 2) this.#stale += 1;
    else this.#turn = turn;
    this.#leftOver += [...this.#down].filter((other) => other !== turn).length;
    this.#down.add(turn);
  }
}
