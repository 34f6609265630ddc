import { z } from 'zod';
import { ViewerId } from '../control.ts';
import { IceServer } from '../ice.ts';
import { RoomId, SourceId } from '../ids.ts';
import { CandidateInit, MinimalCandidate, Sdp } from './description.ts';
import { Parting, Peer, PeerId, PeerResume, PeerRole } from './peer.ts';
import { SignalErrorCode } from './signal-errors.ts';

/** What `new RTCPeerConnection()` or `setConfiguration()` takes. */
export const TurnConfig = z.object({
  iceServers: z.array(IceServer).max(16),
  /** Epoch milliseconds at which the first credential runs out; null: none does. */
  expiresAt: z.number().nullable(),
});
export type TurnConfig = z.infer<typeof TurnConfig>;

const from = PeerId;

/** Gateway to peer. */
export const SignalEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('registered'),
    room: RoomId,
    role: PeerRole,
    source: SourceId,
    /** The same as before, where `resume` came along. */
    peerId: PeerId,
    resume: PeerResume,
    turnConfig: TurnConfig,
    /** Counterparts that are there. Who offers, offers to those that it has no connection with. */
    peers: z.array(Peer),
  }),
  /** Before the credentials of the last one run out. */
  z.object({ type: z.literal('turn-config'), turnConfig: TurnConfig }),
  /** A counterpart came, or came back: then by the same `peerId`, with its connections. */
  z.object({ type: z.literal('peer-connected'), ...Peer.shape }),
  /** To hosts: whose control session a client has now. */
  z.object({ type: z.literal('peer-control'), peerId: PeerId, viewer: ViewerId }),
  z.object({ type: z.literal('offer'), sdp: Sdp, from }),
  z.object({ type: z.literal('answer'), sdp: Sdp, from }),
  z.object({ type: z.literal('request-offer'), from }),
  z.object({ type: z.literal('ice-candidate'), candidate: CandidateInit.nullable(), from }),
  z.object({ type: z.literal('ice'), ...MinimalCandidate.shape, from }),
  /** It ended its peer connection with you, and is still there. */
  z.object({ type: z.literal('bye'), from }),
  z.object({
    type: z.literal('peer-disconnected'),
    peerId: PeerId,
    role: PeerRole,
    reason: Parting,
  }),
  z.object({
    type: z.literal('error'),
    code: SignalErrorCode,
    /** A sentence for people. */
    message: z.string(),
    /** Of the message that it is about. */
    to: PeerId.exactOptional(),
  }),
  z.object({ type: z.literal('pong'), at: z.number().exactOptional() }),
]);
export type SignalEvent = z.infer<typeof SignalEvent>;
