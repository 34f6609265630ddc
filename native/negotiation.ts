import { randomBytes } from 'node:crypto';
import type { PeerConnection } from 'node-datachannel';
import type { LocalTransport } from './local-transport.ts';

const GATHERING_MS = 2_000;
const UFRAG_BYTES = 6;
const PWD_BYTES = 24;

/**
 * Lets the library answer an offer that we wrote ourselves, once per peer.
 * @throws Error when it refuses the offer; close the peer then.
 */
export const answerOf = async (peer: PeerConnection, offer: string): Promise<LocalTransport> => {
  const ufrag = randomBytes(UFRAG_BYTES).toString('base64url').replaceAll(/[-_]/g, 'x');
  const pwd = randomBytes(PWD_BYTES).toString('base64url').replaceAll(/[-_]/g, 'x');
  peer.setRemoteDescription(offer, 'offer');
  peer.setLocalDescription('answer', { iceUfrag: ufrag, icePwd: pwd });
  await gathered(peer);
  const sdp = peer.localDescription()?.sdp ?? '';
  const fingerprint = /^a=fingerprint:(sha-256 [0-9A-F:]+)\r?$/im.exec(sdp)?.[1];
  if (fingerprint === undefined) throw new Error('the library made no fingerprint');
  return { ufrag, pwd, fingerprint };
};

/** Host candidates are there at once; the wait is for the day when they are not. */
const gathered = async (peer: PeerConnection): Promise<void> => {
  const deadline = performance.now() + GATHERING_MS;
  while (peer.gatheringState() !== 'complete') {
    if (performance.now() > deadline) throw new Error('ICE gathering does not end');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};
