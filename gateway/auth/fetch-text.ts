/** For the whole answer, however slowly it drips. */
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;

/** The text at a URL, 256 KiB in 5 s at most and without redirects, and its `Cache-Control`. @throws Error with a sentence */
export async function fetchText(
  url: string,
  { accept, signal }: { readonly accept: string; readonly signal: AbortSignal },
): Promise<{ readonly text: string; readonly cacheControl: string }> {
  const reply = await fetch(url, {
    redirect: 'error',
    headers: { accept },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  if (reply.status !== 200) {
    await reply.body?.cancel();
    throw new Error(`its server answers ${reply.status}`);
  }
  const text = await readText(reply);
  return { text, cacheControl: reply.headers.get('cache-control') ?? '' };
}

/** @throws Error when there is more than a key set can have. */
async function readText(reply: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (reply.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error(`its answer is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
