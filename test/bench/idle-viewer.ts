import nodeDataChannel from 'node-datachannel';
import type { PeerConnection, Track } from 'node-datachannel';
import type { SignallingClient } from './signalling-client.ts';

const H264_PROFILE = 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f';
const CONNECT_MS = 5000;

let started = false;

/**
 * A WHEP viewer that looks at nothing it is sent: real ICE, DTLS and SRTP for the server, and as
 * cheap as can be here, so that hundreds of them fit beside it.
 */
export class IdleViewer {
  readonly location: string;
  /** Why the first attempt failed; null when it did not. */
  readonly retriedFor: string | null;
  // Garbage collection closes what nobody holds.
  readonly #parts: Parts;

  private constructor({ parts, location }: Connected, retriedFor: string | null) {
    this.#parts = parts;
    this.location = location;
    this.retriedFor = retriedFor;
  }

  /** Resolves when connected. Tries twice: an offerer of this library may lose the DTLS race. */
  static async open(signalling: SignallingClient, whepUrl: string): Promise<IdleViewer> {
    try {
      return new IdleViewer(await connect(signalling, whepUrl), null);
    } catch (error) {
      if (String(error).includes('POST')) throw error;
      return new IdleViewer(await connect(signalling, whepUrl), String(error));
    }
  }

  get connected(): boolean {
    return this.#parts.peer.state() === 'connected';
  }

  /** Goes without a DELETE and without a word: this library sends nothing when it closes. */
  close(): void {
    closeAll(this.#parts);
  }
}

interface Parts {
  readonly peer: PeerConnection;
  readonly tracks: readonly Track[];
}

interface Connected {
  readonly parts: Parts;
  readonly location: string;
}

async function connect(signalling: SignallingClient, url: string): Promise<Connected> {
  const parts = make();
  let location = '';
  try {
    parts.peer.setLocalDescription('offer');
    const offer = parts.peer.localDescription()?.sdp ?? '';
    // Candidates stay here: only this side starts checks, so the DTLS race cannot happen.
    const posted = await signalling.post(url, offer.replace(/^a=(candidate|end-of).*\r\n/gm, ''));
    if (posted.status !== 201) throw new Error(`POST: ${posted.status} ${posted.text}`);
    location = posted.location;
    parts.peer.setRemoteDescription(posted.text, 'answer');
    await untilConnected(parts.peer);
    return { parts, location };
  } catch (error) {
    closeAll(parts);
    if (location !== '') await signalling.delete(location).catch(() => undefined);
    throw error;
  }
}

function make(): Parts {
  // Without a callback the addon throws, without a logger libjuice prints.
  if (!started) nodeDataChannel.initLogger('Fatal', () => undefined);
  started = true;
  const peer = new nodeDataChannel.PeerConnection('idle', {
    iceServers: [],
    disableAutoNegotiation: true,
    bindAddress: '127.0.0.1',
  });
  const audio = new nodeDataChannel.Audio('0', 'RecvOnly');
  audio.addOpusCodec(111);
  const video = new nodeDataChannel.Video('1', 'RecvOnly');
  video.addH264Codec(102, H264_PROFILE);
  const tracks = [peer.addTrack(audio), peer.addTrack(video)];
  for (const track of tracks) track.onClosed(() => undefined);
  return { peer, tracks };
}

function untilConnected(peer: PeerConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`still ${peer.state()} after ${CONNECT_MS} ms`)),
      CONNECT_MS,
    );
    const look = (): void => {
      const state = peer.state();
      if (state === 'connected') resolve();
      else if (state === 'failed' || state === 'closed') reject(new Error(`connection ${state}`));
      else return;
      clearTimeout(timer);
    };
    peer.onStateChange(look);
    look();
  });
}

function closeAll({ peer, tracks }: Parts): void {
  for (const track of tracks) track.close();
  peer.close();
}
