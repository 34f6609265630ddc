import { Problem } from '../../gateway/protocol/problem.ts';
import { HostError } from '../host-error.ts';

/** An answer of the gateway that is no success. */
export interface Refusal {
  readonly url: string;
  readonly status: number;
  /** The `Retry-After` header. */
  readonly retryAfter: string | null;
  readonly body: string;
}

/** What it means for a host: one sentence, and whether it makes sense to come again. */
export function refusalError({ url, status, retryAfter, body }: Refusal): HostError {
  const problem = readProblem(body);
  const words = problem?.detail ?? `HTTP status ${status}`;
  const retryAfterMs = 1000 * Number(/^\d{1,4}$/.exec(retryAfter ?? '')?.[0] ?? 0);
  if (problem?.code === 'source-busy') {
    return new HostError('busy', `The room is busy: ${words}`, { retryAfterMs });
  }
  if (status === 401 || status === 403) {
    return new HostError('refused', `The gateway refuses the token: ${words}`);
  }
  if (problem === undefined && status < 500 && status !== 429) {
    return new HostError('not-an-endpoint', `${originOf(url)} is no PixelCast gateway (${words}).`);
  }
  if (status === 429 || status >= 500) {
    return new HostError('gateway', `The gateway cannot take it now: ${words}`, { retryAfterMs });
  }
  return new HostError('refused', `The gateway refuses: ${words}`);
}

/** A gateway that cannot be reached, with the system's reason. */
export function unreachableError(url: string, cause: unknown): HostError {
  if (reasonOf(cause) === 'redirect count exceeded') {
    return new HostError(
      'not-an-endpoint',
      `${originOf(url)} is no PixelCast gateway (it redirects without end).`,
    );
  }
  return new HostError(
    'gateway',
    `The gateway at ${originOf(url)} does not answer (${reasonOf(cause)}).`,
    { cause },
  );
}

/** The problem in a body; undefined when it has none. */
export function readProblem(body: string): Problem | undefined {
  try {
    return Problem.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** The gateway's address, as people write it. */
export function originOf(url: string): string {
  return new URL(url.replace(/^ws/, 'http')).origin;
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  if (cause?.code !== undefined) return cause.code;
  if (cause?.message !== undefined) return cause.message;
  // A time limit's code is a number that says nothing.
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : message;
}
