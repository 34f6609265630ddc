import type { BrowserPort } from './browser-port.ts';
import { SessionError, localProblem, readProblem } from './problem.ts';
import type { SessionProblem } from './problem.ts';
import { tokenNow } from './token-source.ts';
import type { TokenSource } from './token-source.ts';

/** One request to the gateway's API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
}

const TIMEOUT_MS = 8_000;

/** The gateway's API, same origin; without a token by the password that the browser knows. */
export class ApiClient {
  readonly #port: BrowserPort;
  readonly #origin: string;
  readonly #token: TokenSource;

  constructor(port: BrowserPort, { origin, token }: { origin: string; token: TokenSource }) {
    this.#port = port;
    this.#origin = origin;
    this.#token = token;
  }

  /** The response to a path under `/api/v1/`; throws {@link SessionError} on anything but success. */
  async request(path: string, { method, body }: ApiRequest): Promise<Response> {
    const token = tokenNow(this.#token);
    const response = await this.#port.fetch(`${this.#origin}/api/v1/${path}`, {
      method,
      headers: {
        Accept: 'application/json',
        ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new SessionError(await readProblem(response, 'watch'));
    return response;
  }

  /** The `items` of a collection; throws as `request` does. */
  async items<T>(collection: string): Promise<readonly T[]> {
    const response = await this.request(collection, { method: 'GET' });
    const body = (await response.json()) as { readonly items?: readonly T[] };
    return body.items ?? [];
  }
}

/** The problem inside anything that {@link ApiClient} throws. */
export function toProblem(cause: unknown): SessionProblem {
  return cause instanceof SessionError ? cause.problem : localProblem('network', String(cause));
}
