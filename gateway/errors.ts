import type { ProblemCode } from './protocol/problem.ts';

/**
 * The one error that crosses a folder of the gateway. `message` is shown to the client: it says
 * what to do and never holds a token, an SRS name or an address. `retryAfterSeconds` becomes
 * `Retry-After`.
 */
export class GatewayError extends Error {
  readonly code: ProblemCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ProblemCode,
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
