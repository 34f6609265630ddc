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

export const HeldKey = z.object({ code: KeyCode, keysym: Keysym });
export type HeldKey = z.infer<typeof HeldKey>;

/** A finger; `id` is the sender's, x and y are shares of the picture. */
export const Touch = z.object({ id: z.int().min(0).max(0xffff), x: share, y: share });
export type Touch = z.infer<typeof Touch>;

/** Everything that a person holds down at one moment. */
export const HeldSet = z.object({
  keys: z.array(HeldKey).max(MAX_KEYS),
  /** Bits as in `MouseEvent.buttons`: 1 left, 2 right, 4 middle, 8 back, 16 forward. */
  buttons: z.int().min(0).max(31),
  touches: z.array(Touch).max(MAX_TOUCHES),
});
export type HeldSet = z.infer<typeof HeldSet>;

/** What happened since the frame before, in order: the held set alone forgets a quick tap. */
export const InputEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('key'),
    code: KeyCode,
    keysym: Keysym,
    down: z.boolean(),
  }),
  z.object({ type: z.literal('button'), button: z.int().min(0).max(4), down: z.boolean() }),
  /** Composed text, of an IME or a phone's keyboard. */
  z.object({ type: z.literal('text'), text: z.string().min(1).max(256) }),
]);
export type InputEvent = z.infer<typeof InputEvent>;

/**
 * Input of the one who controls a host. Motion and wheel are where they stand, not what they did, so
 * that the newest frame makes up for all that were lost before it.
 */
export const InputFrame = z.object({
  type: z.literal('input/frame'),
  /** Of the lease; a frame of another epoch is dropped. */
  epoch: z.int().min(0),
  /** Grows by one with each frame of an epoch. */
  sequence: z.int().min(0),
  /** The sender's clock, ms. */
  at: z.number(),
  /** Names this moment in pictures that show it. */
  mark: z.int().min(0).max(0xffff).exactOptional(),
  /** Where the pointer is, as shares of the picture; absent while it is locked. */
  pointer: z.object({ x: share, y: share }).exactOptional(),
  /** Pixels that a locked pointer went in this epoch, in all. */
  travel: z.object({ x: total, y: total }).exactOptional(),
  /** Notches that the wheel turned in this epoch, in all; right and down count up. */
  wheel: z.object({ x: total, y: total }).exactOptional(),
  held: HeldSet,
  events: z.array(InputEvent).max(MAX_EVENTS),
});
export type InputFrame = z.infer<typeof InputFrame>;

/** A sender that holds something sends at least so often, though nothing changes. */
export const HEARTBEAT_MS = 100;
/** A host that hears nothing for so long lets go of what was held. */
export const SILENCE_MS = 350;
