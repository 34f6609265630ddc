import type { Page } from 'playwright-core';
import type * as UplinkFitModule from '../../../web/core/uplink-fit.ts';

export interface PageSessionOptions {
  /** WHIP or WHEP endpoint with its query. */
  readonly url: string;
  readonly bearer?: string;
  /** All media goes to this port of 127.0.0.1 (a relay), whatever the answer's candidates say. */
  readonly relayPort?: number;
  /** For the connection; nothing when absent. */
  readonly rtc?: RTCConfiguration;
}

export interface PublishOptions extends PageSessionOptions {
  readonly codec?: 'H264' | 'VP8';
  readonly maxBitsPerSecond?: number;
  readonly contentHint?: 'motion' | 'detail';
  /** Simulcast, lowest first; one encoding when absent. */
  readonly layers?: readonly RTCRtpEncodingParameters[];
  /** Where the bandwidth estimate starts; a server may say so in its answer, else 300 kbit/s. */
  readonly startBitsPerSecond?: number;
  /** Fits the picture to the uplink, as the product's publisher does (`web/core/uplink-fit.ts`). */
  readonly fitsUplink?: boolean;
}

/** Milliseconds since the start of the call, by the page's clock. */
export interface SessionTimes {
  /** Before the POST: transceivers, offer, local description. */
  readonly offeredMs: number;
  readonly answeredMs: number;
  readonly connectedMs: number;
  /** First frame painted; only for viewers. */
  readonly firstFrameMs: number | null;
}

/** Publishes `window.movingPicture.stream` of the page by WHIP; resolves when connected. */
export function publishFromPage(page: Page, options: PublishOptions): Promise<SessionTimes> {
  return page.evaluate(startSession, { ...options, kind: 'publish' as const });
}

/** Plays by WHEP in a new `<video>` of the page; resolves with the first decoded frame. */
export function watchFromPage(page: Page, options: PageSessionOptions): Promise<SessionTimes> {
  return page.evaluate(startSession, { ...options, kind: 'watch' as const });
}

/** Closes all peer connections of the page, as a page that is left does. */
export function endPageSessions(page: Page): Promise<void> {
  return page.evaluate(() => {
    for (const peer of window.testPeers ?? []) peer.close();
    window.testPeers?.splice(0);
    for (const video of document.querySelectorAll('video')) video.remove();
  });
}

/** Runs in the page, so it may use nothing of this file. */
async function startSession(
  options: PublishOptions & { readonly kind: 'publish' | 'watch' },
): Promise<SessionTimes> {
  const startedAt = performance.now();
  const since = (): number => performance.now() - startedAt;
  const peer = new RTCPeerConnection(options.rtc);
  const within = (limitMs: number, what: string, arm: (done: () => void) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${what} in ${limitMs} ms`)), limitMs);
      arm(() => {
        clearTimeout(timer);
        resolve();
      });
    });

  const addSenders = (): void => {
    const stream = window.movingPicture?.stream;
    if (stream === undefined) throw new Error('paintMovingPicture comes first');
    for (const track of stream.getTracks()) {
      if (track.kind === 'video') track.contentHint = options.contentHint ?? 'motion';
      const single = [{ maxBitrate: options.maxBitsPerSecond ?? 2_000_000 }];
      const sendEncodings = track.kind === 'video' ? [...(options.layers ?? single)] : [];
      const init: RTCRtpTransceiverInit = { direction: 'sendonly', streams: [stream] };
      const transceiver = peer.addTransceiver(
        track,
        sendEncodings.length > 0 ? { ...init, sendEncodings } : init,
      );
      const wanted = `video/${options.codec ?? 'H264'}`;
      const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
      const isKept = (mimeType: string): boolean => mimeType === wanted || mimeType === 'video/rtx';
      if (track.kind !== 'video') continue;
      transceiver.setCodecPreferences(codecs.filter((codec) => isKept(codec.mimeType)));
    }
  };
  const addReceivers = (): Promise<void> => {
    peer.addTransceiver('audio', { direction: 'recvonly' });
    peer.addTransceiver('video', { direction: 'recvonly' });
    const video = document.createElement('video');
    video.autoplay = true;
    video.style.cssText = 'display:block;width:320px;height:180px';
    const stream = new MediaStream();
    peer.ontrack = ({ track }) => {
      stream.addTrack(track);
      video.srcObject = stream;
    };
    document.body.append(video);
    return within(15_000, 'frame', (done) => video.requestVideoFrameCallback(done));
  };
  const fitUplink = async (): Promise<void> => {
    const sender = peer.getSenders().find(({ track }) => track?.kind === 'video');
    if (sender === undefined) return;
    const coreModule = '/core/uplink-fit.ts';
    const { UplinkFit } = (await import(coreModule)) as typeof UplinkFitModule;
    new UplinkFit({
      readStats: () => sender.getStats(),
      ceilingBps: () => options.maxBitsPerSecond,
      apply: async (scale) => {
        const parameters = sender.getParameters();
        for (const encoding of parameters.encodings) encoding.scaleResolutionDownBy = scale;
        await sender.setParameters(parameters);
      },
    });
  };
  let shown = Promise.resolve();
  if (options.kind === 'publish') addSenders();
  else shown = addReceivers();
  shown.catch(() => undefined);

  const connected = within(15_000, 'connection', (done) => {
    peer.onconnectionstatechange = () => {
      if (peer.connectionState === 'connected') done();
    };
  });
  connected.catch(() => undefined);
  await peer.setLocalDescription();
  const offeredMs = since();
  const headers = new Headers({ 'content-type': 'application/sdp' });
  if (options.bearer !== undefined) headers.set('authorization', `Bearer ${options.bearer}`);
  // Candidates stay here, so that only this side starts checks and nothing goes around a relay.
  const body = (peer.localDescription?.sdp ?? '').replace(/a=candidate:.*\r\n/g, '');
  const response = await fetch(options.url, { method: 'POST', headers, body });
  const answer = await response.text();
  if (response.status !== 201) throw new Error(`POST: ${response.status} ${answer.slice(0, 200)}`);
  const answeredMs = since();
  const { relayPort } = options;
  const candidate = `a=candidate:1 1 udp 2130706431 127.0.0.1 ${relayPort} typ host\r\n`;
  const sdp =
    relayPort === undefined
      ? answer
      : answer
          .replace(/a=(candidate:.*|end-of-candidates)\r\n/g, '')
          .replace(/(a=mid:.*\r\n)/g, `$1${candidate}`);
  const startKbps = Math.round((options.startBitsPerSecond ?? 0) / 1000);
  const hinted =
    startKbps > 0
      ? sdp.replace(/(a=fmtp:.*profile-level-id=\w+)/g, `$1;x-google-start-bitrate=${startKbps}`)
      : sdp;
  await peer.setRemoteDescription({ type: 'answer', sdp: hinted });
  await connected;
  const connectedMs = since();
  if (options.fitsUplink === true) await fitUplink();
  await shown;
  return {
    offeredMs,
    answeredMs,
    connectedMs,
    firstFrameMs: options.kind === 'watch' ? since() : null,
  };
}
