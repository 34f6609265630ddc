import { z } from 'zod';
import { operation } from './operation.ts';
import { page, PageQuery } from './page.ts';

/** One record of the audit log. */
export const AuditView = z.object({
  id: z.string(),
  /** Epoch milliseconds. */
  at: z.number(),
  /** What an administrator did, `refused`, `refused-more`, `host-command`, or `control-` and what changed. */
  act: z.string(),
  /** `sub` of who did it; null where nobody is known. */
  by: z.string().nullable(),
  room: z.string().nullable(),
  address: z.string().nullable(),
  /** `X-Request-Id` of the answer. */
  request: z.string().nullable(),
  /** Everything else, as the log has it. */
  detail: z.record(z.string(), z.json()),
});
export type AuditView = z.infer<typeof AuditView>;

export const listAudit = operation({
  id: 'listAudit',
  method: 'GET',
  path: '/api/v1/audit',
  tag: 'Audit',
  summary: 'What was done and refused, the newest first',
  description: '`q` searches act, who, room, address and details; times are epoch milliseconds.',
  access: 'global-admin',
  query: PageQuery.extend({
    by: z.string().max(128).exactOptional(),
    act: z.string().max(64).exactOptional(),
    since: z.coerce.number<number>().int().min(0).exactOptional(),
    until: z.coerce.number<number>().int().min(0).exactOptional(),
  }),
  reply: page(AuditView),
});
