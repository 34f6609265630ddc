import { isDeepStrictEqual } from 'node:util';
import type { Gamepad } from '../../gateway/protocol/input.ts';
import type { Injection } from './injection.ts';

/** How gamepads stand; one that is not told of is at rest. */
export class HeldGamepads {
  readonly #pads = new Map<number, Gamepad>();

  get isHolding(): boolean {
    return [...this.#pads.values()].some((pad) => !isDeepStrictEqual(pad, atRest(pad.id)));
  }

  settle(pads: readonly Gamepad[]): readonly Injection[] {
    const told = new Map(pads.map((pad) => [pad.id, pad]));
    const gone = [...this.#pads.keys()].filter((id) => !told.has(id));
    return [...gone.map(atRest), ...told.values()].flatMap((pad) => {
      if (isDeepStrictEqual(pad, this.#pads.get(pad.id) ?? null)) return [];
      this.#pads.set(pad.id, pad);
      return [{ type: 'gamepad', ...pad } as const];
    });
  }

  forget(): void {
    this.#pads.clear();
  }
}

const atRest = (id: number): Gamepad => ({ id, buttons: 0, triggers: [0, 0], axes: [0, 0, 0, 0] });
