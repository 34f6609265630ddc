import type { EndReason } from './protocol/end-reason.ts';
import type { Transport } from './protocol/transport.ts';
import type { Action } from './protocol/grant.ts';
import type { ProblemCode } from './protocol/problem.ts';

/**
 * The one error that crosses a folder of the gateway. `message` is shown to the client: it says
 * what to do and never holds a token, an SRS name or an address. `retryAfterSeconds` becomes
 * `Retry-After`; `reason` says why a session is no more, `scope` what a token would have to allow,
 * `transports` in which modes a source is there that is not there in this one.
 */
export class GatewayError extends Error {
  readonly code: ProblemCode;
  readonly retryAfterSeconds: number | undefined;
  readonly reason: EndReason | undefined;
  readonly scope: Action | undefined;
  readonly transports: readonly Transport[] | undefined;

  constructor(
    code: ProblemCode,
    message: string,
    options: {
      cause?: unknown;
      retryAfterSeconds?: number;
      reason?: EndReason | undefined;
      scope?: Action;
      transports?: readonly Transport[];
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.reason = options.reason;
    this.scope = options.scope;
    this.transports = options.transports;
  }
}
