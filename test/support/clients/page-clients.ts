import { WHEPClient } from '@binbat/whip-whep/whep.js';
import { WHIPClient } from '@binbat/whip-whep/whip.js';
import { WebRTCPlayer } from '@eyevinn/webrtc-player';
import { WHIPClient as EyevinnWhipClient } from '@eyevinn/whip-web-client';
import type { ClientSession, Destination } from './client-session.ts';
import { readWithDataChannel } from './data-channel-reader.ts';

type Publish = (to: Destination, stream: MediaStream) => Promise<ClientSession>;
type Play = (from: Destination, video: HTMLVideoElement) => Promise<ClientSession>;

/** Public WHIP clients by the name of their package, each used as its documentation says. */
export const publishers = {
  'whip.js of @binbat/whip-whep': async ({ url, token }, stream) => {
    const peer = new RTCPeerConnection();
    for (const track of stream.getTracks()) {
      peer.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
    }
    const client = new WHIPClient();
    await client.publish(peer, url, token);
    return client;
  },
  '@eyevinn/whip-web-client': async ({ url, token }, stream) => {
    const client = new EyevinnWhipClient({
      endpoint: url,
      opts: { authkey: token, iceServers: [] },
    });
    await client.setIceServersFromEndpoint();
    await client.ingest(stream);
    return { stop: () => client.destroy() };
  },
} as const satisfies Record<string, Publish>;

/** Public WHEP players, and one that offers a data channel as MediaMTX's reader does. */
export const players = {
  'whep.js of @binbat/whip-whep': async ({ url, token }, video) => {
    const peer = new RTCPeerConnection();
    const stream = new MediaStream();
    peer.ontrack = ({ track }) => {
      stream.addTrack(track);
      video.srcObject = stream;
    };
    peer.addTransceiver('audio', { direction: 'recvonly' });
    peer.addTransceiver('video', { direction: 'recvonly' });
    const client = new WHEPClient();
    await client.view(peer, url, token);
    return client;
  },
  '@eyevinn/webrtc-player': async ({ url, token }, video) => {
    const player = new WebRTCPlayer({ video, type: 'whep', iceServers: [] });
    for (const event of ['connect-error', 'initial-connection-failed']) {
      player.on(event, () => (document.title = event));
    }
    // It sends the key as it stands.
    await player.load(new URL(url), `Bearer ${token}`);
    return { stop: () => player.unload() };
  },
  'a reader with a data channel': readWithDataChannel,
} as const satisfies Record<string, Play>;

export type PublisherName = keyof typeof publishers;
export type PlayerName = keyof typeof players;
