import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InputFrame } from '../../../../gateway/protocol/input.ts';
import { HeldInput } from '../../../../host-publisher/input/held-input.ts';
import type { Injection } from '../../../../host-publisher/input/injection.ts';
import { runs } from '../../../support/fuzz/runs.ts';
import { allOf, aSender, RecordedWay } from './a-sender.ts';

const CODES = ['KeyA', 'KeyB', 'ShiftLeft'] as const;
const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('key' as const),
      code: fc.constantFrom(...CODES),
      down: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('button' as const),
      button: fc.nat(4),
      down: fc.boolean(),
    }),
  },
  fc.record({
    does: fc.constant('text' as const),
    text: fc.string({ minLength: 1, maxLength: 600, unit: 'binary' }),
  }),
  fc.record({ does: fc.constant('point' as const), x: fc.nat(9) }),
  fc.record({ does: fc.constant('travel' as const), x: fc.integer({ min: -9, max: 9 }) }),
  fc.record({ does: fc.constantFrom('picture', 'beat', 'release', 'confirm') }),
  fc.record({ does: fc.constantFrom('cut', 'lease') }),
);

/** What a person did, and what of it was done at a host behind a way that is cut now and then. */
class Path {
  readonly parts = aSender();
  readonly host = new HeldInput();
  readonly done: string[] = [];
  readonly meant: string[] = [];
  way: RecordedWay = this.parts.way;
  epoch = 1;
  readonly #down = new Set<string>();

  constructor() {
    this.host.lease(allOf(1));
  }

  tell(name: string, down: boolean): void {
    if (this.#down.has(name) === down) return;
    if (down) this.#down.add(name);
    else this.#down.delete(name);
    this.meant.push(`${name} ${down ? 'down' : 'up'}`);
  }

  releaseAll(): void {
    for (const name of [...this.#down]) this.tell(name, false);
  }

  /** What the way carries arrives, or the first `share` of it. */
  deliver(share = 1): void {
    const frames = this.way.taken();
    for (const frame of frames.slice(0, Math.floor(frames.length * share))) {
      expect(InputFrame.safeParse(frame).error).toBeUndefined();
      this.#note(this.host.take(frame, 0) ?? []);
    }
  }

  lease(): void {
    this.epoch += 1;
    this.#note(this.host.lease(allOf(this.epoch)));
    this.releaseAll();
    this.parts.sender.setLeases(allOf(this.epoch));
  }

  get isHeld(): boolean {
    return this.#down.size > 0;
  }

  #note(acts: readonly Injection[]): void {
    for (const act of acts) {
      if (act.type === 'key') this.done.push(`${act.code} ${act.down ? 'down' : 'up'}`);
      if (act.type === 'button') this.done.push(`button ${act.button} ${act.down ? 'down' : 'up'}`);
      if (act.type === 'text') this.done.push(...Array.from(act.text));
    }
  }
}

function perform(path: Path, step: typeof act extends fc.Arbitrary<infer S> ? S : never): void {
  const { sender, picture } = path.parts;
  switch (step.does) {
    case 'key':
      sender.key(step.code, 1, step.down, 0);
      path.tell(step.code, step.down);
      return;
    case 'button':
      sender.button(step.button, step.down, 0);
      path.tell(`button ${step.button}`, step.down);
      return;
    case 'text':
      sender.text(step.text, 0);
      path.meant.push(...Array.from(step.text));
      return;
    case 'point':
      sender.point(step.x / 10, 0, 0);
      return;
    case 'travel':
      sender.travel(step.x, 0, 0);
      return;
    case 'picture':
      picture();
      return;
    case 'beat':
      vi.advanceTimersByTime(100);
      return;
    case 'release':
      sender.release();
      path.deliver();
      path.releaseAll();
      return;
    case 'confirm': {
      const applied = { type: 'input/applied' as const, epoch: path.epoch, sequence: 0, at: 0 };
      sender.confirm({ ...applied, tookUs: 1, events: path.host.eventsOf(path.epoch) });
      return;
    }
    case 'cut':
      path.deliver(0.5);
      path.way = new RecordedWay();
      sender.useWay(path.way);
      path.deliver();
      return;
    default:
      path.deliver();
      path.lease();
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('from a person to the host', () => {
  it('[INPUT-72] whatever is typed and clicked happens once and in order, though the way changes', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (steps) => {
        const path = new Path();
        for (const step of steps) {
          perform(path, step);
        }
        path.deliver();
        expect(path.host.isHolding).toBe(path.isHeld);
        path.parts.sender.release();
        path.deliver();
        path.releaseAll();
        expect(path.host.isHolding).toBe(false);
        const sorted = (all: readonly string[]) => all.filter((name) => !name.endsWith(' up'));
        expect(sorted(path.done)).toEqual(sorted(path.meant));
        expect([...path.done].sort()).toEqual([...path.meant].sort());
        path.parts.sender.close();
      }),
      runs(500),
    );
  });
});
