import type { ControlLeases, Device } from '../../gateway/protocol/control.ts';
import { DEVICES, SILENCE_MS } from '../../gateway/protocol/control-terms.ts';
import type { HeldSet, InputEvent, InputFrame } from '../../gateway/protocol/input.ts';
import { FrameOrder } from './frame-order.ts';
import { HeldGamepads } from './held-gamepads.ts';
import { HeldKeys } from './held-keys.ts';
import { HeldPointer } from './held-pointer.ts';
import type { Injection } from './injection.ts';

type Leases = ControlLeases['leases'];
const NOBODY: Leases = { pointer: null, keyboard: null, gamepad: null };
const NOTHING: HeldSet = { keys: [], buttons: 0, touches: [], gamepads: [] };

/**
 * Turns frames into acts and knows what is held down. Frames may be lost, doubled, reordered or of
 * somebody whose time is over: after each one that counts, exactly its held set is down on the
 * devices of its epoch.
 */
export class HeldInput {
  #leases: Leases = NOBODY;
  /** The newest epoch that each device had of this gateway. */
  #newest: Leases = NOBODY;
  readonly #orders = new Map<number, FrameOrder>();
  readonly #keys = new HeldKeys();
  readonly #pointer = new HeldPointer();
  readonly #gamepads = new HeldGamepads();

  /** Whether anything is held down. */
  get isHolding(): boolean {
    return DEVICES.some((device) => this.#holds(device));
  }

  /** Devices that somebody has. */
  get leased(): readonly Device[] {
    return DEVICES.filter((device) => this.#leases[device] !== null);
  }

  /** Events of an epoch that were taken or made good, in all. */
  eventsOf(epoch: number): number {
    return this.#orders.get(epoch)?.events ?? 0;
  }

  /** Lets go of what changed hands. An epoch that is older than one before it is nobody's. */
  lease(wanted: Leases): readonly Injection[] {
    const acts: Injection[] = [];
    for (const device of DEVICES) {
      const newest = this.#newest[device];
      const isOld = newest !== null && (wanted[device] ?? newest) < newest;
      const epoch = isOld ? null : wanted[device];
      if (epoch === this.#leases[device]) continue;
      acts.push(...this.#release(device));
      this.#leases = { ...this.#leases, [device]: epoch };
      if (epoch === null || epoch === newest) continue;
      this.#newest = { ...this.#newest, [device]: epoch };
      if (device === 'pointer') this.#pointer.begin();
    }
    const kept = new Set(Object.values(this.#newest));
    for (const epoch of this.#orders.keys()) if (!kept.has(epoch)) this.#orders.delete(epoch);
    return acts;
  }

  /** The acts of a frame; null of one that counts for no device, or says nothing new. */
  take(frame: InputFrame, nowMs: number): readonly Injection[] | null {
    const devices = this.#devicesOf(frame.epoch);
    if (devices.size === 0) return null;
    const order = this.#orders.get(frame.epoch) ?? new FrameOrder();
    this.#orders.set(frame.epoch, order);
    const turn = order.take(frame, nowMs);
    if (turn === null) return null;
    const acts = turn.events.flatMap((event) => this.#happen(event, devices));
    if (frame.held !== undefined) acts.push(...this.#settle(frame.held, devices));
    if (!devices.has('pointer')) return acts;
    return turn.isNewest ? [...this.#pointer.move(frame), ...acts] : this.#late(frame, acts);
  }

  /** Lets go of what is held by somebody who was not heard for too long. */
  check(nowMs: number): readonly Injection[] {
    return DEVICES.filter((device) => this.#isSilent(device, nowMs)).flatMap((device) =>
      this.#release(device),
    );
  }

  /** Nobody has anything, and any epoch may come: the gateway is gone. */
  disconnect(): readonly Injection[] {
    const acts = this.lease(NOBODY);
    this.#newest = NOBODY;
    this.#orders.clear();
    return acts;
  }

  /** The machine is another one: nothing is down there. The next frame presses again what is held. */
  forget(): void {
    for (const held of [this.#pointer, this.#keys, this.#gamepads]) held.forget();
  }

  /** A click that was overtaken by later motion happens where it was made. */
  #late({ pointer }: InputFrame, acts: readonly Injection[]): readonly Injection[] {
    const { known } = this.#pointer;
    if (acts.length === 0 || pointer === undefined || known === null) return acts;
    return [...this.#pointer.place(pointer), ...acts, ...this.#pointer.place(known)];
  }

  #happen(event: InputEvent, devices: ReadonlySet<Device>): readonly Injection[] {
    switch (event.type) {
      case 'key':
        return devices.has('keyboard') ? this.#keys.press(event, event.down) : [];
      case 'text':
        return devices.has('keyboard') ? [event] : [];
      case 'button':
        return devices.has('pointer') ? this.#pointer.press(event.button, event.down) : [];
      default:
        return event satisfies never;
    }
  }

  #settle(held: HeldSet, devices: ReadonlySet<Device>): readonly Injection[] {
    return [...devices].flatMap((device) => {
      if (device === 'keyboard') return this.#keys.settle(held.keys);
      if (device === 'gamepad') return this.#gamepads.settle(held.gamepads);
      return this.#pointer.settle(held.buttons, held.touches);
    });
  }

  #release(device: Device): readonly Injection[] {
    return this.#settle(NOTHING, new Set([device]));
  }

  #devicesOf(epoch: number): ReadonlySet<Device> {
    return new Set(DEVICES.filter((device) => this.#leases[device] === epoch));
  }

  #holds(device: Device): boolean {
    if (device === 'keyboard') return this.#keys.isHolding;
    return device === 'pointer' ? this.#pointer.isHolding : this.#gamepads.isHolding;
  }

  #isSilent(device: Device, nowMs: number): boolean {
    const epoch = this.#leases[device];
    if (epoch === null || !this.#holds(device)) return false;
    return nowMs - (this.#orders.get(epoch)?.heardAtMs ?? -Infinity) >= SILENCE_MS;
  }
}
