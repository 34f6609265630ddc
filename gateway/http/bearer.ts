import type { Request } from 'express';
import { GatewayError } from '../errors.ts';

/** Whether this endpoint also takes the token from the query, for clients that cannot send headers. */
export interface TokenPlaces {
  readonly inQuery: boolean;
}

/**
 * The bearer token of a request (RFC 6750 §2).
 * @throws GatewayError `token-missing`, also for another scheme; `authorization-malformed` (400) for
 *   a header that is none or a token given twice.
 */
export function bearerOf(req: Request, { inQuery }: TokenPlaces = { inQuery: false }): string {
  const headers = req.headersDistinct['authorization'] ?? [];
  const [header] = headers;
  const { token: query } = req.query;
  if (headers.length > 1 || (header !== undefined && query !== undefined)) {
    throw malformed('Send one token, in one place.');
  }
  if (header !== undefined) return readHeader(header);
  if (!inQuery || query === undefined) throw missing();
  if (typeof query !== 'string' || !TOKEN.test(query)) throw malformed('The token is malformed.');
  return query;
}

function readHeader(header: string): string {
  const [, scheme = '', value] = /^([!#$%&'*+.^`|~\w-]+)(?: +(.*))?$/.exec(header.trimEnd()) ?? [];
  if (scheme === '') throw malformed('The Authorization header is not "Bearer <token>".');
  if (scheme.toLowerCase() !== 'bearer') throw missing();
  // FFmpeg's option adds the word by itself; who writes it too sends it twice (WHIP-69).
  if (value !== undefined && /^bearer +\S+$/i.test(value)) {
    throw new GatewayError('token-invalid', 'The word "Bearer" is in the header twice.');
  }
  if (value === undefined || !TOKEN.test(value)) {
    throw malformed('The Authorization header is not "Bearer <token>".');
  }
  return value;
}

/** RFC 6750 §2.1, b64token. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

const missing = (): GatewayError =>
  new GatewayError('token-missing', 'Send a token: "Authorization: Bearer …".');

const malformed = (message: string): GatewayError =>
  new GatewayError('authorization-malformed', message);
