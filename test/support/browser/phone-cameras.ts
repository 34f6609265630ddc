import type { Page } from 'playwright-core';

declare global {
  interface Window {
    /** What `usePhoneCameras` put there. */
    phoneCameras?: {
      /** Of the camera that is open now. */
      torch: boolean;
      zoom: number;
      /** How many are open; phones open one at a time. */
      open: number;
      turn: (isUpright: boolean) => void;
    };
  }
}

/**
 * Gives a page the cameras of a phone, which Chromium's fake devices are not: `back` is red, with
 * torch and zoom, `front` is blue; they turn with the phone, and only one opens at a time. The
 * microphone stays the browser's.
 */
export async function usePhoneCameras(page: Page): Promise<void> {
  await page.evaluate(() => {
    const phone = { torch: false, zoom: 1, open: 0, isUpright: false };
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    const list = mediaDevices.enumerateDevices.bind(mediaDevices);
    window.phoneCameras = Object.assign(phone, {
      turn: (isUpright: boolean) => void (phone.isUpright = isUpright),
    });

    const openCamera = (wanted: MediaTrackConstraints): MediaStreamTrack => {
      if (phone.open > 0) throw new DOMException('one at a time', 'NotReadableError');
      const { facingMode, deviceId } = wanted as {
        facingMode?: { ideal?: string };
        deviceId?: { exact?: string };
      };
      const isFront = facingMode?.ideal === 'user' || deviceId?.exact === 'front';
      const canvas = document.createElement('canvas');
      const brush = canvas.getContext('2d');
      let long = 640;
      let step = 0;
      const paint = () => {
        const short = (long * 9) / 16;
        const [width, height] = phone.isUpright ? [short, long] : [long, short];
        if (canvas.width !== width) Object.assign(canvas, { width, height });
        if (brush === null) return;
        step += 1;
        brush.fillStyle = `hsl(${isFront ? 240 : 0} 90% ${40 + (step % 20)}%)`;
        brush.fillRect(0, 0, width, height);
      };
      paint();
      const timer = setInterval(paint, 40);
      const [track] = canvas.captureStream(25).getVideoTracks();
      if (track === undefined) throw new Error('no track of a canvas');
      phone.open += 1;
      const stop = track.stop.bind(track);
      return Object.assign(track, {
        stop: () => {
          if (track.readyState === 'live') phone.open -= 1;
          clearInterval(timer);
          stop();
        },
        getSettings: () => ({
          deviceId: isFront ? 'front' : 'back',
          facingMode: isFront ? 'user' : 'environment',
          ...{ width: canvas.width, height: canvas.height, zoom: phone.zoom },
        }),
        getCapabilities: () =>
          isFront ? {} : { torch: true, zoom: { min: 1, max: 8, step: 0.5 } },
        applyConstraints: (told: {
          width?: { ideal?: number };
          advanced?: { torch?: boolean; zoom?: number }[];
        }) => {
          long = told.width?.ideal ?? long;
          phone.torch = told.advanced?.some(({ torch }) => torch === true) ?? false;
          phone.zoom = told.advanced?.find(({ zoom }) => zoom !== undefined)?.zoom ?? 1;
          return Promise.resolve();
        },
      });
    };
    mediaDevices.getUserMedia = async ({ audio, video } = {}) => {
      const tracks = typeof video === 'object' ? [openCamera(video)] : [];
      if (audio === true) tracks.push(...(await ask({ audio })).getAudioTracks());
      return new MediaStream(tracks);
    };
    mediaDevices.enumerateDevices = async () => [
      ...(await list()).filter(({ kind }) => kind !== 'videoinput'),
      ...['back', 'front'].map((deviceId) => ({
        ...{ deviceId, groupId: '', kind: 'videoinput' as const, label: deviceId },
        toJSON: () => deviceId,
      })),
    ];
  });
}
