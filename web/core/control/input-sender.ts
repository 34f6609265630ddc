import type { Device } from '../../../gateway/protocol/control.ts';
import { DEVICES, HEARTBEAT_MS } from '../../../gateway/protocol/control-terms.ts';
import type { Gamepad, InputApplied, Touch } from '../../../gateway/protocol/input.ts';
import { Observable } from '../observable.ts';
import { FrameStream } from './frame-stream.ts';
import type { FrameWay } from './frame-way.ts';
import type { InputSink } from './input-sink.ts';
import { areSame, NO_LEASES } from './leases.ts';
import type { Leases } from './leases.ts';
import { textPieces } from './text-pieces.ts';

/** What a sender needs around it. */
export interface SenderParts {
  /** Calls once before the next picture of the page, until the returned function is called. */
  readonly nextFrame: (call: () => void) => () => void;
  /** Names the moment of a frame that a picture shall show; null: not this one. */
  readonly mark: (atMs: number) => number | null;
}

/** A stream, and what of it no frame has said. */
interface Lane {
  readonly stream: FrameStream;
  pending: 'nothing' | 'motion' | 'held';
  /** When the oldest of it happened. */
  atMs: number;
  /** The last frame said motion alone, and its way may have lost it. */
  isUncertain: boolean;
}

/**
 * Makes frames of what a person does, while this page holds the devices for it. Keys and buttons go
 * at once, and motion before them in the same frame; motion goes at once after a rest, else once per
 * picture of the page and only its newest; what is held is said again every `HEARTBEAT_MS`.
 */
