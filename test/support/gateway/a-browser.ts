import { expect } from 'vitest';
import type { MeView } from '../../../gateway/protocol/api/login.ts';
import type { UserView } from '../../../gateway/protocol/api/users.ts';
import { anAdminToken } from './a-token.ts';
import type { GatewayUnderTest } from './start-gateway.ts';

/** The password of every account under test. */
export const PASSWORD = 'correct horse battery';

type UserOptions = { readonly [K in 'name' | 'role' | 'password']?: string } & {
  readonly rooms?: '*' | readonly string[];
};

/** An account, made by an administrator: anna, an operator of `demo`. */
export async function aUser(
  gateway: GatewayUnderTest,
  options: UserOptions = {},
): Promise<UserView> {
  const user = { name: 'anna', role: 'operator', rooms: ['demo'], password: PASSWORD, ...options };
  const reply = await send(gateway, 'POST', '/api/v1/users', user);
  expect(reply.status).toBe(201);
  return (await reply.json()) as UserView;
}

/** A request of an administrator with a token, or of another bearer. */
export const send = (
  gateway: GatewayUnderTest,
  method: string,
  path: string,
  body?: unknown,
  { token = anAdminToken(), headers = {} }: SendOptions = {},
): Promise<Response> =>
  gateway.request(method, path, {
    token,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

interface SendOptions {
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}

/** A browser with our page open: it keeps cookies and the CSRF token, and says where requests come from. */
export class ABrowser {
  readonly cookies = new Map<string, string>();
  csrf = '';
  /** Headers that it does not send. */
  readonly without = new Set<string>();
  readonly #gateway: GatewayUnderTest;
  readonly #headers: Record<string, string>;

  constructor(gateway: GatewayUnderTest, headers: Record<string, string> = {}) {
    this.#gateway = gateway;
    this.#headers = headers;
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const all = {
      'sec-fetch-site': 'same-origin',
      ...(cookie === '' ? {} : { cookie }),
      ...(this.csrf === '' ? {} : { 'x-csrf-token': this.csrf }),
      ...this.#headers,
      ...headers,
    };
    const reply = await send(this.#gateway, method, path, body, {
      token: null,
      headers: Object.fromEntries(Object.entries(all).filter(([name]) => !this.without.has(name))),
    });
    for (const line of reply.headers.getSetCookie()) this.#keep(line);
    return reply;
  }

  /** Logs in; the reply may be a refusal. */
  async login(name: string, password = PASSWORD): Promise<Response> {
    const reply = await this.send('POST', '/api/v1/login', { name, password });
    if (reply.ok) this.csrf = ((await reply.clone().json()) as MeView).csrf ?? '';
    return reply;
  }

  /** A token for oneself; the request must be allowed. */
  async token(room: string, can: readonly string[]): Promise<string> {
    const reply = await this.send('POST', '/api/v1/me/token', { room, can });
    expect(reply.status).toBe(201);
    return ((await reply.json()) as { token: string }).token;
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';');
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    const isGone = attributes.some((each) => /expires=Thu, 01 Jan 1970/i.test(each));
    if (isGone || value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** A browser that somebody has logged in with. */
export async function aLoggedIn(gateway: GatewayUnderTest, name = 'anna'): Promise<ABrowser> {
  const browser = new ABrowser(gateway);
  expect((await browser.login(name)).status).toBe(200);
  return browser;
}
