import { GatewayError } from '../errors.ts';

/** Longest If-Match and most tags that are read (HOSTILE-31). */
const MAX_LENGTH = 1024;
const MAX_TAGS = 16;

/** What a request without If-Match means: an error, or `*`. */
export type IfMatchRule = 'strict' | 'lenient';

/**
 * Holds `If-Match` against an entity-tag by strong comparison (RFC 9110 §13.1.1). `*` and `"*"`
 * match any: RFC 9725's own example writes the latter.
 * @throws GatewayError `precondition-required` (428) or `precondition-failed` (412)
 */
export function requireMatch(
  ifMatch: string | undefined,
  etag: string,
  rule: IfMatchRule = 'strict',
): void {
  if (ifMatch === undefined) {
    if (rule === 'lenient') return;
    throw new GatewayError(
      'precondition-required',
      'Send If-Match with the ETag you know, or "*".',
    );
  }
  const value = ifMatch.trim();
  if (value === '*' || value === '"*"') return;
  const tags = value.length <= MAX_LENGTH ? value.split(',', MAX_TAGS + 1) : [];
  if (tags.length <= MAX_TAGS && tags.some((tag) => tag.trim() === etag)) return;
  throw new GatewayError('precondition-failed', 'If-Match is not its ETag, or no longer.');
}
