import { z } from 'zod';

/** `GET /api/v1/diagnosis`, without a token: the gateway's clock, in epoch milliseconds. */
export const GatewayTime = z.object({ now: z.number() });
export type GatewayTime = z.infer<typeof GatewayTime>;

/** `GET /api/v1/diagnosis/rooms/:room/:source?`: what a viewer there would be told. */
export const DiagnosisView = GatewayTime.extend({
  /** Whether a media server is ready. */
  node: z.boolean(),
  /** Whether pictures may come over a WebSocket. */
  mediaWebSocket: z.boolean(),
  addresses: z.array(
    z.object({
      /** `address:port` of UDP. */
      address: z.string(),
      /** Whether the gateway’s own check was answered; null: not tried. */
      reachable: z.boolean().nullable(),
    }),
  ),
  /** What is wrong with them, one sentence each. */
  remarks: z.array(z.string()),
});
export type DiagnosisView = z.infer<typeof DiagnosisView>;
