import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameCopies } from '../../../../gateway/input-channel/frame-copies.ts';
import type { InputEvent, InputFrame } from '../../../../gateway/protocol/input.ts';
import { HeldInput } from '../../../../host-publisher/input/held-input.ts';
import type { Injection } from '../../../../host-publisher/input/injection.ts';
import { InputWay } from '../../../../web/core/control/input-way.ts';
import { allIn, aFrame, aMotion, NOTHING_HELD } from '../../../support/host/a-frame.ts';

/** What happens next: somebody does something, a way hands on what it has, or a channel comes or goes. */
type Step =
  | { readonly type: 'press' | 'tap' | 'move'; readonly button: number }
  | { readonly type: 'arrive'; readonly way: 'socket' | 'keys' | 'motion'; readonly lost: boolean }
  | { readonly type: 'open' | 'die' | 'doubt' };

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ type: fc.constantFrom('press', 'tap', 'move'), button: fc.nat(4) }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constant('arrive'),
        way: fc.constantFrom('socket', 'keys', 'motion'),
        lost: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('open', 'die', 'doubt') }) },
  ),
  { maxLength: 120 },
) as fc.Arbitrary<Step[]>;

const BITS = [1, 4, 2, 8, 16] as const;

/** A person's buttons, the two ways that frames take, the gateway's choice and the host. */
class Drag {
  readonly #socket: InputFrame[] = [];
  #keys: InputFrame[] = [];
  readonly #motion: InputFrame[] = [];
  readonly #copies = new FrameCopies();
  readonly #host = new HeldInput();
  readonly acts: Injection[] = [];
  readonly happened: InputEvent[] = [];
  readonly channel = {
    isOpen: false,
    isClear: true,
    isDoubtful: false,
    sendKeys: (text: string) => this.#byChannel(this.#keys, text),
    sendMotion: (text: string) => this.#byChannel(this.#motion, text),
  };
  readonly #way = new InputWay(
    { isClear: true, losesMotion: false, send: (frame) => void this.#socket.push(frame) },
    this.channel,
  );
  #sequence = 0;
  #held = 0;
  x = 0;

  constructor() {
    this.#host.lease(allIn(1));
  }

  take(step: Step): void {
    switch (step.type) {
      case 'press':
        this.#say([this.#toggle(step.button)]);
        return;
      case 'tap':
        this.#say([this.#toggle(step.button), this.#toggle(step.button)]);
        return;
      case 'move':
        this.#move();
        return;
      case 'arrive':
        this.#arrive(step.way, step.lost);
        return;
      case 'open':
        this.channel.isOpen = true;
        return;
      case 'die':
        this.channel.isOpen = false;
        this.#keys = [];
        return;
      case 'doubt':
        this.channel.isDoubtful = !this.channel.isDoubtful;
        return;
      default:
        step satisfies never;
    }
  }

  /** Lets go of everything, and hands on all that is on its way. */
  end(): void {
    const events = BITS.flatMap((bit, button) =>
      (this.#held & bit) === 0 ? [] : [this.#toggle(button)],
    );
    this.#say(events);
    for (const way of ['keys', 'motion', 'socket'] as const) {
      for (let left = 10_000; left > 0 && this.#of(way).length > 0; left -= 1) {
        this.#arrive(way, false);
      }
    }
  }

  get isHolding(): boolean {
    return this.#host.isHolding;
  }

  #byChannel(queue: InputFrame[], text: string): boolean {
    if (!this.channel.isOpen) return false;
    (queue === this.#motion ? this.#motion : this.#keys).push(JSON.parse(text) as InputFrame);
    return true;
  }

  #toggle(button: number): InputEvent {
    const bit = BITS[button] ?? 0;
    this.#held ^= bit;
    return { type: 'button', button, down: (this.#held & bit) !== 0 };
  }

  #say(events: InputEvent[]): void {
    const eventsBefore = this.happened.length;
    this.happened.push(...events);
    const held = { ...NOTHING_HELD, buttons: this.#held };
    const pointer = { x: this.x, y: 0 };
    this.#sequence += 1;
    this.#way.send(aFrame({ sequence: this.#sequence, held, events, eventsBefore, pointer }));
  }

  #move(): void {
    this.x = (this.x + 0.01) % 1;
    this.#sequence += 1;
    const eventsBefore = this.happened.length;
    this.#way.send(
      aMotion({ sequence: this.#sequence, pointer: { x: this.x, y: 0 }, eventsBefore }),
    );
  }

  #of(way: 'socket' | 'keys' | 'motion'): InputFrame[] {
    return { socket: this.#socket, keys: this.#keys, motion: this.#motion }[way];
  }

  #arrive(way: 'socket' | 'keys' | 'motion', lost: boolean): void {
    const queue = this.#of(way);
    // Motion overtakes itself, and is lost.
    const frame = way === 'motion' && lost ? queue.pop() : queue.shift();
    if (frame === undefined || (way === 'motion' && lost && frame.sequence % 2 === 0)) return;
    if (!this.#copies.isNew(frame, way === 'socket' ? 'socket' : 'channel')) return;
    this.acts.push(...(this.#host.take(frame, 0) ?? []));
  }
}

test('[INPUT-95] whatever two ways lose, double and reorder, each press happens once and none sticks', () => {
  fc.assert(
    fc.property(steps, (given) => {
      const drag = new Drag();
      for (const step of given) drag.take(step);
      drag.end();
      expect(drag.isHolding).toBe(false);
      const buttons = drag.acts.filter((act) => act.type === 'button');
      expect(buttons).toEqual(drag.happened);
      const moves = drag.acts.filter((act) => act.type === 'move');
      expect(moves.at(-1)?.x ?? 0).toBe(drag.x);
    }),
    { numRuns: 2_000 },
  );
});
