import type { Device } from '../../gateway/protocol/control.ts';
import type { Injection } from './injection.ts';

/** Applies acts to one machine, in their order. Port of a display, the cube, a gamepad. */
export interface Injector {
  /** Resolves when `devices` is known; never fails. */
  readonly ready: Promise<void>;
  /** What it takes input on; empty when it can do nothing here. */
  readonly devices: readonly Device[];
  /**
   * Applies acts of its devices; `done` is called once the machine has had them all. It throws
   * nothing: acts upon a machine that is away are lost, and `onReset` of its options tells when one
   * is there on which nothing is down.
   */
  inject(acts: readonly Injection[], done: () => void): void;
  /** Somebody has these devices from now on; empty: nobody has any. */
  held?(devices: readonly Device[]): void;
  /** A publication has begun or ended: what it paints by itself is there or away. */
  live?(isLive: boolean): void;
  /** Resolves when everything that was injected has reached the machine. */
  close(): Promise<void>;
}
