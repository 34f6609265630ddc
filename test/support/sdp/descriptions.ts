import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Offers of clients in the wild (whip-whep.md §4.1): captured from Chromium 156, else rebuilt. */
export const OFFER_NAMES = namesIn('offers');

/** The offer of a client, with CRLF line ends. */
export function anOffer(name: string): string {
  return read('offers', name);
}

/** An answer of SRS 6.0.157 to the Chromium offers, with CRLF line ends. */
export function aNodeAnswer(name: string): string {
  return read('answers', name);
}

/** Whether a client of this name publishes or watches. */
export function kindOf(name: string): 'publish' | 'watch' {
  return name.includes('publish') ? 'publish' : 'watch';
}

/** The offers of clients in the wild and those that benchmarks send. */
export const ALL_OFFERS = ['offers', '../../bench/offers'].flatMap((folder) =>
  namesIn(folder).map((name) => ({ name, kind: kindOf(name), sdp: read(folder, name) })),
);

/** `sdp` with the first `line` replaced by others (none: removed); fails when it is not there. */
export function edit(sdp: string, line: string, ...others: readonly string[]): string {
  const lines = sdp.split('\r\n');
  const at = lines.indexOf(line);
  if (at < 0) throw new Error(`The SDP has no line ${line}`);
  return lines.toSpliced(at, 1, ...others).join('\r\n');
}

/** `sdp` with lines added at its end, so below its last m-line. */
export function append(sdp: string, ...lines: readonly string[]): string {
  return sdp + lines.map((line) => `${line}\r\n`).join('');
}

/** The lines of one section: -1 is the session, 0 the first m-line. */
export function sectionOf(sdp: string, index: number): readonly string[] {
  const sections = sdp.split(/^(?=m=)/m);
  return (sections[index + 1] ?? '').split('\r\n').filter((line) => line !== '');
}

function namesIn(folder: string): readonly string[] {
  return readdirSync(join(import.meta.dirname, folder)).map((file) => file.replace('.sdp', ''));
}

function read(folder: string, name: string): string {
  const text = readFileSync(join(import.meta.dirname, folder, `${name}.sdp`), 'utf8');
  return text.replaceAll('\n', '\r\n');
}
