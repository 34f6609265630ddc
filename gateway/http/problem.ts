import type { NextFunction, Request, Response } from 'express';
import type { AuditLog } from '../audit/audit-log.ts';
import { GatewayError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import type { Problem, ProblemCode } from '../protocol/problem.ts';
import { refusalOf, requestIdOf } from './audit-entry.ts';

/** HTTP status and title of every code: a new code without them does not compile. */
const WIRE = {
  'bad-request': [400, 'Bad request'],
  'sdp-malformed': [400, 'Malformed SDP'],
  'authorization-malformed': [400, 'Malformed authorization'],
  'token-missing': [401, 'A token is needed'],
  'token-invalid': [401, 'Invalid token'],
  'token-expired': [401, 'Expired token'],
  'token-revoked': [401, 'Revoked token'],
  'login-missing': [401, 'A login is needed'],
  'login-invalid': [401, 'Wrong login'],
  'login-expired': [401, 'The login is over'],
  'password-invalid': [401, 'Wrong name or password'],
  'csrf-invalid': [403, 'Not sent by our page'],
  'scope-insufficient': [403, 'Not allowed by this token'],
  'origin-forbidden': [403, 'Origin not allowed'],
  'https-required': [403, 'HTTPS is needed'],
  'not-found': [404, 'Not found'],
  'session-not-found': [404, 'No such session'],
  'recording-not-found': [404, 'No such recording'],
  'method-not-allowed': [405, 'Method not allowed'],
  'method-unknown': [501, 'Unknown method'],
  'source-busy': [409, 'Already shared'],
  'name-taken': [409, 'Name taken'],
  'node-busy': [409, 'Media server in use'],
  'docker-off': [409, 'Docker is off'],
  'docker-busy': [409, 'Containers are being changed'],
  'last-admin': [409, 'Last administrator'],
  'invitation-invalid': [410, 'Invitation over'],
  'recording-running': [409, 'Already recorded'],
  'recording-off': [409, 'Recording is off'],
  'no-publisher': [409, 'No publisher'],
  'host-refused': [409, 'Refused by the host'],
  'control-refused': [409, 'Not possible now'],
  'precondition-failed': [412, 'Precondition failed'],
  'body-too-large': [413, 'Body too large'],
  'media-type-unsupported': [415, 'Unsupported media type'],
  'range-not-satisfiable': [416, 'No such range'],
  'offer-unacceptable': [422, 'Offer not acceptable'],
  'codec-unsupported': [422, 'Codec not supported'],
  'simulcast-unsupported': [422, 'Simulcast not supported'],
  'layer-unavailable': [422, 'No such layer'],
  'ice-restart-unsupported': [422, 'ICE restart not supported'],
  'upgrade-required': [426, 'WebSocket needed'],
  'precondition-required': [428, 'Precondition required'],
  'too-many-sessions': [429, 'Too many sessions'],
  'headers-too-large': [431, 'Too many headers'],
  'rate-limited': [429, 'Too many requests'],
  internal: [500, 'Internal error'],
  'upstream-rejected': [502, 'Refused by the media server'],
  'node-unavailable': [503, 'Media server away'],
  'docker-refused': [502, 'Refused by Docker'],
  'docker-unavailable': [503, 'Docker away'],
  'keys-unavailable': [503, 'Token issuer away'],
  'home-unknown': [503, 'Room out of reach'],
  'home-away': [503, 'Gateway away'],
  'host-away': [503, 'Host away'],
  'host-silent': [504, 'Host silent'],
  capacity: [503, 'Full'],
  'shutting-down': [503, 'Stopping'],
  'storage-full': [507, 'Storage full'],
} as const satisfies Record<ProblemCode, readonly [status: number, title: string]>;

/** The HTTP status of a code. */
export const statusOf = (code: ProblemCode): number => WIRE[code][0];

/** What a code means, in few words. */
export const titleOf = (code: ProblemCode): string => WIRE[code][1];

const BASIC = 'Basic realm="pixelcast", charset="UTF-8"';
const BEARER = 'Bearer realm="pixelcast"';

/** RFC 7617; RFC 6750 §3: the error attribute of a challenge; none when no token was brought. */
const CHALLENGES: Partial<Record<ProblemCode, string>> = {
  'login-missing': `${BASIC}, ${BEARER}`,
  'login-invalid': BASIC,
  // Not Basic: browsers would open a dialogue over our own page.
  'login-expired': BEARER,
  'password-invalid': BEARER,
  'token-missing': BEARER,
  'authorization-malformed': 'Bearer realm="pixelcast", error="invalid_request"',
  'token-invalid': 'Bearer realm="pixelcast", error="invalid_token"',
  'token-expired': 'Bearer realm="pixelcast", error="invalid_token", error_description="expired"',
  'token-revoked': 'Bearer realm="pixelcast", error="invalid_token", error_description="revoked"',
  'scope-insufficient': 'Bearer realm="pixelcast", error="insufficient_scope"',
};

/** Where it is told what became of requests. */
export interface Records {
  readonly log: Logger;
  readonly audit: AuditLog;
}

/** Refusals by rule, although their status is one of a server's: no fault of ours. */
const BY_RULE: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'method-unknown',
  'keys-unavailable',
  'home-unknown',
  'home-away',
  'capacity',
  'storage-full',
  'shutting-down',
]);

