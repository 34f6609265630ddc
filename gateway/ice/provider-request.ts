import { ProviderFailure } from './provider-failure.ts';

/** For the whole answer, however slowly it drips. */
const TIMEOUT_MS = 5_000;
/** The largest known answer has 2 KB. */
const MAX_BYTES = 64 * 1024;

export interface ProviderReply {
  readonly json: unknown;
  /** RFC 9111: `max-age`, 0 for `no-store` and `no-cache`. */
  readonly maxAgeSeconds: number | undefined;
}

/**
 * One request to a provider of ICE servers, by the URL that the operator gave: no redirect is
 * followed, for it would take the credentials of the request elsewhere.
 * @throws ProviderFailure, or what `fetch` throws
 */
export async function askProvider(
  url: string,
  init: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string },
  closing: AbortSignal,
): Promise<ProviderReply> {
  const reply = await fetch(url, {
    ...init,
    headers: { accept: 'application/json', ...init.headers },
    redirect: 'manual',
    signal: AbortSignal.any([closing, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  if (!reply.ok) {
    await reply.body?.cancel();
    throw new ProviderFailure(`Its server answers ${reply.status}.`);
  }
  const text = await readText(reply);
  return { json: readJson(text), maxAgeSeconds: maxAge(reply.headers.get('cache-control') ?? '') };
}

async function readText(reply: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (reply.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BYTES)
      throw new ProviderFailure(`Its answer is larger than ${MAX_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message repeats the text, which may be a credential.
    throw new ProviderFailure('Its answer is no JSON.');
  }
}

/** RFC 9111 §5.2.2. */
function maxAge(cacheControl: string): number | undefined {
  if (/\bno-(store|cache)\b/i.test(cacheControl)) return 0;
  const seconds = /\bmax-age="?(\d{1,9})\b/i.exec(cacheControl)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
