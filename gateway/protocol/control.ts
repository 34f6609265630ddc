import { z } from 'zod';
import { DEVICES } from './control-terms.ts';

/** One of `DEVICES`. */
export const Device = z.enum(DEVICES);
export type Device = z.infer<typeof Device>;

/**
 * Names a viewer to the others of its room, across its sockets. It gives no right: who has the
 * secret of `control/welcome` may come back as this viewer.
 */
export const ViewerId = z
  .string()
  .regex(/^[a-z2-7]{10}$/)
  .brand<'ViewerId'>();
export type ViewerId = z.infer<typeof ViewerId>;

/** What a viewer brings along to have its control back after its socket was lost. */
export const ResumeSecret = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

/** Watch only; ask for control; decide about it in one room; decide everywhere. */
export const Rank = z.enum(['watcher', 'viewer', 'owner', 'admin']);
export type Rank = z.infer<typeof Rank>;

const days = z
  .int()
  .min(0)
  .max(7 * 24 * 3_600_000);
const direction = z.enum(['off', 'text', 'all']);

/** Who may hold control of a host, for how long, and what it may carry. Times in milliseconds. */
export const ControlPolicy = z.strictObject({
  /** `open`: whoever has the right `control`; `locked`: owners and admins; `view-only`: nobody. */
  mode: z.enum(['open', 'locked', 'view-only']),
  /** Viewers hold control only while an owner or admin is present. */
  ownerPresent: z.boolean(),
  /** Pointer, keyboard and gamepad may be held by different viewers. */
  split: z.boolean(),
  /** How long one holds it while others wait; null: as long as they like. */
  slotMs: days.nullable(),
  /** After so long without input it goes to whoever waits; null: never. */
  idleMs: days.nullable(),
  /** How long it is kept for a holder whose socket is lost; what was held is released at once. */
  graceMs: z.int().min(0).max(60_000),
  /** How long a viewer that was denied cannot ask again. */
  denyMs: z.int().min(0).max(3_600_000),
  /** Viewers that may wait. */
  maxQueue: z.int().min(0).max(1_000),
  /** What of the clipboard goes from the one who controls to the host, and back: nothing, text, or images too. */
  clipboardToHost: direction,
  clipboardFromHost: direction,
});
export type ControlPolicy = z.infer<typeof ControlPolicy>;

/** A change of the policy; what is absent stays. */
const rules = ControlPolicy.shape;
export const ControlPolicyChange = z.strictObject({
  mode: rules.mode.exactOptional(),
  ownerPresent: rules.ownerPresent.exactOptional(),
  split: rules.split.exactOptional(),
  slotMs: rules.slotMs.exactOptional(),
  idleMs: rules.idleMs.exactOptional(),
  graceMs: rules.graceMs.exactOptional(),
  denyMs: rules.denyMs.exactOptional(),
  maxQueue: rules.maxQueue.exactOptional(),
  clipboardToHost: rules.clipboardToHost.exactOptional(),
  clipboardFromHost: rules.clipboardFromHost.exactOptional(),
});
export type ControlPolicyChange = z.infer<typeof ControlPolicyChange>;

/** Names a wish in its answer. */
const id = z.string().min(1).max(32);
const devices = z
  .array(Device)
  .min(1)
  .max(DEVICES.length)
  .default([...DEVICES]);
const to = ViewerId;

/** What somebody wants about control. Without `devices`: all of them. */
export const ControlWish = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('control/request'), id, devices }),
  /** Out of the queue. */
  z.strictObject({ type: z.literal('control/cancel'), id }),
  z.strictObject({ type: z.literal('control/release'), id }),
  /** Owners and admins, at once, whoever has it. */
  z.strictObject({ type: z.literal('control/take'), id, devices }),
  z.strictObject({ type: z.literal('control/give'), id, to }),
  z.strictObject({ type: z.literal('control/deny'), id, to }),
  z.strictObject({ type: z.literal('control/raise-hand'), id }),
  /** Another's: owners and admins. */
  z.strictObject({ type: z.literal('control/lower-hand'), id, to: to.exactOptional() }),
  z.strictObject({ type: z.literal('control/policy'), id, policy: ControlPolicyChange }),
]);
export type ControlWish = z.infer<typeof ControlWish>;