/** The last handler: every error becomes `application/problem+json` (RFC 9457). */
export function problemHandler(records: Records) {
  return (error: unknown, req: Request, res: Response, _next: NextFunction): void => {
    const known = recordFailure(error, req, res, records);
    if (res.headersSent) {
      res.destroy();
      return;
    }
    sendProblem(res, known);
  };
}

/** Tells audit or log of a request that failed, and notes its code; returns the error in our codes. */
export function recordFailure(
  error: unknown,
  req: Request,
  res: Response,
  { log, audit }: Records,
): GatewayError {
  const known = toGatewayError(error);
  const status = statusOf(known.code);
  const refusal = refusalOf(req, res, { code: known.code, status });
  res.locals['code'] = known.code;
  if (known.code === 'internal') log.error({ ...refusal, err: error }, 'request failed');
  else if (status < 500 || BY_RULE.has(known.code)) audit.refused(refusal);
  else log.warn({ ...refusal, err: known.cause }, 'request refused');
  return known;
}

/** Sends one error as a problem body with the headers that belong to it. */
export function sendProblem(res: Response, error: GatewayError): void {
  const [status, title] = WIRE[error.code];
  res.locals['code'] = error.code;
  const challenge = CHALLENGES[error.code];
  if (challenge !== undefined) {
    const scope = error.scope === undefined ? '' : `, scope="${error.scope}"`;
    res.set('WWW-Authenticate', `${challenge}${scope}`);
  }
  if (error.retryAfterSeconds !== undefined) {
    res.set('Retry-After', String(Math.ceil(error.retryAfterSeconds)));
  }
  const request = requestIdOf(res);
  const problem: Problem = {
    type: `urn:pixelcast:problem:${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    error: error.message,
    ...(error.reason === undefined ? {} : { reason: error.reason }),
    ...(error.transports === undefined ? {} : { transports: [...error.transports] }),
    ...(request === undefined ? {} : { request }),
  };
  res.status(status).set('Cache-Control', 'no-store');
  res.type('application/problem+json').send(JSON.stringify(problem));
}

/** What express and its body parser throw, in our codes; anything else is ours and says nothing. */
function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  switch (status) {
    case 400:
      return new GatewayError('bad-request', 'The request cannot be read.', { cause: error });
    case 413:
      return new GatewayError('body-too-large', 'The body is too large.', { cause: error });
    case 415:
      return new GatewayError('media-type-unsupported', 'Send the body without compression.', {
        cause: error,
      });
    default:
      return new GatewayError('internal', 'Something went wrong here.', { cause: error });
  }
}
