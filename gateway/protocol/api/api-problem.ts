import { Problem, type ProblemCode } from '../problem.ts';
import type { FetchReply } from './fetch.ts';

/** Why a call came to nothing: the gateway's own code, or that it could not be reached or read. */
export class ApiProblem extends Error {
  readonly code: ProblemCode | 'unreachable' | 'unreadable';
  /** Of HTTP; 0 without an answer. */
  readonly status: number;
  readonly problem: Problem | undefined;
  /** To wait before it is asked again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ApiProblem['code'],
    message: string,
    options: {
      status?: number;
      problem?: Problem;
      retryAfterSeconds?: number | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ApiProblem';
    this.code = code;
    this.status = options.status ?? 0;
    this.problem = options.problem;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The problem that an answer holds. */
export async function problemIn(reply: FetchReply): Promise<ApiProblem> {
  const { status } = reply;
  const problem = Problem.safeParse(await reply.json().catch(() => undefined));
  if (!problem.success) {
    return new ApiProblem('unreadable', `The answer is ${status} and none of this API.`, {
      status,
    });
  }
  const wait = Number(reply.headers.get('retry-after') ?? NaN);
  return new ApiProblem(problem.data.code, problem.data.detail, {
    status,
    problem: problem.data,
    retryAfterSeconds: Number.isFinite(wait) ? wait : undefined,
  });
}
