import { request as requestByHttp, type IncomingMessage } from 'node:http';
import { request as requestByHttps } from 'node:https';
import { LIMITS } from '../limits/limits.ts';
import { hostOf, TargetRefused, type TargetRule } from './target-rule.ts';

/** Of an answer this much is kept for the delivery log. */
const KEPT_ANSWER = 500;
/** The status decides; what follows it is only for the log. */
const ANSWER_MS = 2_000;
/** A receiver may ask for a pause of at most this. */
const MOST_PAUSE_MS = 3_600_000;

/** What became of one request. */
export interface Outcome {
  readonly kind: 'delivered' | 'failed' | 'unreachable' | 'gone';
  /** Null without an answer. */
  readonly status: number | null;
  readonly durationMs: number;
  /** A sentence. */
  readonly detail: string;
  /** The beginning of the answer's body. */
  readonly answer: string;
  /** How long the receiver asked to be left alone; 0: it did not. */
  readonly pauseMs: number;
}

/** What is sent where. */
export interface Message {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/**
 * One POST on a connection of its own, whose address is held against the rule. Redirects are not
 * followed. Never rejects.
 */
export async function attempt(message: Message, rule: TargetRule): Promise<Outcome> {
  const begin = performance.now();
  const took = (): number => Math.round(performance.now() - begin);
  const none = { status: null, answer: '', pauseMs: 0 };
  const signal = AbortSignal.any([message.signal, AbortSignal.timeout(LIMITS.webhookAttemptMs)]);
  try {
    const response = await send(message, rule, signal);
    const durationMs = took();
    const answer = await beginningOf(response);
    const { statusCode: status = 0 } = response;
    const pauseMs = pauseOf(response);
    return { ...judge(status), status, durationMs, answer, pauseMs };
  } catch (error) {
    return { kind: 'unreachable', durationMs: took(), detail: describe(error), ...none };
  }
}

function send(
  { url: text, headers, body }: Message,
  rule: TargetRule,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const url = new URL(text);
  rule.check(url);
  const request = url.protocol === 'https:' ? requestByHttps : requestByHttp;
  return new Promise((resolve, reject) => {
    const sent = request({
      method: 'POST',
      host: hostOf(url),
      port: url.port,
      path: `${url.pathname}${url.search}`,
      agent: false,
      lookup: rule.lookupFor(url),
      signal,
      maxHeaderSize: LIMITS.headerBytes,
      headers: {
        ...headers,
        host: url.host,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'PixelCast-Webhooks',
      },
    });
    sent.on('response', resolve);
    // An error after the answer began only cuts what is read of it.
    sent.on('error', reject);
    sent.end(body);
  });
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => response.destroy(), ANSWER_MS);
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= LIMITS.webhookAnswerBytes) break;
    }
  } catch {
    // what came until then is enough
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
  const text = Buffer.concat(chunks).toString('utf8').slice(0, KEPT_ANSWER);
  return text.replaceAll(/[^\P{C}\n]/gu, '');
}

function judge(status: number): Pick<Outcome, 'kind' | 'detail'> {
  if (status >= 200 && status < 300) return { kind: 'delivered', detail: 'Delivered.' };
  if (status === 410) {
    return { kind: 'gone', detail: 'The receiver answered 410: it wants no more.' };
  }
  const isAway = status === 429 || (status >= 502 && status <= 504);
  const why = status >= 300 && status < 400 ? ' (redirects are not followed)' : '';
  return {
    kind: isAway ? 'unreachable' : 'failed',
    detail: `The receiver answered ${status}${why}.`,
  };
}

function pauseOf({ headers }: IncomingMessage): number {
  const seconds = Number(headers['retry-after'] ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds * 1000), MOST_PAUSE_MS) : 0;
}

function describe(error: unknown): string {
  if (error instanceof TargetRefused) return error.message;
  if (!(error instanceof Error)) return 'It could not be sent.';
  const code = 'code' in error ? String(error.code) : error.name;
  // Happy eyeballs: the reason of each address.
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : undefined;
  if (cause !== undefined) return describe(cause);
  if (error.name === 'AbortError' || code === 'ABORT_ERR' || error.name === 'TimeoutError') {
    return `No answer within ${LIMITS.webhookAttemptMs / 1000} s.`;
  }
  return WORDS[code] ?? `It could not be sent: ${error.message.slice(0, 200)}`;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nobody listens there (connection refused).',
  ECONNRESET: 'The connection was cut (connection reset).',
  ENOTFOUND: 'The name has no address (DNS).',
  EAI_AGAIN: 'The name could not be asked for (DNS).',
  ETIMEDOUT: 'The address does not answer.',
  EHOSTUNREACH: 'The address cannot be reached.',
  ENETUNREACH: 'The address cannot be reached.',
  CERT_HAS_EXPIRED: 'Its certificate has expired.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'Its certificate is not trusted (self-signed).',
  SELF_SIGNED_CERT_IN_CHAIN: 'Its certificate is not trusted (self-signed).',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its certificate is not trusted.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its certificate is for another name.',
};
