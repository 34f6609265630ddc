import type { Page } from 'playwright-core';
import { waitFor } from '../wait-for.ts';

declare global {
  interface Window {
    recordedPeer?: RTCPeerConnection;
    recordedCanvas?: HTMLCanvasElement;
  }
}

export interface MediaPageOptions {
  readonly codec?: 'H264' | 'VP8' | 'VP9' | 'AV1';
  readonly width?: number;
  readonly height?: number;
  readonly audio?: boolean;
  readonly video?: boolean;
  /** Of WebRTC-SVC, such as `L3T3_KEY`. */
  readonly scalabilityMode?: string;
  /** Highest layer first; none: one encoding. */
  readonly layers?: readonly { readonly rid: string; readonly scale: number }[];
}

const DEFAULTS: Required<MediaPageOptions> = {
  codec: 'H264',
  width: 640,
  height: 360,
  audio: true,
  video: true,
  scalabilityMode: '',
  layers: [],
};

/**
 * Publishes a painted canvas and a tone from a page. Once a second the picture is white and the
 * tone loud, together. `exchange` brings an offer to a server and its answer back.
 */
export async function publishFromPage(
  page: Page,
  exchange: (offer: string) => Promise<string>,
  options: MediaPageOptions = {},
): Promise<void> {
  const offer = await page.evaluate(beginInPage, { ...DEFAULTS, ...options });
  await page.evaluate(acceptInPage, await exchange(offer));
}

/** Publishes to a gateway. */
export const whipExchange =
  (url: string, token: string) =>
  async (offer: string): Promise<string> => {
    const headers = { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` };
    const reply = await fetch(url, { method: 'POST', headers, body: offer });
    const text = await reply.text();
    if (reply.status !== 201) throw new Error(`${reply.status}: ${text}`);
    return text;
  };

/** From now on the picture has another size. */
export const resizePicture = (page: Page, width: number, height: number): Promise<void> =>
  page.evaluate(
    (size) => {
      const canvas = window.recordedCanvas;
      if (canvas !== undefined) Object.assign(canvas, size);
    },
    { width, height },
  );

/** Waits until the pictures that are sent have this height. */
export async function sendsHeight(page: Page, height: number): Promise<void> {
  await page.waitForFunction(
    async (wanted) => {
      const entries = [...((await window.recordedPeer?.getStats())?.values() ?? [])];
      return (entries as RTCOutboundRtpStreamStats[]).some(
        ({ type, frameHeight }) => type === 'outbound-rtp' && frameHeight === wanted,
      );
    },
    height,
    { timeout: 60_000, polling: 200 },
  );
}

/** Resolves once the page has sent ten more pictures: where the machine is busy an encoder may pause for seconds. */
export async function sendsMore(page: Page): Promise<void> {
  const sent = async (): Promise<number> =>
    await page.evaluate(async () => {
      const entries = [...((await window.recordedPeer?.getStats())?.values() ?? [])];
      return (entries as RTCOutboundRtpStreamStats[])
        .filter(({ type, kind }) => type === 'outbound-rtp' && kind === 'video')
        .reduce((sum, { framesSent }) => sum + (framesSent ?? 0), 0);
    });
  const before = await sent();
  await waitFor(async () => (await sent()) >= before + 10, {
    timeoutMs: 60_000,
    what: 'ten more pictures to be sent',
  });
}

export const leavePage = (page: Page): Promise<void> =>
  page.evaluate(() => window.recordedPeer?.close());

/** Runs in the page. */
async function beginInPage(options: Required<MediaPageOptions>): Promise<string> {
  const canvas = document.createElement('canvas');
  canvas.width = options.width;
  canvas.height = options.height;
  window.recordedCanvas = canvas;
  const brush = canvas.getContext('2d', { alpha: false });
  const sound = new AudioContext();
  const tone = new OscillatorNode(sound, { frequency: 440 });
  const volume = new GainNode(sound, { gain: 0.05 });
  const sink = sound.createMediaStreamDestination();
  tone.connect(volume).connect(sink);
  tone.start();
  let frame = 0;
  setInterval(() => {
    frame += 1;
    const loud = sound.currentTime % 1 < 0.2;
    volume.gain.value = loud ? 0.8 : 0.02;
    if (brush === null) return;
    brush.fillStyle = loud ? '#fff' : '#203040';
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.fillStyle = '#c33';
    brush.fillRect((frame * 7) % canvas.width, canvas.height / 3, canvas.width / 9, 60);
  }, 40);
  const stream = canvas.captureStream(25);
  const peer = new RTCPeerConnection();
  window.recordedPeer = peer;
  const [video] = stream.getVideoTracks();
  const [audio] = sink.stream.getAudioTracks();
  if (video === undefined || audio === undefined) throw new Error('no tracks');
  if (options.video) {
    const { scalabilityMode } = options;
    const single = scalabilityMode === '' ? [] : [{ scalabilityMode } as RTCRtpEncodingParameters];
    const sendEncodings = options.layers.map(({ rid, scale }) => ({
      rid,
      scaleResolutionDownBy: scale,
    }));
    const transceiver = peer.addTransceiver(video, {
      ...{ direction: 'sendonly' as const, streams: [stream] },
      sendEncodings: sendEncodings.length > 0 ? sendEncodings : single,
    });
    const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
    const wanted = `video/${options.codec}`.toLowerCase();
    transceiver.setCodecPreferences([
      ...codecs.filter(({ mimeType }) => mimeType.toLowerCase() === wanted),
      ...codecs.filter(({ mimeType }) => mimeType.toLowerCase() === 'video/rtx'),
    ]);
    const parameters = transceiver.sender.getParameters();
    // A busy machine would have smaller pictures sent.
    await transceiver.sender.setParameters({
      ...parameters,
      degradationPreference: 'maintain-resolution',
    });
  }
  if (options.audio) peer.addTransceiver(audio, { direction: 'sendonly', streams: [stream] });
  await peer.setLocalDescription();
  await new Promise<void>((resolve) => {
    peer.onicegatheringstatechange = () => {
      if (peer.iceGatheringState === 'complete') resolve();
    };
  });
  return peer.localDescription?.sdp ?? '';
}

/** Runs in the page. */
async function acceptInPage(answer: string): Promise<void> {
  const peer = window.recordedPeer;
  if (peer === undefined) throw new Error('no peer was made');
  const connected = new Promise<void>((resolve, reject) => {
    peer.onconnectionstatechange = () => {
      if (peer.connectionState === 'connected') resolve();
      if (peer.connectionState === 'failed') reject(new Error('the connection failed'));
    };
  });
  await peer.setRemoteDescription({ type: 'answer', sdp: answer });
  await connected;
}
