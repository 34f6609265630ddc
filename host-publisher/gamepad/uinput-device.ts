import { closeSync, openSync, writeSync, constants } from 'node:fs';
import { loadKoffi } from '../koffi.ts';
import {
  encodeAxis,
  encodeEvents,
  encodeSetup,
  EV_ABS,
  EV_KEY,
  UI_ABS_SETUP,
  UI_DEV_CREATE,
  UI_DEV_DESTROY,
  UI_DEV_SETUP,
  UI_SET_ABSBIT,
  UI_SET_EVBIT,
  UI_SET_KEYBIT,
  type Axis,
  type EvdevEvent,
  type Identity,
} from './uinput.ts';

export const UINPUT = '/dev/uinput';

export interface DeviceParts {
  readonly identity: Identity;
  readonly keys: readonly number[];
  readonly axes: readonly Axis[];
}

/** An input device of this machine that the kernel shows to all its programs. */
export interface KernelDevice {
  write(events: readonly EvdevEvent[]): void;
  close(): void;
}

/** Plugs a device in; fails where `/dev/uinput` cannot be opened, or refuses. */
export function plugIn({ identity, keys, axes }: DeviceParts): KernelDevice {
  const libc = loadKoffi().load('libc.so.6');
  const withNumber = libc.func('int ioctl(int, unsigned long, long)');
  const withBytes = libc.func('int ioctl(int, unsigned long, void *)');
  const file = openSync(UINPUT, constants.O_WRONLY | constants.O_NONBLOCK);
  const ask = (request: number, value: number | Buffer): void => {
    const call = typeof value === 'number' ? withNumber : withBytes;
    if ((call(file, request, value) as number) < 0) throw new Error(`${UINPUT} refuses.`);
  };
  try {
    for (const type of [EV_KEY, EV_ABS]) ask(UI_SET_EVBIT, type);
    for (const key of keys) ask(UI_SET_KEYBIT, key);
    for (const axis of axes) {
      ask(UI_SET_ABSBIT, axis.code);
      ask(UI_ABS_SETUP, encodeAxis(axis));
    }
    ask(UI_DEV_SETUP, encodeSetup(identity));
    ask(UI_DEV_CREATE, 0);
  } catch (error) {
    closeSync(file);
    throw error;
  }
  return {
    write: (events) => void writeSync(file, encodeEvents(events)),
    close: () => {
      withNumber(file, UI_DEV_DESTROY, 0);
      closeSync(file);
    },
  };
}
