import type { CDPSession, Page } from 'playwright-core';

/** One HTTP exchange of a page, CORS preflights included. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly preflight: boolean;
  /** 0 until the answer is there. */
  readonly status: number;
}

/** The exchanges of a page with one origin, in the order of sending. */
export class Exchanges {
  readonly #byId = new Map<string, Exchange>();

  /** Listens from now on. */
  static async record(page: Page, origin: string): Promise<Exchanges> {
    const exchanges = new Exchanges();
    const session = await page.context().newCDPSession(page);
    exchanges.#listen(session, origin);
    await session.send('Network.enable');
    return exchanges;
  }

  get all(): readonly Exchange[] {
    return [...this.#byId.values()];
  }

  /** What the page's script sent by this method. */
  sent(method: string): readonly Exchange[] {
    return this.all.filter((each) => each.method === method && !each.preflight);
  }

  get preflights(): readonly Exchange[] {
    return this.all.filter(({ preflight }) => preflight);
  }

  #listen(session: CDPSession, origin: string): void {
    session.on('Network.requestWillBeSent', ({ requestId, request }) => {
      if (!request.url.startsWith(`${origin}/`)) return;
      const { method, url } = request;
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      this.#byId.set(requestId, {
        method,
        url,
        headers,
        preflight: headers['access-control-request-method'] !== undefined,
        status: 0,
      });
    });
    session.on('Network.responseReceived', ({ requestId, response }) => {
      const exchange = this.#byId.get(requestId);
      if (exchange !== undefined) {
        this.#byId.set(requestId, { ...exchange, status: response.status });
      }
    });
  }
}
