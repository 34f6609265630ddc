import { GatewayError } from '../errors.ts';

/** Longest If-Match and most tags that are read (X31). */
const MAX_LENGTH = 1024;
const MAX_TAGS = 16;

/**
 * Holds `If-Match` against an entity-tag by strong comparison (RFC 9110 §13.1.1). `*` and `"*"`
 * match any: RFC 9725's own example writes the latter.
 * @throws GatewayError `precondition-required` (428) or `precondition-failed` (412)
 */
export function requireMatch(ifMatch: string | undefined, etag: string): void {
  if (ifMatch === undefined) {
    throw new GatewayError(
      'precondition-required',
      'Send If-Match with the ETag of the session, or "*".',
    );
  }
  const value = ifMatch.trim();
  if (value === '*' || value === '"*"') return;
  const tags = value.length <= MAX_LENGTH ? value.split(',', MAX_TAGS + 1) : [];
  if (tags.length <= MAX_TAGS && tags.some((tag) => tag.trim() === etag)) return;
  throw new GatewayError('precondition-failed', 'If-Match is not the ETag of this session.');
}
