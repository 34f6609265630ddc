import { MediaError } from '../../media.ts';

/** The largest offer seen from a real client was 7.5 KB. */
const MAX_BYTES = 65_536;
const MAX_LINES = 2_000;
const MAX_SECTIONS = 16;

/** One part of an SDP: the session, or one m-line with what belongs to it. */
export interface SdpPart {
  /** The m-line's value; empty for the session part. */
  readonly media: string;
  /** Values of `a=name` or `a=name:value` lines, by name, in order. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

/** Cuts untrusted text into the session part and its media parts. @throws MediaError 5012 */
export const splitSdp = (text: string): { session: SdpPart; media: SdpPart[] } => {
  if (text.length > MAX_BYTES) throw new MediaError(5012, 'sdp is too long');
  const lines = text.split(/\r?\n/);
  if (lines.length > MAX_LINES) throw new MediaError(5012, 'sdp has too many lines');
  if (lines[0] !== 'v=0') throw new MediaError(5012, 'sdp does not start with v=0');
  const parts = [{ media: '', attributes: new Map<string, string[]>() }];
  for (const line of lines) {
    if (line === '') continue;
    if (!/^[a-z]=/.test(line)) throw new MediaError(5012, 'sdp has a line that is not type=value');
    if (line.startsWith('m=')) {
      parts.push({ media: line.slice(2), attributes: new Map() });
      if (parts.length > MAX_SECTIONS + 1) throw new MediaError(5012, 'sdp has too many m-lines');
    }
    if (!line.startsWith('a=')) continue;
    const colon = line.indexOf(':');
    const name = colon < 0 ? line.slice(2) : line.slice(2, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).trim();
    const attributes = parts.at(-1)?.attributes;
    const values = attributes?.get(name);
    if (values === undefined) attributes?.set(name, [value]);
    else values.push(value);
  }
  const [session, ...media] = parts;
  if (session === undefined || media.length === 0) throw new MediaError(5012, 'sdp has no m-line');
  return { session, media };
};
