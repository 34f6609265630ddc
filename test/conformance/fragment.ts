/** ICE credentials of one side. */
export interface IceCredentials {
  readonly ufrag: string;
  readonly pwd: string;
}

export const FRAGMENT = 'application/trickle-ice-sdpfrag';

/** An address for documentation (RFC 5737): nobody answers there. */
export const A_CANDIDATE = 'a=candidate:1 1 udp 2130706431 192.0.2.77 50000 typ host';

/** A trickle fragment in the form of RFC 9725 §4.3.2's example. */
export function fragmentOf(
  ice: IceCredentials,
  candidates: readonly string[] = [A_CANDIDATE],
  media: readonly string[] = ['m=audio 9 RTP/AVP 0', 'a=mid:0'],
): string {
  return lines(`a=ice-ufrag:${ice.ufrag}`, `a=ice-pwd:${ice.pwd}`, ...media, ...candidates);
}

export function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\r\n`).join('');
}
