/** An answer and a problem are a few KiB. */
const MOST_BYTES = 256 * 1024;

/** The text of a body; what is longer than a gateway's ever is, is cut off. */
export async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  if (body === null) return '';
  for await (const part of body) {
    parts.push(part);
    size += part.length;
    if (size > MOST_BYTES) break;
  }
  return Buffer.concat(parts).toString('utf8');
}
