import type { Page } from 'playwright-core';

declare global {
  interface Window {
    changingPublisher?: { readonly peer: RTCPeerConnection; readonly canvas: HTMLCanvasElement };
  }
}

/** Publishes a canvas and a tone of 440 Hz by WHIP from a page; resolves when it is connected. */
export async function publishChanging(page: Page, url: string, token: string): Promise<void> {
  await page.evaluate(
    async ([endpoint, bearer]) => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [640, 360];
      const brush = canvas.getContext('2d');
      let frame = 0;
      setInterval(() => {
        if (brush === null) return;
        frame += 1;
        brush.fillStyle = `hsl(${frame % 360} 80% 50%)`;
        brush.fillRect(0, 0, canvas.width, canvas.height);
        brush.fillStyle = '#fff';
        for (let each = 0; each < 12; each += 1) {
          brush.fillRect(Math.random() * canvas.width, Math.random() * canvas.height, 20, 20);
        }
      }, 50);
      const stream = canvas.captureStream(20);
      const context = new AudioContext();
      const tone = new OscillatorNode(context, { frequency: 440 });
      const loudness = new GainNode(context, { gain: 0.4 });
      const sound = new MediaStreamAudioDestinationNode(context);
      tone.connect(loudness).connect(sound);
      tone.start();
      const peer = new RTCPeerConnection();
      for (const track of [...stream.getVideoTracks(), ...sound.stream.getAudioTracks()]) {
        const { sender } = peer.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
        const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
        const transceiver = peer.getTransceivers().find((each) => each.sender === sender);
        if (track.kind !== 'video') continue;
        transceiver?.setCodecPreferences(
          codecs.filter(({ mimeType }) => /h264|rtx/i.test(mimeType)),
        );
      }
      await peer.setLocalDescription();
      await new Promise<void>((resolve) => {
        peer.onicegatheringstatechange = () => {
          if (peer.iceGatheringState === 'complete') resolve();
        };
      });
      const answer = await fetch(endpoint, {
        method: 'POST',
        headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${bearer}` },
        body: peer.localDescription?.sdp ?? '',
      });
      if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
      await peer.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
      await new Promise<void>((resolve, reject) => {
        peer.onconnectionstatechange = () => {
          if (peer.connectionState === 'connected') resolve();
          if (peer.connectionState === 'failed') reject(new Error('not connected'));
        };
      });
      window.changingPublisher = { peer, canvas };
    },
    [url, token] as const,
  );
}

/** From the next frame on the picture has this size. */
export async function resizePicture(page: Page, width: number, height: number): Promise<void> {
  await page.evaluate(
    (size) => {
      const { canvas } = window.changingPublisher ?? {};
      if (canvas !== undefined) [canvas.width, canvas.height] = size;
    },
    [width, height] as const,
  );
}

/** Seconds of sound and picture that were sent, by the encoder's count of frames. */
export async function framesSent(page: Page): Promise<number> {
  return await page.evaluate(async () => {
    const stats = await window.changingPublisher?.peer.getStats();
    for (const entry of stats?.values() ?? []) {
      const { type, kind, framesSent: frames } = entry as Record<string, unknown>;
      if (type === 'outbound-rtp' && kind === 'video') return Number(frames);
    }
    return 0;
  });
}

/** Seconds of sound that the page made so far: on a busy machine it makes less than a clock counts. */
export async function soundMadeSeconds(page: Page): Promise<number> {
  return await page.evaluate(async () => {
    const stats = await window.changingPublisher?.peer.getStats();
    for (const entry of stats?.values() ?? []) {
      const { type, kind, totalSamplesDuration } = entry as Record<string, unknown>;
      if (type === 'media-source' && kind === 'audio') return Number(totalSamplesDuration);
    }
    return 0;
  });
}
