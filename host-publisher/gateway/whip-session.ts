import { HostError } from '../host-error.ts';
import { bearer } from './bearer.ts';
import { readText } from './body.ts';
import { originOf, readProblem, refusalError, unreachableError } from './refusal.ts';
import { withMediaAddress, type MediaAddress } from './media-address.ts';

const POST_MS = 15_000;
const SHORT_MS = 4_000;

/** The WHIP endpoint of one source. */
export interface WhipEndpoint {
  readonly url: string;
  /** A token for one request, so that it may be renewed. */
  readonly token: () => string;
  /** Where the media server is for this host beside what it says itself. */
  readonly mediaAddress?: MediaAddress | null;
}

/** One WHIP session (RFC 9725) at the gateway. */
export class WhipSession {
  readonly answer: string;
  readonly #endpoint: WhipEndpoint;
  readonly #url: string;

  private constructor(endpoint: WhipEndpoint, url: string, answer: string) {
    this.#endpoint = endpoint;
    this.#url = url;
    this.answer = answer;
  }

  /** Sends the offer; every refusal is a sentence and says whether to come again. */
  static async open(
    endpoint: WhipEndpoint,
    offer: string,
    stop: AbortSignal,
  ): Promise<WhipSession> {
    const response = await call(endpoint.url, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp', authorization: bearer(endpoint.token()) },
      body: offer,
      signal: AbortSignal.any([stop, AbortSignal.timeout(POST_MS)]),
    });
    if (response.status !== 201) {
      throw refusalError({
        url: endpoint.url,
        status: response.status,
        retryAfter: response.headers.get('retry-after'),
        body: await readText(response).catch(() => ''),
      });
    }
    const location = response.headers.get('location');
    if (location === null) {
      throw new HostError(
        'not-an-endpoint',
        `${originOf(endpoint.url)} answers without a session URL.`,
      );
    }
    const url = new URL(location, response.url).href;
    const answer = await readText(response).catch((cause: unknown) => {
      throw unreachableError(endpoint.url, cause);
    });
    const { mediaAddress } = endpoint;
    const reachable = mediaAddress == null ? answer : await withMediaAddress(answer, mediaAddress);
    return new WhipSession(endpoint, url, reachable);
  }

  /** Fails when the gateway says that the session has ended; resolves when it lives or nobody can tell. */
  async check(): Promise<void> {
    const response = await fetch(this.#url, { signal: AbortSignal.timeout(SHORT_MS) }).catch(
      () => null,
    );
    if (response === null) return;
    if (response.status === 404 || response.status === 410) throw await readEnding(response);
    await response.body?.cancel();
  }

  /** Ends the session; a server that is away ends it by itself. */
  async remove(): Promise<void> {
    const response = await fetch(this.#url, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${this.#endpoint.token()}` },
      signal: AbortSignal.timeout(SHORT_MS),
    }).catch(() => null);
    await response?.body?.cancel();
  }
}

async function call(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw unreachableError(url, cause);
  }
}

const ENDINGS: Readonly<Record<string, string>> = {
  kicked: 'An administrator ended this publication.',
  replaced: 'The same user publishes this source from elsewhere now.',
  expired: 'The token has run out.',
  revoked: 'The token was taken back.',
};

async function readEnding(response: Response): Promise<HostError> {
  const problem = readProblem(await readText(response).catch(() => ''));
  const final = ENDINGS[problem?.reason ?? ''];
  if (final !== undefined) return new HostError('ended', final);
  return new HostError('gateway', 'The gateway knows this session no more.');
}
