/** What a resource of the model is. */
export type Resource = 'whip' | 'whep' | 'session' | 'events' | 'stream' | 'layers' | 'none';

/** A request as the model reads it. */
export interface ModelRequest {
  readonly resource: Resource;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Record<string, string>;
  body: string;
  /** Own origin, for absolute addresses. */
  readonly origin: string;
}

/** A reply before it is written; flaws change it. */
export interface ModelReply {
  status: number;
  /** Lower-case names; an array is one line each. */
  readonly headers: Record<string, string | string[]>;
  body: string;
}

export function reply(
  status: number,
  headers: Record<string, string | string[]> = {},
  body = '',
): ModelReply {
  return { status, headers, body };
}

/** A problem document (RFC 9457). */
export function problem(
  status: number,
  detail: string,
  headers: Record<string, string> = {},
): ModelReply {
  const body = JSON.stringify({ title: 'refused', status, detail, error: detail });
  return reply(status, { 'content-type': 'application/problem+json', ...headers }, body);
}

/** Refused, as a thrown reply. */
export class Refusal extends Error {
  readonly reply: ModelReply;

  constructor(status: number, detail: string, headers: Record<string, string> = {}) {
    super(detail);
    this.reply = problem(status, detail, headers);
  }
}

export const typeOf = (request: ModelRequest): string =>
  (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