export class InputSender implements InputSink {
  /** What this page may use now. */
  readonly leases = new Observable<Leases>(NO_LEASES);
  readonly #parts: SenderParts;
  #way: FrameWay | null = null;
  #lanes: readonly Lane[] = [];
  #cancelFrame: (() => void) | null = null;
  #heartbeat: ReturnType<typeof setInterval> | undefined;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** Begins and ends epochs: what was held in one that is over is forgotten, and not said again. */
  setLeases(leases: Leases): void {
    if (areSame(leases, this.leases.value)) return;
    const epochs = new Set(DEVICES.flatMap((device) => leases[device] ?? []));
    this.#lanes = [...epochs].map((epoch) => {
      const devices = new Set(DEVICES.filter((device) => leases[device] === epoch));
      const known = this.#lanes.find(({ stream }) => stream.epoch === epoch);
      if (known === undefined) return createLane(epoch, devices);
      known.stream.devices = devices;
      return known;
    });
    this.#watchHeld();
    this.leases.set(leases);
  }

  /** Takes another way: what the host has not confirmed is said there again. Null: there is none. */
  useWay(way: FrameWay | null): void {
    this.#way = way;
    if (way === null) return;
    for (const lane of this.#lanes) {
      lane.stream.repeat();
      this.#say(lane, performance.now());
    }
  }

  /** The host has taken a frame. */
  confirm({ epoch, events }: InputApplied): void {
    this.#lanes.find(({ stream }) => stream.epoch === epoch)?.stream.confirm(events);
  }

  key(code: string, keysym: number, down: boolean, atMs: number): void {
    const lane = this.#laneOf('keyboard');
    if (lane?.stream.key(code, keysym, down) === true) this.#say(lane, atMs);
  }

  text(text: string, atMs: number): void {
    const lane = this.#laneOf('keyboard');
    if (lane === null) return;
    for (const piece of textPieces(text)) lane.stream.text(piece);
    if (lane.stream.hasUnsaid) this.#say(lane, atMs);
  }

  point(x: number, y: number, atMs: number): void {
    const lane = this.#laneOf('pointer');
    lane?.stream.point({ x: clamp(x), y: clamp(y) });
    this.#move(lane, 'motion', atMs);
  }

  travel(dx: number, dy: number, atMs: number): void {
    const lane = this.#laneOf('pointer');
    lane?.stream.travel(dx, dy);
    this.#move(lane, 'motion', atMs);
  }

  wheel(dx: number, dy: number, atMs: number): void {
    const lane = this.#laneOf('pointer');
    lane?.stream.wheel(dx, dy);
    this.#move(lane, 'motion', atMs);
  }

  button(button: number, down: boolean, atMs: number): void {
    const lane = this.#laneOf('pointer');
    if (lane?.stream.button(button, down) === true) this.#say(lane, atMs);
  }

  touches(touches: readonly Touch[], atMs: number): void {
    const lane = this.#laneOf('pointer');
    if (lane === null) return;
    if (lane.stream.touch(touches)) this.#say(lane, atMs);
    else this.#move(lane, 'held', atMs);
  }

  gamepads(gamepads: readonly Gamepad[], atMs: number): void {
    const lane = this.#laneOf('gamepad');
    if (lane?.stream.play(gamepads) === true) this.#say(lane, atMs);
  }

  release(): void {
    for (const lane of this.#lanes) {
      if (lane.stream.release()) this.#say(lane, performance.now());
    }
  }

  /** Lets go of everything and sends no more. Idempotent. */
  close(): void {
    this.release();
    this.setLeases(NO_LEASES);
    this.#cancelFrame?.();
    this.#cancelFrame = null;
  }

  #laneOf(device: Device): Lane | null {
    return this.#lanes.find(({ stream }) => stream.devices.has(device)) ?? null;
  }

  #move(lane: Lane | null, what: Lane['pending'], atMs: number): void {
    if (lane === null) return;
    if (lane.pending === 'nothing') lane.atMs = atMs;
    if (lane.pending !== 'held') lane.pending = what;
    if (this.#cancelFrame === null) this.#tick();
  }

  /** Says what moved, and comes again for what moves until the next picture of the page. */
  #tick(): void {
    let isMoving = false;
    for (const lane of this.#lanes) {
      const { pending } = lane;
      if (pending !== 'nothing') {
        isMoving = true;
        if (this.#way?.isClear === true) this.#sayMotion(lane, this.#way);
      } else if (lane.isUncertain) {
        this.#say(lane, performance.now());
      }
    }
    const again = () => {
      this.#cancelFrame = null;
      this.#tick();
    };
    this.#cancelFrame = isMoving ? this.#parts.nextFrame(again) : null;
  }

  #sayMotion(lane: Lane, way: FrameWay): void {
    if (lane.pending === 'held') {
      this.#say(lane, lane.atMs);
      return;
    }
    lane.pending = 'nothing';
    lane.isUncertain = way.losesMotion;
    // A mark that is overtaken or lost would be missing at the click that follows.
    const mark = way.losesMotion ? null : this.#parts.mark(lane.atMs);
    way.send(lane.stream.motion(lane.atMs, mark));
  }

  /** Says everything, in as many frames as its events need. */
  #say(lane: Lane, atMs: number): void {
    lane.pending = 'nothing';
    lane.isUncertain = false;
    this.#watchHeld();
    const way = this.#way;
    if (way === null) return;
    do way.send(lane.stream.whole(atMs, this.#parts.mark(atMs)));
    while (lane.stream.hasUnsaid);
  }

  #watchHeld(): void {
    const isHolding = this.#lanes.some(({ stream }) => stream.isHolding);
    if (isHolding === (this.#heartbeat !== undefined)) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = isHolding ? setInterval(() => this.#beat(), HEARTBEAT_MS) : undefined;
  }

  #beat(): void {
    for (const lane of this.#lanes) {
      if (lane.stream.isHolding) this.#say(lane, performance.now());
    }
  }
}

const createLane = (epoch: number, devices: ReadonlySet<Device>): Lane => ({
  stream: new FrameStream(epoch, devices),
  pending: 'nothing',
  atMs: 0,
  isUncertain: false,
});

const clamp = (share: number): number => Math.min(1, Math.max(0, share));
