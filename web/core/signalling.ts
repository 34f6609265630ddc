import type { BrowserPort } from './browser-port.ts';
import { LAYERS_REL } from './layer-choice.ts';
import { findLink } from './link-header.ts';
import { SessionError, localProblem, readEnding, readProblem } from './problem.ts';
import type { SessionProblem, Side } from './problem.ts';
import { EVENTS_RELS } from './session-events.ts';
import { tokenNow } from './token-source.ts';
import type { TokenSource } from './token-source.ts';

/** Where one WHIP or WHEP endpoint is and what it is asked with. */
export interface Endpoint {
  readonly side: Side;
  /** Absolute URL of the endpoint. */
  readonly url: string;
  /** Bearer token; empty sends none. */
  readonly token: TokenSource;
}

/** What a server offers beside a session; null where it does not. */
export interface SessionLinks {
  /** Where event streams are asked for. */
  readonly eventsUrl: string | null;
  /** Where a layer is chosen. */
  readonly layersUrl: string | null;
}

/** What a 201 brings. */
export interface OpenedSession {
  readonly answerSdp: string;
  readonly sessionUrl: string;
  readonly links: SessionLinks;
}

const POST_TIMEOUT_MS = 15_000;
const PROBE_TIMEOUT_MS = 4_000;

/** The HTTP half of WHIP (RFC 9725) and WHEP: offer and answer, aliveness, the end. */
export class Signalling {
  readonly #port: BrowserPort;
  readonly #endpoint: Endpoint;

  constructor(port: BrowserPort, endpoint: Endpoint) {
    this.#port = port;
    this.#endpoint = endpoint;
  }

  get side(): Side {
    return this.#endpoint.side;
  }

  /** Sends the offer; throws {@link SessionError} on anything but a usable 201. */
  async open(offerSdp: string): Promise<OpenedSession> {
    const response = await this.#post(offerSdp);
    if (!response.ok) throw new SessionError(await readProblem(response, this.side));
    const location = response.headers.get('Location');
    if (location === null) {
      throw new SessionError(localProblem('bad-request', 'The answer has no Location.'));
    }
    // Relative forms are legal; after a redirect they belong to the final URL.
    const base = response.url === '' ? this.#endpoint.url : response.url;
    const target = (rel: string): string | null => {
      const link = findLink(response.headers.get('Link'), rel);
      return link === null ? null : new URL(link.target, base).href;
    };
    return {
      answerSdp: await response.text(),
      sessionUrl: new URL(location, base).href,
      links: { eventsUrl: target(EVENTS_RELS[this.side]), layersUrl: target(LAYERS_REL) },
    };
  }

  /** Whether the session still exists, or why not; `away` when nobody can tell. */
  async probe(sessionUrl: string): Promise<'alive' | 'away' | SessionProblem> {
    try {
      const response = await this.#port.fetch(sessionUrl, {
        method: 'GET',
        cache: 'no-store',
        signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
      });
      if (response.status === 404 || response.status === 410) return await readEnding(response);
      return response.ok ? 'alive' : 'away';
    } catch {
      return 'away';
    }
  }

  /** Ends the session; never throws, and with `keepalive` survives the page. */
  async remove(sessionUrl: string, keepalive: boolean): Promise<void> {
    try {
      await this.#port.fetch(sessionUrl, {
        method: 'DELETE',
        headers: this.#authorization(),
        keepalive,
      });
    } catch {
      // The server ends a silent session by itself.
    }
  }

  async #post(offerSdp: string): Promise<Response> {
    try {
      return await this.#port.fetch(this.#endpoint.url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/sdp', ...this.#authorization() },
        body: offerSdp,
        cache: 'no-store',
        signal: AbortSignal.timeout(POST_TIMEOUT_MS),
      });
    } catch (cause) {
      throw new SessionError(localProblem('network', String(cause)), { cause });
    }
  }

  #authorization(): Record<string, string> {
    const token = tokenNow(this.#endpoint.token);
    return token === '' ? {} : { Authorization: `Bearer ${token}` };
  }
}
