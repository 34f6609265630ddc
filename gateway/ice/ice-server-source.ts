import type { IceServer } from '../protocol/ice.ts';

/** Where STUN and TURN servers come from. What it gives may change; nobody waits for it. */
export interface IceServerSource {
  current(): readonly IceServer[];
}
