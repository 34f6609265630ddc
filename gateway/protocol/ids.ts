import { z } from 'zod';

/** 1 to 64 of `[A-Za-z0-9_-]`: the only names that SRS neither cuts, splits nor decodes. */
const name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/** One shared event: the key of everything. Spoken to SRS as `app`. */
export const RoomId = name.brand<'RoomId'>();
export type RoomId = z.infer<typeof RoomId>;

/** One published medium of a room (`main`, `screen`, `camera`, `host`). Spoken to SRS as `stream`. */
export const SourceId = name.brand<'SourceId'>();
export type SourceId = z.infer<typeof SourceId>;

/** The source meant when an endpoint names none. */
export const DEFAULT_SOURCE = SourceId.parse('main');

/** Shown in logs, the API and the admin page; gives no rights. */
export const SessionId = z.string().min(1).brand<'SessionId'>();
export type SessionId = z.infer<typeof SessionId>;

/**
 * Last segment of a session URL: whoever holds it may end the session. Never logged. Of several
 * gateways it has its room in it: 32 characters, those of the room, a seal of 16, and two dots.
 */
export const SessionSecret = z.string().min(1).max(128).brand<'SessionSecret'>();
export type SessionSecret = z.infer<typeof SessionSecret>;
