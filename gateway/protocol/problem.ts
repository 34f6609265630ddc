import { z } from 'zod';
import { EndReason } from './end-reason.ts';
import { Transport } from './transport.ts';

/** Every way a request can fail, as written in the `code` member of a problem body. */
export const ProblemCode = z.enum([
  'bad-request',
  'sdp-malformed',
  'authorization-malformed',
  'token-missing',
  'token-invalid',
  'token-expired',
  'token-revoked',
  'login-missing',
  'login-invalid',
  'login-expired',
  'password-invalid',
  'csrf-invalid',
  'scope-insufficient',
  'origin-forbidden',
  'https-required',
  'not-found',
  'session-not-found',
  'recording-not-found',
  'method-not-allowed',
  'method-unknown',
  'upgrade-required',
  'source-busy',
  'node-busy',
  'docker-off',
  'docker-busy',
  'name-taken',
  'last-admin',
  'invitation-invalid',
  'recording-running',
  'recording-off',
  'no-publisher',
  'precondition-failed',
  'body-too-large',
  'media-type-unsupported',
  'offer-unacceptable',
  'codec-unsupported',
  'simulcast-unsupported',
  'layer-unavailable',
  'range-not-satisfiable',
  'ice-restart-unsupported',
  'precondition-required',
  'too-many-sessions',
  'headers-too-large',
  'rate-limited',
  'internal',
  'upstream-rejected',
  'node-unavailable',
  'docker-refused',
  'docker-unavailable',
  'keys-unavailable',
  'home-unknown',
  'home-away',
  'storage-full',
  'capacity',
  'host-refused',
  'control-refused',
  'host-away',
  'host-silent',
  'shutting-down',
]);
export type ProblemCode = z.infer<typeof ProblemCode>;

/**
 * RFC 9457 problem body (`application/problem+json`). `error` repeats the detail for clients that
 * look there (MediaMTX's browser reader). `reason` stands beside `session-not-found` for a while
 * after the end, so that a page knows whether to come again; `transports` beside `no-publisher`, where the source is
 * there in another mode.
 */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: ProblemCode,
    detail: z.string(),
    error: z.string(),
    reason: EndReason.exactOptional(),
    transports: z.array(Transport).exactOptional(),
    request: z.string().exactOptional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
