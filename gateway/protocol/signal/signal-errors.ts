import { z } from 'zod';

/** Why a message was not taken. The socket stays, unless a close frame follows. */
export const SignalErrorCode = z.enum([
  /** No JSON, or none of a known shape; after ten of them the socket is closed, 1008. */
  'malformed',
  /** `register` comes first. */
  'not-registered',
  'already-registered',
  /** The source has a sender, or a host. Come again later. */
  'taken',
  /** Too many peers. Come again later. */
  'capacity',
  /** The token is missing or not good; closed 4401. */
  'unauthenticated',
  /** The token does not allow this role there; closed 4403. */
  'forbidden',
  /** This role may not send that. */
  'wrong-role',
  /** There is no such counterpart here. */
  'unknown-peer',
  /** `to` is missing, and there is not exactly one counterpart. */
  'peer-unclear',
  /** The control session is not known, or somebody else's. */
  'unknown-control',
  /** The counterpart's gateway cannot be reached now. */
  'unreachable',
]);
export type SignalErrorCode = z.infer<typeof SignalErrorCode>;
