import { closeSync, constants, openSync } from 'node:fs';
import type { Device } from '../../gateway/protocol/control.ts';
import type { Gamepad } from '../../gateway/protocol/input.ts';
import type { Injection } from '../input/injection.ts';
import type { Injector } from '../input/injector.ts';
import { plugIn, UINPUT, type KernelDevice } from './uinput-device.ts';
import { AT_REST, AXES, changesOf, KEY_CODES, XBOX_360 } from './xbox-360.ts';

interface Plugged {
  readonly device: KernelDevice;
  position: Omit<Gamepad, 'id'>;
}

export interface GamepadInjectorParts {
  readonly say: (line: string) => void;
  readonly isThere?: () => boolean;
  readonly plug?: () => KernelDevice;
}

/** Gamepads of this machine, one for each of the viewer's, plugged in when it is first used. */
export class GamepadInjector implements Injector {
  readonly ready = Promise.resolve();
  readonly devices: readonly Device[];
  readonly #parts: GamepadInjectorParts;
  readonly #pads = new Map<number, Plugged>();
  #failed = false;

  constructor(parts: GamepadInjectorParts) {
    this.#parts = parts;
    this.devices = (parts.isThere ?? canOpen)() ? ['gamepad'] : [];
  }

  inject(acts: readonly Injection[], done: () => void): void {
    for (const act of acts) if (act.type === 'gamepad') this.#move(act);
    done();
  }

  close(): Promise<void> {
    for (const { device } of this.#pads.values()) device.close();
    this.#pads.clear();
    return Promise.resolve();
  }

  #move({ id, ...position }: Gamepad): void {
    if (this.#failed) return;
    try {
      const pad = this.#pads.get(id) ?? this.#plug(id);
      const changes = changesOf(pad.position, position);
      pad.position = position;
      if (changes.length > 0) pad.device.write(changes);
    } catch (error) {
      this.#failed = true;
      this.#parts.say(`Gamepads do not work here: ${String(error)}`);
    }
  }

  #plug(id: number): Plugged {
    const plug =
      this.#parts.plug ?? (() => plugIn({ identity: XBOX_360, keys: KEY_CODES, axes: AXES }));
    const pad = { device: plug(), position: AT_REST };
    this.#pads.set(id, pad);
    return pad;
  }
}

function canOpen(): boolean {
  try {
    closeSync(openSync(UINPUT, constants.O_WRONLY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}
