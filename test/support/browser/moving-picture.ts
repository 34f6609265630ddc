import type { Page } from 'playwright-core';

declare global {
  interface Window {
    movingPicture?: { readonly stream: MediaStream; framesPainted: number };
  }
}

export interface MovingPictureOptions {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  /** Random rectangles per frame: 16 make 720p30 in H.264 about 2 Mbit/s. */
  readonly rectangles: number;
  readonly toneHz: number;
  /** Whether the page shows it; a page that only publishes saves the compositing. */
  readonly shown: boolean;
}

const DEFAULTS: MovingPictureOptions = {
  width: 1280,
  height: 720,
  framesPerSecond: 30,
  rectangles: 16,
  toneHz: 440,
  shown: true,
};

/**
 * Fills the page with a moving picture and plays a tone: something to capture, and a MediaStream in
 * `window.movingPicture.stream` to publish. Each frame carries its time code (see `time-code.ts`).
 */
export function paintMovingPicture(
  page: Page,
  options: Partial<MovingPictureOptions> = {},
): Promise<void> {
  return page.evaluate(
    (settings) => {
      const canvas = document.createElement('canvas');
      canvas.width = settings.width;
      canvas.height = settings.height;
      canvas.style.cssText = 'display:block;width:100vw;height:100vh';
      if (settings.shown) document.body.append(canvas);
      const brush = canvas.getContext('2d', { alpha: false });
      if (brush === null) throw new Error('no 2d canvas');
      const columns = 64;
      const block = Math.floor(settings.width / columns);

      // 44 bits of epoch milliseconds and 20 bits of frame counter, then the same inverted.
      const paintTimeCode = (frame: number): void => {
        const code = (BigInt(Date.now()) << 20n) | BigInt(frame % 1_048_576);
        for (let bit = 0; bit < columns; bit += 1) {
          const isOne = ((code >> BigInt(columns - 1 - bit)) & 1n) === 1n;
          brush.fillStyle = isOne ? '#fff' : '#000';
          brush.fillRect(bit * block, 0, block, block);
          brush.fillStyle = isOne ? '#000' : '#fff';
          brush.fillRect(bit * block, block, block, block);
        }
      };
      const paint = (frame: number): void => {
        brush.fillStyle = `hsl(${(frame * 2) % 360} 60% 45%)`;
        brush.fillRect(0, 0, settings.width, settings.height);
        for (let n = 0; n < settings.rectangles; n += 1) {
          brush.fillStyle = `hsl(${Math.random() * 360} 80% 50%)`;
          brush.fillRect(Math.random() * settings.width, Math.random() * settings.height, 60, 60);
        }
        brush.fillStyle = '#fff';
        const x = ((frame * 8) % (settings.width + 200)) - 100;
        brush.fillRect(x, settings.height / 2 - 50, 100, 100);
        paintTimeCode(frame);
      };

      const audio = new AudioContext();
      const tone = new OscillatorNode(audio, { frequency: settings.toneHz });
      const volume = new GainNode(audio, { gain: 0.3 });
      const sink = audio.createMediaStreamDestination();
      tone.connect(volume);
      volume.connect(sink);
      volume.connect(audio.destination);
      tone.start();

      // Zero: a frame for each requestFrame. A rate here drops every sixth frame of a 30 Hz timer.
      const stream = canvas.captureStream(0);
      const [track] = stream.getVideoTracks() as CanvasCaptureMediaStreamTrack[];
      for (const track of sink.stream.getAudioTracks()) stream.addTrack(track);
      const picture = { stream, framesPainted: 0 };
      window.movingPicture = picture;
      paint(0);
      setInterval(() => {
        paint((picture.framesPainted += 1));
        track?.requestFrame();
      }, 1000 / settings.framesPerSecond);
    },
    { ...DEFAULTS, ...options },
  );
}
