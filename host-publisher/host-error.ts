/** Every way the host-publisher can fail, with the exit code of those that end it. */
export const EXIT_CODES = {
  /** A file was played to its end. */
  'source-ended': 0,
  usage: 2,
  'software-missing': 3,
  'source-missing': 4,
  refused: 5,
  busy: 6,
  ended: 7,
  'not-an-endpoint': 8,
  media: 9,
  gateway: 10,
} as const;

export type FailureCode = keyof typeof EXIT_CODES;

/** A failure with one sentence for the person at the keyboard. */
export class HostError extends Error {
  readonly code: FailureCode;
  /** The least time before another attempt, as the gateway asked for. */
  readonly retryAfterMs: number;

  constructor(
    code: FailureCode,
    message: string,
    options: ErrorOptions & { retryAfterMs?: number } = {},
  ) {
    super(message, options);
    this.name = 'HostError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}

/** Any thrown value as a failure of a kind. */
export function toHostError(error: unknown, code: FailureCode): HostError {
  if (error instanceof HostError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new HostError(code, message, { cause: error });
}
