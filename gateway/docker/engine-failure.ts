import { GatewayError } from '../errors.ts';

const RETRY_SECONDS = 5;

/** What went wrong with a request to an engine, in our codes. Its own words are the cause alone. */
export function toEngineFailure(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  const status =
    error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : undefined;
  switch (status) {
    case undefined:
      return new GatewayError('docker-unavailable', whyAway(error), {
        cause: error,
        retryAfterSeconds: RETRY_SECONDS,
      });
    case 404:
      return noContainer(error);
    case 409:
      return new GatewayError(
        'docker-refused',
        'Docker does not do this now: something is in the way.',
        {
          cause: error,
        },
      );
    default:
      return new GatewayError('docker-refused', `Docker refused this (${status}).`, {
        cause: error,
      });
  }
}

/** A container that is none of ours is as one that is not there. */
export const noContainer = (cause?: unknown): GatewayError =>
  new GatewayError('not-found', 'There is no such container of ours.', { cause });

/** What came is nothing that an engine says. */
export const garbage = (cause: unknown): GatewayError =>
  new GatewayError('docker-unavailable', 'What answers there is no Docker engine.', { cause });

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'There is no socket of Docker.',
  EACCES: 'The socket of Docker may not be used by this user.',
  ECONNREFUSED: 'Docker refuses connections.',
  ENOTFOUND: 'The name of the Docker engine is not known.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate of the Docker engine is for another name.',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'The certificate of the Docker engine is not of the given authority.',
  SELF_SIGNED_CERT_IN_CHAIN: 'The certificate of the Docker engine is not of the given authority.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'The certificate of the Docker engine is not of the given authority.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'The certificate of the Docker engine is not of the given authority.',
  CERT_HAS_EXPIRED: 'The certificate of the Docker engine has expired.',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'The Docker engine does not take our certificate.',
  ABORT_ERR: 'Docker does not answer in time.',
  TOO_LARGE: 'What answers there is no Docker engine.',
};

function whyAway(error: unknown): string {
  if (!(error instanceof Error)) return 'Docker does not answer.';
  const code = 'code' in error ? String(error.code) : '';
  if (code.startsWith('HPE_')) return 'What answers there is no Docker engine.';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return WHY['ABORT_ERR'] ?? '';
  return WHY[code] ?? 'Docker does not answer.';
}
