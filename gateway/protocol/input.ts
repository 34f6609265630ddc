import { z } from 'zod';

/** Pressed keys of one person; more cannot be meant. */
const MAX_KEYS = 32;
const MAX_TOUCHES = 10;
const MAX_EVENTS = 64;
/** Totals of relative motion grow within an epoch; 2^31 pixels is weeks of it. */
const total = z
  .number()
  .min(-(2 ** 31))
  .max(2 ** 31);
const share = z.number().min(0).max(1);

/** A physical key as `KeyboardEvent.code` names it: the same place on every layout. */
export const KeyCode = z.string().regex(/^[A-Za-z0-9]{1,32}$/);
/** What the key means to its sender: an X11 keysym, 0 when it has none. */
export const Keysym = z.int().min(0).max(0x1fff_ffff);

export const HeldKey = z.strictObject({ code: KeyCode, keysym: Keysym });
export type HeldKey = z.infer<typeof HeldKey>;

/** A finger; `id` is the sender's, x and y are shares of the picture. */
export const Touch = z.strictObject({ id: z.int().min(0).max(0xffff), x: share, y: share });
export type Touch = z.infer<typeof Touch>;

/** A gamepad as it stands, in the standard mapping: bit n of `buttons` is button n. */
export const Gamepad = z.strictObject({
  id: z.int().min(0).max(3),
  buttons: z.int().min(0).max(0x1_ffff),
  /** Analogue triggers (buttons 6 and 7), 0 to 1. */
  triggers: z.tuple([share, share]),
  /** Left x, y, right x, y; right and down positive. */
  axes: z.array(z.number().min(-1).max(1)).length(4),
});
export type Gamepad = z.infer<typeof Gamepad>;

/** Everything that a person holds down at one moment. */
export const HeldSet = z.strictObject({
  keys: z.array(HeldKey).max(MAX_KEYS),
  /** Bits as in `MouseEvent.buttons`: 1 left, 2 right, 4 middle, 8 back, 16 forward. */
  buttons: z.int().min(0).max(31),
  touches: z.array(Touch).max(MAX_TOUCHES),
  /** Those that are plugged in; one that is absent is at rest. */
  gamepads: z.array(Gamepad).max(4),
});
export type HeldSet = z.infer<typeof HeldSet>;

/** What happened since the frame before, in order: the held set alone forgets a quick tap. */
export const InputEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('key'),
    code: KeyCode,
    keysym: Keysym,
    down: z.boolean(),
  }),
  z.strictObject({ type: z.literal('button'), button: z.int().min(0).max(4), down: z.boolean() }),
  /** Composed text, of an IME, a dead key or a phone's keyboard. */
  z.strictObject({ type: z.literal('text'), text: z.string().min(1).max(256) }),
]);
export type InputEvent = z.infer<typeof InputEvent>;

const point = z.strictObject({ x: share, y: share });
const totals = z.strictObject({ x: total, y: total });
/** Counts within an epoch. */
const count = z.int().min(0).max(0xffff_ffff);

/**
 * Input of the one who controls devices of a host; it speaks of the devices of its epoch alone.
 * Motion and wheel are where they stand, not what they did, so that the newest frame makes up for
 * all that were lost before it. A frame with `held` goes a reliable way and in order; one without
 * is motion alone, may come by another way, late or never, and may overtake.
 */
export const InputFrame = z.strictObject({
  type: z.literal('input/frame'),
  /** Of the lease; a device of another epoch ignores the frame. */
  epoch: z.int().min(0),
  /** Grows with each frame of an epoch, by whatever way it goes. */
  sequence: count,
  /** The sender's clock, ms; comes back in `input/applied`. */
  at: z.number(),
  /** Names this moment in pictures that show it. */
  mark: z.int().min(0).max(0xffff).exactOptional(),
  /** Where the pointer is, as shares of the picture; absent while it is locked. */
  pointer: point.exactOptional(),
  /** Pixels of the host that a locked pointer went in this epoch, in all. */
  travel: totals.exactOptional(),
  /** Notches that the wheel turned in this epoch, in all, with fractions; right and down count up. */
  wheel: totals.exactOptional(),
  held: HeldSet.exactOptional(),
  /** How many events of this epoch were before these: events that came already are not taken twice. */
  eventsBefore: count,
  /** None without `held`. */
  events: z.array(InputEvent).max(MAX_EVENTS),
});
export type InputFrame = z.infer<typeof InputFrame>;

/** The newest frame that the host applied; at most 60 a second. Host to the one who sent it. */
export const InputApplied = z.object({
  type: z.literal('input/applied'),
  epoch: z.int().min(0),
  sequence: count,
  /** `at` of that frame. */
  at: z.number(),
  /** Events of this epoch that were taken or made good, in all. */
  events: count,
  /** From its arrival at the host until the machine had it, microseconds. */
  tookUs: z.number().min(0).max(60_000_000),
});
export type InputApplied = z.infer<typeof InputApplied>;

/**
 * The first picture that was captured after a marked frame was applied, in each mode that the host
 * publishes in: by WebRTC with `rtpTimestamp`, by `/ws/media` with `capturedAtUs`. Host to who controls.
 */
export const InputPictured = z.object({
  type: z.literal('input/pictured'),
  mark: z.int().min(0).max(0xffff),
  /**
   * Of the picture's packets as they left the host; `requestVideoFrameCallback` tells a viewer's.
   * Servers may give each viewer timestamps of its own, as SRS does: then no presented picture has
   * one near this, and the two cannot be compared.
   */
  rtpTimestamp: z.int().min(0).max(0xffff_ffff).exactOptional(),
  /** Of the picture's stripes: the first one painted that was captured then or later shows the input. */
  capturedAtUs: z.int().min(0).exactOptional(),
});
export type InputPictured = z.infer<typeof InputPictured>;

/** A frame had no effect; at most once a second. Gateway to who sent it. */
export const InputRefused = z.object({
  type: z.literal('input/refused'),
  /** `stale`: of an epoch that is over; `not-holder`: of devices that this viewer has not. */
  why: z.enum(['stale', 'not-holder', 'no-host', 'too-many']),
  sentence: z.string().max(200),
});
export type InputRefused = z.infer<typeof InputRefused>;
