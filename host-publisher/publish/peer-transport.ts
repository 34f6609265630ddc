import type { PeerConnection } from 'node-datachannel';

/** What the library's transport says of itself. */
export interface PeerTransport {
  readonly ufrag: string;
  readonly pwd: string;
  readonly fingerprint: string;
  readonly candidates: readonly string[];
}

/** Of a peer that has its local description, with the candidates that were found by now. */
export function transportOf(peer: PeerConnection): PeerTransport {
  const sdp = peer.localDescription()?.sdp ?? '';
  const first = (pattern: RegExp): string => pattern.exec(sdp)?.[1]?.trim() ?? '';
  return {
    ufrag: first(/^a=ice-ufrag:(.*)$/m),
    pwd: first(/^a=ice-pwd:(.*)$/m),
    fingerprint: first(/^a=fingerprint:(.*)$/m),
    candidates: (sdp.match(/^a=candidate:.*$/gm) ?? []).map((line) => line.trim()),
  };
}
