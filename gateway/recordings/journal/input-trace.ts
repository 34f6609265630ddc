import { isDeepStrictEqual } from 'node:util';
import type { JournalDetail, JournalEvent, JournalInput } from '../../protocol/journal.ts';
import type { ViewerId } from '../../protocol/control.ts';
import type { SourceId } from '../../protocol/ids.ts';
import type { HeldSet, InputEvent, InputFrame } from '../../protocol/input.ts';

/** Motion alone is written at most this often, milliseconds. */
const MOTION_INTERVAL_MS = 40;

/** A frame that went to a host. */
export interface PassedFrame {
  /** Milliseconds since the recording began. */
  readonly at: number;
  readonly source: SourceId;
  readonly viewer: ViewerId;
  readonly frame: InputFrame;
}

type Detail = Exclude<JournalDetail, 'off'>;

/** Input of one person to one source: what its frames say anew. */
export class InputTrace {
  readonly #detail: Detail;
  #epoch = -1;
  #sequence = -1;
  #events = 0;
  #held: HeldSet = NOTHING;
  #pointer: InputFrame['pointer'];
  #travel = ORIGIN;
  #wheel = ORIGIN;
  #motion: PassedFrame | null = null;
  #writtenAt = -Infinity;

  constructor(detail: Detail) {
    this.#detail = detail;
  }

  /** The entries to write now; motion that came too soon after another waits for the next, or `rest`. */
  take(passed: PassedFrame): readonly JournalInput[] {
    const { at, frame } = passed;
    if (frame.epoch !== this.#epoch) this.#begin(frame.epoch);
    const isNewest = frame.sequence > this.#sequence;
    this.#sequence = Math.max(this.#sequence, frame.sequence);
    const events = this.#fresh(frame);
    const { held } = frame;
    const isHeldAnew = held !== undefined && !isDeepStrictEqual(held, this.#held);
    if (held !== undefined) this.#held = held;
    const isMotion = isNewest && this.#moves(frame);
    const whole = isMotion || isHeldAnew || events.length > 0 ? this.#withMotion(passed) : null;
    if (whole === null) return [];
    if (events.length > 0 || isHeldAnew) return [this.#entry(whole, events)];
    this.#motion = whole;
    return at - this.#writtenAt < MOTION_INTERVAL_MS ? [] : this.rest();
  }

  /** What waits. */
  rest(): readonly JournalInput[] {
    return this.#motion === null ? [] : [this.#entry(this.#motion, [])];
  }

  #begin(epoch: number): void {
    this.#epoch = epoch;
    this.#sequence = -1;
    this.#events = 0;
    this.#held = NOTHING;
    this.#travel = ORIGIN;
    this.#wheel = ORIGIN;
    this.#motion = null;
  }

  /** The frame, and what moved before it and was not written. */
  #withMotion(passed: PassedFrame): PassedFrame {
    const waiting = this.#motion;
    if (waiting === null) return passed;
    return { ...passed, frame: { ...waiting.frame, ...passed.frame } };
  }

  #moves(frame: InputFrame): boolean {
    const before = this.#motion?.frame;
    return (
      differs(frame.pointer, before?.pointer ?? this.#pointer) ||
      differs(frame.travel, before?.travel ?? this.#travel) ||
      differs(frame.wheel, before?.wheel ?? this.#wheel)
    );
  }

  /** A frame may bring events again that came by another way. */
  #fresh({ events, eventsBefore }: InputFrame): readonly InputEvent[] {
    const fresh = events.slice(Math.max(0, this.#events - eventsBefore));
    this.#events = Math.max(this.#events, eventsBefore + events.length);
    return fresh;
  }

  #entry(passed: PassedFrame, events: readonly InputEvent[]): JournalInput {
    const { at, source, viewer, frame } = passed;
    const { buttons, touches, keys, gamepads } = this.#held;
    const travel = shiftOf(this.#travel, frame.travel);
    const wheel = shiftOf(this.#wheel, frame.wheel);
    this.#pointer = frame.pointer ?? this.#pointer;
    this.#travel = frame.travel ?? this.#travel;
    this.#wheel = frame.wheel ?? this.#wheel;
    this.#motion = null;
    this.#writtenAt = at;
    return {
      type: 'input',
      at: Math.round(at),
      source,
      viewer,
      ...(frame.pointer === undefined ? {} : { pointer: rounded(frame.pointer) }),
      ...(travel === null ? {} : { travel }),
      ...(wheel === null ? {} : { wheel }),
      ...(buttons === 0 ? {} : { buttons }),
      ...(touches.length === 0
        ? {}
        : { touches: touches.map((touch) => ({ ...touch, ...rounded(touch) })) }),
      ...(keys.length === 0 ? {} : { keys: keys.length }),
      ...(gamepads.length === 0 ? {} : { gamepads: gamepads.length }),
      ...(events.length === 0 ? {} : { events: events.map((event) => told(event, this.#detail)) }),
    };
  }
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const ORIGIN: Point = { x: 0, y: 0 };
const NOTHING: HeldSet = { keys: [], buttons: 0, touches: [], gamepads: [] };

const differs = (one: Point | undefined, other: Point | undefined): boolean =>
  one !== undefined && (one.x !== other?.x || one.y !== other.y);

/** Below a pixel of the widest picture. */
const rounded = ({ x, y }: Point): Point => ({ x: round(x), y: round(y) });
const round = (share: number): number => Math.round(share * 1e4) / 1e4;

function shiftOf(from: Point, to: Point | undefined): Point | null {
  if (to === undefined || (to.x === from.x && to.y === from.y)) return null;
  return rounded({ x: to.x - from.x, y: to.y - from.y });
}

function told(event: InputEvent, detail: Detail): JournalEvent {
  if (detail === 'full' || event.type === 'button') return event;
  return event.type === 'key' ? { type: 'key', down: event.down } : { type: 'text' };
}
