import { z } from 'zod';
import { SignalEvent } from '../../protocol/signal/signal-events.ts';
import { Parting, Peer, PeerId } from '../../protocol/signal/peer.ts';
import type { Member, News, PeerEvent } from '../member.ts';

const GatewayId = z.string().regex(/^[a-z2-7]{16}$/);
const MemberText = Peer.extend({ gateway: GatewayId });

const isPeerEvent = (event: SignalEvent): event is PeerEvent => 'from' in event;

const NewsText = z.discriminatedUnion('type', [
  z.object({ type: z.literal('came'), member: MemberText }),
  z.object({ type: z.literal('changed'), member: MemberText }),
  z.object({ type: z.literal('gone'), peerId: PeerId, reason: Parting }),
  z.object({
    type: z.literal('said'),
    to: PeerId,
    event: SignalEvent.refine(isPeerEvent),
  }),
]);

const Members = z.array(z.string());

/** What another gateway wrote; undefined when it is nothing that this version knows. */
export const readNews = (text: string): News | undefined => NewsText.safeParse(jsonOf(text)).data;

/** Members as a script answers them; what this version does not know is left out. */
export const readMembers = (reply: unknown): Member[] =>
  (Members.safeParse(reply).data ?? []).flatMap(
    (text) => MemberText.safeParse(jsonOf(text)).data ?? [],
  );

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
