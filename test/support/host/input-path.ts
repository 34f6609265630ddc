import fc from 'fast-check';
import type { HeldSet, InputEvent, InputFrame } from '../../../gateway/protocol/input.ts';
import type { Injection } from '../../../host-publisher/input/injection.ts';
import { aFrame } from './a-frame.ts';

/** A machine that acts are applied to: what is down there, and what it was told. */
export class Machine {
  readonly down = new Set<string>();
  readonly texts: string[] = [];
  /** Presses of what was down already, and releases of what was up. */
  readonly contradictions: string[] = [];
  travelled = 0;
  place: { readonly x: number; readonly y: number } | null = null;

  apply(acts: readonly Injection[] | null): void {
    for (const act of acts ?? []) {
      if (act.type === 'travel') this.travelled += act.x;
      if (act.type === 'move') this.place = { x: act.x, y: act.y };
      if (act.type === 'text') this.texts.push(act.text);
      if (act.type === 'key') this.#press(act.code, act.down);
      if (act.type === 'button') this.#press(`button ${act.button}`, act.down);
      if (act.type === 'touch' && act.phase !== 'move') {
        this.#press(`touch ${act.id}`, act.phase === 'begin');
      }
    }
  }

  #press(name: string, isDown: boolean): void {
    if (this.down.has(name) === isDown) this.contradictions.push(name);
    if (isDown) this.down.add(name);
    else this.down.delete(name);
  }
}

/** Names as `Machine` has them. */
export const namesOf = ({ keys, buttons, touches }: HeldSet): readonly string[] => [
  ...keys.map(({ code }) => code),
  ...[1, 4, 2, 8, 16].flatMap((bit, button) => ((buttons & bit) === 0 ? [] : [`button ${button}`])),
  ...touches.map(({ id }) => `touch ${id}`),
];

const share = fc.integer({ min: 0, max: 8 }).map((eighths) => eighths / 8);

export const anyHeld: fc.Arbitrary<HeldSet> = fc.record({
  keys: fc.uniqueArray(
    fc.record({ code: fc.constantFrom('KeyA', 'KeyB', 'ShiftLeft'), keysym: fc.nat(9) }),
    { selector: ({ code }) => code },
  ),
  buttons: fc.nat(31),
  gamepads: fc.constant<HeldSet['gamepads']>([]),
  touches: fc.uniqueArray(fc.record({ id: fc.nat(3), x: share, y: share }), {
    selector: ({ id }) => id,
  }),
});

const anyEvent: fc.Arbitrary<InputEvent> = fc.oneof(
  fc.record({
    type: fc.constant('key' as const),
    code: fc.constantFrom('KeyA', 'KeyB', 'KeyC'),
    keysym: fc.nat(9),
    down: fc.boolean(),
  }),
  fc.record({ type: fc.constant('button' as const), button: fc.nat(4), down: fc.boolean() }),
  fc.constant({ type: 'text' as const, text: '' }),
);

const anyStep = fc.record({
  held: fc.option(anyHeld, { freq: 2 }),
  events: fc.array(anyEvent, { maxLength: 3 }),
  pointer: fc.record({ x: share, y: share }),
  travel: fc.integer({ min: -500, max: 500 }).map((tenths) => tenths / 10),
  /** How much later than it was sent; frames with `held` keep their order. */
  delay: fc.nat(5),
  isLost: fc.integer({ min: 0, max: 9 }).map((die) => die < 3),
  isTwice: fc.integer({ min: 0, max: 9 }).map((die) => die < 2),
});

export const anySteps = fc.array(anyStep, { minLength: 1, maxLength: 40 });
export type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

/** What a sender of one epoch sends; each text is another, so that it can be told from others. */
export function framesOf(steps: readonly Step[], epoch = 1): readonly InputFrame[] {
  let eventsBefore = 0;
  return steps.map(({ held, events, pointer, travel }, sequence) => {
    const motion = { epoch, sequence, pointer, travel: { x: travel, y: 0 }, eventsBefore };
    if (held === null) {
      const frame = aFrame(motion);
      delete frame.held;
      return frame;
    }
    const numbered = events.map((event, index) =>
      event.type === 'text' ? { ...event, text: `${epoch}.${eventsBefore + index}` } : event,
    );
    eventsBefore += events.length;
    return aFrame({ ...motion, held, events: numbered });
  });
}

/** Texts that were sent, in their order. */
export const textsOf = (frames: readonly InputFrame[]): readonly string[] =>
  frames.flatMap(({ events }) => events.flatMap((event) => ('text' in event ? [event.text] : [])));

/**
 * Two ways: frames with `held` come in order and, while `isReliable`, all of them; motion comes as
 * it likes.
 */
export function arrivals(
  frames: readonly InputFrame[],
  steps: readonly Step[],
  isReliable: boolean,
): readonly InputFrame[] {
  let newestAt = 0;
  return steps
    .flatMap(({ delay, isLost, isTwice }, index) => {
      const frame = frames[index];
      if (frame === undefined) return [];
      const isOrdered = frame.held !== undefined;
      if (isLost && !(isOrdered && isReliable)) return [];
      const at = isOrdered ? Math.max(newestAt, index + delay) : index + delay;
      if (isOrdered) newestAt = at;
      const one = { frame, at, order: index };
      return isTwice ? [one, { ...one, at: at + 2 }] : [one];
    })
    .toSorted((a, b) => a.at - b.at || a.order - b.order)
    .map(({ frame }) => frame);
}
