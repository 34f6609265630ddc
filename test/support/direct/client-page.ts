import type { Page } from 'playwright-core';
import type { InputFrame } from '../../../gateway/protocol/input.ts';

/** What a page of a bare client needs. */
export interface ClientPlace {
  /** Of the gateway, with `ws:`. */
  readonly url: string;
  readonly room: string;
  readonly token: string;
}

/** Runs in the page: a client of nothing but the browser's own parts, which controls if it may. */
export function startClient({ url, room, token }: ClientPlace): void {
  const video = document.createElement('video');
  Object.assign(video, { autoplay: true, muted: true, playsInline: true });
  document.body.replaceChildren(video);
  const protocolsOf = (name: string): string[] => [name, `pixelcast.token.${token}`];
  const client = { epoch: null as number | null, ended: '', keys: null as RTCDataChannel | null };
  Object.assign(window, { client });
  const signal = new WebSocket(`${url}/ws/signal`, protocolsOf('pixelcast.signal.v1'));
  const say = (message: object): void => signal.send(JSON.stringify(message));
  const connection = new RTCPeerConnection();
  const stream = new MediaStream();
  video.srcObject = stream;
  connection.ontrack = ({ track }) => stream.addTrack(track);
  connection.onicecandidate = ({ candidate }) => say({ type: 'ice-candidate', candidate });
  const offer = async (): Promise<void> => {
    for (const kind of ['audio', 'video']) {
      connection.addTransceiver(kind, { direction: 'recvonly' });
    }
    client.keys = connection.createDataChannel('keys', { ordered: true });
    connection.createDataChannel('motion', { ordered: false, maxRetransmits: 0 });
    await connection.setLocalDescription();
    say({ type: 'offer', sdp: connection.localDescription?.sdp });
  };
  const hear = async (message: Record<string, never>): Promise<void> => {
    const { type, sdp, peers, candidate, reason } = message as Record<string, unknown>;
    const isFirst = connection.signalingState === 'stable' && client.keys === null;
    const hasPeer = type === 'registered' && (peers as unknown[]).length > 0;
    if (isFirst && (hasPeer || type === 'peer-connected')) await offer();
    if (type === 'answer') {
      await connection.setRemoteDescription({ type: 'answer', sdp: String(sdp) });
    }
    if (type === 'ice-candidate' && candidate !== null) {
      await connection.addIceCandidate(candidate as RTCIceCandidateInit);
    }
    if (type === 'peer-disconnected') client.ended = String(reason);
  };
  const control = new WebSocket(`${url}/ws/control/${room}`, protocolsOf('pixelcast.viewer.v1'));
  let viewer = '';
  control.onopen = () => {
    control.send(JSON.stringify({ type: 'viewer/watching', source: 'main', session: null }));
  };
  control.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as Record<string, unknown>;
    if (message['type'] === 'control/welcome') {
      viewer = String(message['viewer']);
      say({ type: 'register', room, role: 'client', control: message['resume'] });
    }
    if (message['type'] !== 'control/state') return;
    const { keyboard } = message['holders'] as {
      keyboard: { viewer: string; epoch: number } | null;
    };
    client.epoch = keyboard?.viewer === viewer ? keyboard.epoch : null;
  };
  Object.assign(client, {
    ask: () => control.send(JSON.stringify({ type: 'control/request', id: 'wish' })),
  });
  let works = Promise.resolve();
  signal.onmessage = ({ data }) => {
    works = works.then(() => hear(JSON.parse(String(data)) as Record<string, never>));
  };
}

interface ClientWindow {
  readonly client: {
    readonly epoch: number | null;
    readonly ended: string;
    readonly keys: RTCDataChannel | null;
    ask(): void;
  };
}

/** The epoch in which a page of `startClient` holds the keyboard; null: it does not. */
export const epochIn = (page: Page): Promise<number | null> =>
  page.evaluate(() => (window as unknown as ClientWindow).client.epoch);

export const endedIn = (page: Page): Promise<string> =>
  page.evaluate(() => (window as unknown as ClientWindow).client.ended);

export const askControlIn = (page: Page): Promise<void> =>
  page.evaluate(() => (window as unknown as ClientWindow).client.ask());

/** Sends a frame by the data channel alone. */
export const sendIn = (page: Page, frame: InputFrame): Promise<void> =>
  page.evaluate((text) => {
    const { keys } = (window as unknown as ClientWindow).client;
    if (keys?.readyState === 'open') keys.send(text);
  }, JSON.stringify(frame));
