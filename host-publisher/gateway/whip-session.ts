import { HostError } from '../host-error.ts';
import { Problem } from '../../gateway/protocol/problem.ts';

const POST_MS = 15_000;
const SHORT_MS = 4_000;

/** The WHIP endpoint of one source. */
export interface WhipEndpoint {
  readonly url: string;
  /** A token for one request, so that it may be renewed. */
  readonly token: () => string;
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
      headers: { 'content-type': 'application/sdp', authorization: `Bearer ${endpoint.token()}` },
      body: offer,
      signal: AbortSignal.any([stop, AbortSignal.timeout(POST_MS)]),
    });
    if (response.status !== 201) throw await readRefusal(response, endpoint.url);
    const location = response.headers.get('location');
    if (location === null) {
      throw new HostError(
        'not-an-endpoint',
        `${originOf(endpoint.url)} answers without a session URL.`,
      );
    }
    const url = new URL(location, response.url).href;
    return new WhipSession(endpoint, url, await response.text());
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
    throw new HostError(
      'gateway',
      `The gateway at ${originOf(url)} does not answer (${reasonOf(cause)}).`,
      { cause },
    );
  }
}

async function readRefusal(response: Response, url: string): Promise<HostError> {
  const problem = Problem.safeParse(await response.json().catch(() => null)).data;
  const words = problem?.detail ?? `HTTP status ${response.status}`;
  const { status } = response;
  const retryAfterMs =
    1000 * Number(/^\d{1,4}$/.exec(response.headers.get('retry-after') ?? '')?.[0] ?? 0);
  if (problem?.code === 'source-busy') {
    return new HostError('busy', `The room is busy: ${words}`, { retryAfterMs });
  }
  if (status === 401 || status === 403) {
    return new HostError('refused', `The gateway refuses the token: ${words}`);
  }
  if (problem === undefined && status >= 300 && status < 500) {
    return new HostError('not-an-endpoint', `${originOf(url)} is no PixelCast gateway (${words}).`);
  }
  if (status === 429 || status >= 500) {
    return new HostError('gateway', `The gateway cannot take it now: ${words}`, { retryAfterMs });
  }
  return new HostError('refused', `The gateway refuses to publish: ${words}`);
}

const ENDINGS: Readonly<Record<string, string>> = {
  kicked: 'An administrator ended this publication.',
  replaced: 'The same user publishes this source from elsewhere now.',
  expired: 'The token has run out.',
  revoked: 'The token was taken back.',
};

async function readEnding(response: Response): Promise<HostError> {
  const problem = Problem.safeParse(await response.json().catch(() => null)).data;
  const final = ENDINGS[problem?.reason ?? ''];
  if (final !== undefined) return new HostError('ended', final);
  return new HostError('gateway', 'The gateway knows this session no more.');
}

function originOf(url: string): string {
  return new URL(url).origin;
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string } };
  return cause?.code ?? message;
}
