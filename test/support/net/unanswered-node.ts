import type { BrowserContext, Route } from 'playwright-core';

/** Of a documentation network (RFC 5737): nothing answers there. */
const NOWHERE = '192.0.2.1';

/**
 * Media servers that never answer ICE, for pages of one browser: they are told an address at which
 * nobody is, and the servers hear none of theirs. Connections that stand are left alone.
 */
export class UnansweredNode {
  #isBlocked = false;

  async open(context: BrowserContext): Promise<void> {
    await context.route(/\/(whep|sessions)\//, (route) => this.#pass(route));
  }

  blockUdp(): void {
    this.#isBlocked = true;
  }

  allowUdp(): void {
    this.#isBlocked = false;
  }

  async #pass(route: Route): Promise<void> {
    if (!this.#isBlocked) {
      await route.continue();
      return;
    }
    const postData = route
      .request()
      .postData()
      ?.replace(/^a=candidate:.*\r\n/gm, '');
    const response = await route.fetch({ ...(postData === undefined ? {} : { postData }) });
    const text = await response.text();
    const body = text.replace(/^(a=candidate:\S+ \d \S+ \d+) \S+ /gm, `$1 ${NOWHERE} `);
    await route.fulfill({ response, body });
  }
}
