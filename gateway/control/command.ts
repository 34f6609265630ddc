import type { ControlPolicy, ControlRefusal, Device, Rank } from '../protocol/control.ts';
import type { ControlState, ViewerKey } from './state.ts';

/** Who acts: a viewer, or null, an administrator who is not there and may do what owners may. */
export type Actor = ViewerKey | null;

/** Everything that can happen to the control of a host. `by` acts, `to` is acted upon. */
export type ControlCommand =
  /** On a new socket, whether the one before is known to be lost or not. */
  | { readonly type: 'join'; readonly by: ViewerKey; readonly rank: Rank }
  /** The socket is lost; whoever leaves by intent has released before. */
  | { readonly type: 'leave'; readonly by: ViewerKey }
  | { readonly type: 'revoke'; readonly to: ViewerKey; readonly why: 'left' | 'revoked' }
  | { readonly type: 'request'; readonly by: ViewerKey; readonly devices: readonly Device[] }
  | { readonly type: 'cancel'; readonly by: ViewerKey }
  | { readonly type: 'release'; readonly by: ViewerKey }
  | { readonly type: 'take'; readonly by: ViewerKey; readonly devices: readonly Device[] }
  | { readonly type: 'give'; readonly by: Actor; readonly to: ViewerKey }
  | { readonly type: 'deny'; readonly by: Actor; readonly to: ViewerKey }
  /** An administrator ends what a viewer holds. */
  | { readonly type: 'withdraw'; readonly to: ViewerKey }
  | { readonly type: 'raise-hand'; readonly by: ViewerKey }
  | { readonly type: 'lower-hand'; readonly by: ViewerKey; readonly to: ViewerKey }
  | { readonly type: 'set-policy'; readonly by: Actor; readonly policy: ControlPolicy }
  /** Input was taken. */
  | { readonly type: 'used'; readonly by: ViewerKey }
  | { readonly type: 'host-restarted' }
  | { readonly type: 'tick' };

/** What came of a command: granted, put into the queue, done, or refused. */
export type ControlAnswer =
  | { readonly kind: 'granted' | 'done' }
  | { readonly kind: 'queued'; readonly place: number }
  | { readonly kind: 'refused'; readonly why: ControlRefusal };

/** The state afterwards, and whose held inputs the host must release before anything of it counts. */
export interface Verdict {
  readonly state: ControlState;
  readonly answer: ControlAnswer;
  /** Devices that changed hands, lost their holder or its socket. */
  readonly release: readonly Device[];
}
