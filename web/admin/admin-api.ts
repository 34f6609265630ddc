import type {
  NodeView,
  RoomView,
  SessionView,
  TokenReply,
  TokenRequest,
} from '../../gateway/protocol/api.ts';
import type { BrowserPort } from '../core/browser-port.ts';
import { SessionError, localProblem, readProblem } from '../core/problem.ts';
import type { SessionProblem } from '../core/problem.ts';

/** Everything the admin page shows, read at one time. */
export interface Overview {
  readonly rooms: readonly RoomView[];
  readonly sessions: readonly SessionView[];
  /** null for the admin of some rooms only, who may not see them. */
  readonly nodes: readonly NodeView[] | null;
  readonly readAtMs: number;
}

/** The token request as JSON; the gateway checks the names. */
export type TokenWish = Pick<TokenRequest, 'sub' | 'can' | 'ttlSeconds'> & {
  readonly room: string;
  readonly sources?: readonly string[];
};

interface AdminRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The gateway's admin API, same origin; without a token by the password that the browser knows. */
export class AdminApi {
  readonly #port: BrowserPort;
  readonly #origin: string;
  readonly #token: string;

  constructor(port: BrowserPort, { origin, token }: { origin: string; token: string }) {
    this.#port = port;
    this.#origin = origin;
    this.#token = token;
  }

  /** Rooms, sessions and nodes, or why they cannot be had. */
  async readOverview(): Promise<Overview | SessionProblem> {
    try {
      const [rooms, sessions, nodes] = await Promise.all([
        this.#readItems<RoomView>('rooms'),
        this.#readItems<SessionView>('sessions'),
        this.#readNodes(),
      ]);
      return { rooms, sessions, nodes, readAtMs: Date.now() };
    } catch (cause) {
      return toProblem(cause);
    }
  }

  /** Ends somebody's session; null when it is done. */
  async kick(sessionId: string): Promise<SessionProblem | null> {
    try {
      await this.#request(`sessions/${encodeURIComponent(sessionId)}`, { method: 'DELETE' });
      return null;
    } catch (cause) {
      return toProblem(cause);
    }
  }

  /** A new token; throws {@link SessionError}. */
  async mintToken(wish: TokenWish): Promise<TokenReply> {
    const response = await this.#request('tokens', {
      method: 'POST',
      body: JSON.stringify(wish),
      headers: { 'Content-Type': 'application/json' },
    });
    return (await response.json()) as TokenReply;
  }

  async #readNodes(): Promise<readonly NodeView[] | null> {
    try {
      return await this.#readItems<NodeView>('nodes');
    } catch (cause) {
      if (toProblem(cause).code === 'scope-insufficient') return null;
      throw cause;
    }
  }

  async #readItems<T>(collection: string): Promise<readonly T[]> {
    const response = await this.#request(collection, { method: 'GET' });
    const body = (await response.json()) as { readonly items?: readonly T[] };
    return body.items ?? [];
  }

  async #request(path: string, { headers, ...init }: AdminRequest): Promise<Response> {
    const response = await this.#port.fetch(`${this.#origin}/api/v1/${path}`, {
      ...init,
      headers: {
        Accept: 'application/json',
        ...(this.#token === '' ? {} : { Authorization: `Bearer ${this.#token}` }),
        ...headers,
      },
      cache: 'no-store',
      signal: AbortSignal.timeout(8_000),
    });
    if (!response.ok) throw new SessionError(await readProblem(response, 'watch'));
    return response;
  }
}

/** The problem inside anything thrown by {@link AdminApi}. */
export function toProblem(cause: unknown): SessionProblem {
  return cause instanceof SessionError ? cause.problem : localProblem('network', String(cause));
}
