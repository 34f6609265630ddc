import { z } from 'zod';

/** How media goes: by WHIP and WHEP, or by `/ws/media`. */
export const Transport = z.enum(['webrtc', 'websocket']);
export type Transport = z.infer<typeof Transport>;
