import { HostError } from '../host-error.ts';

/** The header that carries a token. @throws HostError for a token that no header can carry */
export function bearer(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return `Bearer ${token}`;
  throw new HostError('refused', 'The token has characters that no token has.');
}