/** Why a wish is not granted. */
export const ControlRefusal = z.enum([
  'no-host',
  'not-present',
  'no-right',
  'view-only',
  'locked',
  'no-owner',
  'not-holder',
  'target-absent',
  'target-no-right',
  'denied',
  'queue-full',
  'not-waiting',
  'too-many',
]);
export type ControlRefusal = z.infer<typeof ControlRefusal>;

/** What came of a wish. */
export const ControlAnswer = z.object({
  type: z.literal('control/answer'),
  id,
  result: z.enum(['granted', 'queued', 'done', 'refused']),
  /** In the queue, from 1. */
  place: z.int().min(1).exactOptional(),
  why: ControlRefusal.exactOptional(),
  /** For people, where refused. */
  sentence: z.string().max(200).exactOptional(),
});
export type ControlAnswer = z.infer<typeof ControlAnswer>;

/**
 * This viewer's control, or its wait for it, ended otherwise than by its own wish. Goes before the
 * state that shows it.
 */
export const ControlEnded = z.object({
  type: z.literal('control/ended'),
  /** `taken`: an owner took it or gave it to another. */
  why: z.enum([
    ...(['taken', 'denied', 'slot', 'idle'] as const),
    ...(['locked', 'view-only', 'no-owner', 'no-right', 'no-host'] as const),
  ]),
  /** Name of who took or denied. */
  by: z.string().exactOptional(),
});
export type ControlEnded = z.infer<typeof ControlEnded>;

/** Whom a viewer is to the others; sent once per socket and source, and when its right changes. */
export const ControlWelcome = z.object({
  type: z.literal('control/welcome'),
  viewer: ViewerId,
  name: z.string(),
  rank: Rank,
  resume: ResumeSecret,
});
export type ControlWelcome = z.infer<typeof ControlWelcome>;

const Person = z.object({ viewer: ViewerId, name: z.string() });
export const Holder = Person.extend({
  /** What frames of this holder carry for this device. */
  epoch: z.int().min(0),
  /** How long it has had it, when this was sent. */
  heldMs: z.number(),
  /** How long it may keep it yet; null: no end is known. */
  leftMs: z.number().nullable(),
  /** Its socket is lost; it may come back. */
  absent: z.boolean(),
});
export type Holder = z.infer<typeof Holder>;

/** At most so many of a queue or of hands are told by name. */
export const NAMED_IN_STATE = 20;

/** Who controls the host of the watched source and who waits; to all, on each change. */
export const ControlState = z.object({
  type: z.literal('control/state'),
  /** What the host takes input on; empty: nothing there can be controlled. */
  devices: z.array(Device),
  holders: z.object({
    pointer: Holder.nullable(),
    keyboard: Holder.nullable(),
    gamepad: Holder.nullable(),
  }),
  queue: z.array(Person.extend({ devices: z.array(Device) })).max(NAMED_IN_STATE),
  queueLength: z.int(),
  hands: z.array(Person).max(NAMED_IN_STATE),
  handsLength: z.int(),
  policy: ControlPolicy,
});
export type ControlState = z.infer<typeof ControlState>;

/** Host: which epoch each device is held in, null: by nobody. Whatever changed is let go. */
export const ControlLeases = z.object({
  type: z.literal('control/leases'),
  leases: z.object({
    pointer: z.int().min(0).nullable(),
    keyboard: z.int().min(0).nullable(),
    gamepad: z.int().min(0).nullable(),
  }),
  /** Who holds each: input by a way that does not lead through the gateway is taken from that viewer alone. */
  holders: z
    .object({
      pointer: ViewerId.nullable(),
      keyboard: ViewerId.nullable(),
      gamepad: ViewerId.nullable(),
    })
    .exactOptional(),
});
export type ControlLeases = z.infer<typeof ControlLeases>;
