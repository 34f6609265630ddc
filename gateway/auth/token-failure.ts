import { GatewayError } from '../errors.ts';

/** One and the same sentence for whatever is wrong with a token. */
export const invalidToken = (): GatewayError =>
  new GatewayError('token-invalid', 'The token is not valid. Ask for a new link or token.');

export const expiredToken = (): GatewayError =>
  new GatewayError('token-expired', 'The token has expired. Ask for a new link or token.');

export const revokedToken = (): GatewayError =>
  new GatewayError('token-revoked', 'The token was taken back. Ask for a new link or token.');

/** The issuer's keys cannot be had, so nobody knows whether its tokens are good. */
export const keysUnavailable = (): GatewayError =>
  new GatewayError('keys-unavailable', 'Tokens of this issuer cannot be checked now. Try again.', {
    retryAfterSeconds: 30,
  });
