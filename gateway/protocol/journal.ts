import { z } from 'zod';
import { LeaseBegin, LeaseEnd } from './control-record.ts';
import { Device, ViewerId } from './control.ts';
import { SourceId } from './ids.ts';
import { KeyCode, Keysym, Touch } from './input.ts';

/** How much of input a journal holds: nothing, all but which keys and what text, or all. */
export const JournalDetail = z.enum(['off', 'redacted', 'full']);
export type JournalDetail = z.infer<typeof JournalDetail>;

const moment = {
  /** Milliseconds since the recording began; entries stand in this order. */
  at: z.number().min(0),
  source: SourceId,
};
const shift = z.object({ x: z.number(), y: z.number() });

/** What was pressed, let go or typed; which key and what text in a full journal alone. */
export const JournalEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('key'),
    down: z.boolean(),
    code: KeyCode.exactOptional(),
    keysym: Keysym.exactOptional(),
  }),
  z.object({ type: z.literal('button'), button: z.int(), down: z.boolean() }),
  z.object({ type: z.literal('text'), text: z.string().exactOptional() }),
]);
export type JournalEvent = z.infer<typeof JournalEvent>;

/** Input that was let through to the host. */
export const JournalInput = z.object({
  type: z.literal('input'),
  ...moment,
  viewer: ViewerId,
  /** Shares of the picture; absent while the pointer is locked or does not speak. */
  pointer: z.object({ x: z.number(), y: z.number() }).exactOptional(),
  /** Pixels that a locked pointer went, and notches that the wheel turned, since the entry before. */
  travel: shift.exactOptional(),
  wheel: shift.exactOptional(),
  /** Held after it, as bits of `MouseEvent.buttons`; absent: none. */
  buttons: z.int().exactOptional(),
  touches: z.array(Touch).exactOptional(),
  /** How many keys are held after it; absent: none. */
  keys: z.int().exactOptional(),
  /** How many gamepads are in use; absent: none. */
  gamepads: z.int().exactOptional(),
  events: z.array(JournalEvent).exactOptional(),
});
export type JournalInput = z.infer<typeof JournalInput>;

/** Somebody began or ceased to control. */
export const JournalControl = z.object({
  type: z.literal('control'),
  ...moment,
  /** `holds`: it did so when the recording began. */
  change: z.union([LeaseBegin, LeaseEnd, z.literal('holds')]),
  viewer: ViewerId,
  name: z.string(),
  subject: z.string(),
  devices: z.array(Device),
});
export type JournalControl = z.infer<typeof JournalControl>;

/** So many entries before this are lost: the disk was full, or slower than input. */
export const JournalGap = z.object({
  type: z.literal('gap'),
  at: z.number().min(0),
  lost: z.int().min(1),
});

/** A line of a recording's input journal. */
export const JournalEntry = z.discriminatedUnion('type', [
  JournalInput,
  JournalControl,
  JournalGap,
]);
export type JournalEntry = z.infer<typeof JournalEntry>;
