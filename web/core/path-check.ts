import { carriedBy } from './path-silence.ts';

const SILENT_MS = 1_000;

/**
 * Whether neither RTP nor RTCP comes by a connection for a second; false where a browser does not
 * tell. A server may answer STUN from an address to which it sends no media: ICE is content then,
 * and the picture stands until the server gives the former address up, after 30 s.
 */
export async function isPathSilent(pc: RTCPeerConnection): Promise<boolean> {
  const before = carriedBy(await pc.getStats());
  await new Promise((resolve) => setTimeout(resolve, SILENT_MS));
  const after = carriedBy(await pc.getStats());
  return before.bytes > 0 && after.bytes <= before.bytes;
}
