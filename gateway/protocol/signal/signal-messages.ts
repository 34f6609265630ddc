import { z } from 'zod';
import { ResumeSecret } from '../control.ts';
import { DEFAULT_SOURCE, RoomId, SourceId } from '../ids.ts';
import { CandidateInit, MinimalCandidate, Sdp } from './description.ts';
import { PeerId, PeerName, PeerResume, PeerRole } from './peer.ts';

/** For whom; may be left out while there is exactly one counterpart. */
const to = PeerId.exactOptional();

/** Peer to gateway. Unknown members are ignored. */
export const SignalMessage = z.discriminatedUnion('type', [
  /** The first message, within 5 s. May be sent again after `error` `taken` or `capacity`. */
  z.object({
    type: z.literal('register'),
    room: RoomId,
    role: PeerRole,
    source: SourceId.default(DEFAULT_SOURCE),
    /** Where it did not come with the request. */
    token: z.string().min(1).max(4_096).exactOptional(),
    /** Of the last `registered`; only by who still has the peer connections of then. */
    resume: PeerResume.exactOptional(),
    name: PeerName.exactOptional(),
    /** Clients: `resume` of `control/welcome`, which proves whose control session is theirs. */
    control: ResumeSecret.exactOptional(),
  }),
  /** Senders and clients alone. */
  z.object({ type: z.literal('offer'), sdp: Sdp, to }),
  /** Receivers and hosts alone. */
  z.object({ type: z.literal('answer'), sdp: Sdp, to }),
  /** Receivers and hosts: offer again, with new candidates (an ICE restart). */
  z.object({ type: z.literal('request-offer'), to }),
  /** Null: there are no more. */
  z.object({ type: z.literal('ice-candidate'), candidate: CandidateInit.nullable(), to }),
  /** The minimal form; who has sent it is sent candidates so. */
  z.object({ type: z.literal('ice'), ...MinimalCandidate.shape, to }),
  /** Clients, after `register`: as `control` there. */
  z.object({ type: z.literal('control'), control: ResumeSecret }),
  /** With `to`: ends the peer connection with that one. Without: leaves; the socket is closed. */
  z.object({ type: z.literal('bye'), to }),
  /** Answered `pong` with the same `at`. */
  z.object({ type: z.literal('ping'), at: z.number().exactOptional() }),
  /** Taken and ignored. */
  z.object({ type: z.literal('pong') }),
]);
export type SignalMessage = z.infer<typeof SignalMessage>;
/** As a peer writes it: what has a default may be absent. */
export type SignalMessageInput = z.input<typeof SignalMessage>;
