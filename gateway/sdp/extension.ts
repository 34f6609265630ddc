import type { Attributes } from './lines.ts';

/** One RTP header extension that may pass, under the number the client gave it. */
export interface Extension {
  readonly id: number;
  readonly uri: string;
}

/**
 * The known header extensions of a section: each once, each number once (SR-11). Those that name
 * layers pass only where there are some.
 */
export function readExtensions(attributes: Attributes, layered: boolean): Extension[] {
  const extensions: Extension[] = [];
  for (const value of attributes.get('extmap') ?? []) {
    const [, digits, uri] = /^(\d{1,2}) (\S+)$/.exec(value) ?? [];
    const id = Number(digits);
    const known = uri !== undefined && (KNOWN.has(uri) || (layered && OF_LAYERS.has(uri)));
    if (!known || id < 1 || id > 14) continue;
    if (extensions.some((other) => other.id === id || other.uri === uri)) continue;
    extensions.push({ id, uri });
  }
  return extensions;
}

const KNOWN: ReadonlySet<string> = new Set([
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
]);

/** RFC 8852 §4. */
const OF_LAYERS: ReadonlySet<string> = new Set([
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
]);
