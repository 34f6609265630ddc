import { z } from 'zod';

const sdp = z
  .string()
  .min(1)
  .max(8 * 1024);

/** A viewer asks for data channels to the gateway; candidates are in the offer. */
export const ChannelOffer = z.strictObject({ type: z.literal('channel/offer'), sdp });
export type ChannelOffer = z.infer<typeof ChannelOffer>;

export const ChannelAnswer = z.object({ type: z.literal('channel/answer'), sdp });
export type ChannelAnswer = z.infer<typeof ChannelAnswer>;

/** There is no such channel, or no more. Both ways; input goes by the WebSocket. */
export const ChannelClosed = z.strictObject({
  type: z.literal('channel/closed'),
  why: z.enum(['unavailable', 'malformed', 'lost', 'left']),
});
export type ChannelClosed = z.infer<typeof ChannelClosed>;
