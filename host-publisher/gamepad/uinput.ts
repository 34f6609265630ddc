/** Numbers and layouts of Linux's uinput, of `linux/uinput.h` on 64-bit machines. */
export const UI_SET_EVBIT = 0x4004_5564;
export const UI_SET_KEYBIT = 0x4004_5565;
export const UI_SET_ABSBIT = 0x4004_5567;
export const UI_DEV_SETUP = 0x405c_5503;
export const UI_ABS_SETUP = 0x401c_5504;
export const UI_DEV_CREATE = 0x5501;
export const UI_DEV_DESTROY = 0x5502;

export const EV_SYN = 0;
export const EV_KEY = 1;
export const EV_ABS = 3;

const NAME_BYTES = 80;
export const EVENT_BYTES = 24;

/** One change of a device. */
export interface EvdevEvent {
  readonly type: number;
  readonly code: number;
  readonly value: number;
}

/** `struct input_event` for each, and SYN_REPORT behind them; the kernel puts the time in. */
export function encodeEvents(events: readonly EvdevEvent[]): Buffer {
  const all = [...events, { type: EV_SYN, code: 0, value: 0 }];
  const bytes = Buffer.alloc(all.length * EVENT_BYTES);
  for (const [index, { type, code, value }] of all.entries()) {
    const at = index * EVENT_BYTES + 16;
    bytes.writeUInt16LE(type, at);
    bytes.writeUInt16LE(code, at + 2);
    bytes.writeInt32LE(value, at + 4);
  }
  return bytes;
}

export interface Identity {
  readonly bus: number;
  readonly vendor: number;
  readonly product: number;
  readonly version: number;
  readonly name: string;
}

/** `struct uinput_setup` */
export function encodeSetup({ bus, vendor, product, version, name }: Identity): Buffer {
  const bytes = Buffer.alloc(8 + NAME_BYTES + 4);
  for (const [index, value] of [bus, vendor, product, version].entries()) {
    bytes.writeUInt16LE(value, 2 * index);
  }
  bytes.write(name, 8, NAME_BYTES - 1, 'ascii');
  return bytes;
}

export interface Axis {
  readonly code: number;
  readonly least: number;
  readonly most: number;
  readonly fuzz: number;
  readonly flat: number;
}

/** `struct uinput_abs_setup` */
export function encodeAxis({ code, least, most, fuzz, flat }: Axis): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt16LE(code, 0);
  for (const [index, value] of [0, least, most, fuzz, flat, 0].entries()) {
    bytes.writeInt32LE(value, 4 + 4 * index);
  }
  return bytes;
}
