import { z } from 'zod';
import { wholeNumber } from './fields.ts';

/** Where audit records go and how long they are kept; part of `Settings`. */
export const AuditSettings = z.object({
  AUDIT_LOG_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File for the audit log, begun anew on SIGHUP. Empty: lines of the log with `audit: true`.',
    ),
  AUDIT_MAX_DAYS: wholeNumber(1, 3650, 90).describe(
    'Days that the audit records of `/api/v1/audit` are kept; log and file are not touched.',
  ),
  AUDIT_MAX_RECORDS: wholeNumber(100, 10_000_000, 200_000).describe(
    'Audit records that are kept there at most.',
  ),
});
