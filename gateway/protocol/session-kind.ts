import { z } from 'zod';

export const SessionKind = z.enum(['publish', 'watch']);
export type SessionKind = z.infer<typeof SessionKind>;
