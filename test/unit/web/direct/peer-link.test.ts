import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PeerLink } from '../../../../web/core/direct/peer-link.ts';
import type { LinkState } from '../../../../web/core/direct/peer-link.ts';

/** A peer connection whose state is moved by hand; it notes what is set. */
class FakePeer {
  connectionState: RTCPeerConnectionState = 'new';
  signalingState: RTCSignalingState = 'stable';
  localDescription: { sdp: string } | null = null;
  remoteDescription: { sdp: string } | null = null;
  onconnectionstatechange: (() => void) | null = null;
  onicecandidate: unknown = null;
  readonly candidates: unknown[] = [];
  restarts = 0;
  #offers = 0;

  restartIce(): void {
    this.restarts += 1;
  }

  setLocalDescription(): Promise<void> {
    const isAnswer = this.signalingState === 'have-remote-offer';
    this.signalingState = isAnswer ? 'stable' : 'have-local-offer';
    this.localDescription = { sdp: isAnswer ? 'answer' : `offer ${++this.#offers}` };
    return Promise.resolve();
  }

  setRemoteDescription({ type, sdp }: { type: string; sdp: string }): Promise<void> {
    this.signalingState = type === 'offer' ? 'have-remote-offer' : 'stable';
    this.remoteDescription = { sdp };
    return Promise.resolve();
  }

  addIceCandidate(candidate?: { candidate: string }): Promise<void> {
    this.candidates.push(candidate?.candidate ?? null);
    return Promise.resolve();
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  close(): void {
    this.connectionState = 'closed';
  }
}

function aLink(isOfferer: boolean) {
  const peer = new FakePeer();
  const said: string[] = [];
  const states: LinkState[] = [];
  const say = (what: string) => {
    said.push(what);
    return true;
  };
  const link = new PeerLink({
    port: { createPeerConnection: () => peer as unknown as RTCPeerConnection },
    configuration: {},
    isOfferer,
    voice: {
      offer: say,
      answer: say,
      requestOffer: () => say('please offer'),
      candidate: () => true,
    },
    onState: (state) => states.push(state),
  });
  return { peer, said, states, link };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

test('[DIR-10] an offerer whose path is cut offers anew with an ICE restart, once for each answer', async () => {
  const { peer, said, states, link } = aLink(true);
  await link.offer();
  await link.handleAnswer('answer');
  peer.become('connected');
  peer.become('disconnected');
  await pass(1_000);
  expect(said).toEqual(['offer 1', 'offer 2']);
  link.restart();
  link.restart();
  await pass(0);
  expect(said).toEqual(['offer 1', 'offer 2']);
  await link.handleAnswer('answer');
  await pass(0);
  expect(said).toEqual(['offer 1', 'offer 2', 'offer 3']);
  expect(peer.restarts).toBe(2);
  expect(states).toEqual(['connected', 'interrupted']);
  peer.become('connected');
  expect(states.at(-1)).toBe('connected');
});

test('[DIR-10] an offer that nobody answers is made again', async () => {
  const { said, link } = aLink(true);
  await link.offer();
  await pass(5_000);
  expect(said).toEqual(['offer 1', 'offer 2']);
});

test('[DIR-10] the other side asks for an offer, and answers what comes', async () => {
  const { peer, said, link } = aLink(false);
  await link.handleOffer('offer');
  peer.become('connected');
  peer.become('failed');
  expect(said).toEqual(['answer', 'please offer']);
  await link.handleOffer('offer again');
  expect(said).toEqual(['answer', 'please offer', 'answer']);
});

test('[DIR-11] candidates that come first wait for their description', async () => {
  const { peer, link } = aLink(false);
  await link.handleCandidate({ candidate: 'candidate:1' });
  await link.handleCandidate(null);
  expect(peer.candidates).toEqual([]);
  await link.handleOffer('offer');
  await link.handleCandidate({ candidate: 'candidate:2' });
  expect(peer.candidates).toEqual(['candidate:1', null, 'candidate:2']);
});

test('[DIR-11] a link gives up after 20 s without a path, and says nothing once closed', async () => {
  const { peer, states, link } = aLink(true);
  await link.offer();
  await pass(20_000);
  expect(states).toEqual(['failed']);
  const other = aLink(true);
  other.link.close();
  other.peer.become('failed');
  await pass(60_000);
  expect(other.states).toEqual([]);
  expect(peer.onconnectionstatechange).not.toBeNull();
});
