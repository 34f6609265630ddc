import type { RedeemReply } from '../../gateway/protocol/api/invitations.ts';
import type { MeView } from '../../gateway/protocol/api/login.ts';
import type { TokenReply } from '../../gateway/protocol/api/tokens.ts';
import type { BrowserPort } from './browser-port.ts';
import { SessionError, readProblem } from './problem.ts';

const TIMEOUT_MS = 15_000;

/** Who is logged in with this browser: by cookie, which no script sees. */
export class MeClient {
  readonly #port: Pick<BrowserPort, 'fetch'>;
  readonly #origin: string;
  #csrf = '';

  constructor(port: Pick<BrowserPort, 'fetch'>, origin: string) {
    this.#port = port;
    this.#origin = origin;
  }

  /** Who it is; null when nobody is logged in. Throws {@link SessionError} when it cannot be told. */
  async read(): Promise<MeView | null> {
    try {
      return this.#keep(await this.#request('GET', 'me'));
    } catch (cause) {
      if (cause instanceof SessionError && cause.problem.status === 401) return null;
      throw cause;
    }
  }

  /** Throws {@link SessionError}, as the others do. */
  async login(name: string, password: string): Promise<MeView> {
    return this.#keep(await this.#request('POST', 'login', { name, password }));
  }

  async logout(): Promise<void> {
    await this.#request('POST', 'logout');
    this.#csrf = '';
  }

  async changePassword(current: string, password: string): Promise<MeView> {
    return this.#keep(await this.#request('POST', 'me/password', { current, password }));
  }

  /** A token of an hour for all that the account may do in a room. */
  async token(room: string, can: readonly string[]): Promise<TokenReply> {
    return (await this.#request('POST', 'me/token', { room, can })) as TokenReply;
  }

  /** Takes one use of an invitation. */
  async redeem(code: string, name: string): Promise<RedeemReply> {
    return (await this.#request('POST', 'invitations/redeem', { code, name })) as RedeemReply;
  }

  #keep(body: unknown): MeView {
    const me = body as MeView;
    this.#csrf = me.csrf ?? '';
    return me;
  }

  async #request(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const response = await this.#port.fetch(`${this.#origin}/api/v1/${path}`, {
      method,
      headers: {
        Accept: 'application/json',
        ...(this.#csrf === '' ? {} : { 'X-CSRF-Token': this.#csrf }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      cache: 'no-store',
      credentials: 'same-origin',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new SessionError(await readProblem(response, 'watch'));
    return response.status === 204 ? null : await response.json();
  }
}
