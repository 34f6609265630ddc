import type { SignalClient } from '../signal/signal-client.ts';
import type { LinkVoice } from './peer-link.ts';

/** Says what a link says to the peer that it leads to. */
export function voiceTo(signal: SignalClient, to: string): LinkVoice {
  return {
    offer: (sdp) => signal.send({ type: 'offer', sdp, to }),
    answer: (sdp) => signal.send({ type: 'answer', sdp, to }),
    requestOffer: () => signal.send({ type: 'request-offer', to }),
    candidate: (candidate) =>
      signal.send({
        type: 'ice-candidate',
        candidate: candidate === null ? null : toInit(candidate),
        to,
      }),
  };
}

function toInit({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: RTCIceCandidate) {
  return { candidate, sdpMid, sdpMLineIndex, usernameFragment };
}
