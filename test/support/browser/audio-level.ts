import type { Page } from 'playwright-core';

export interface AudioLevel {
  /** Root mean square of the samples, 0..1; a tone of gain 0.3 has 0.21. */
  readonly rms: number;
  /** The loudest frequency, with a resolution of about 23 Hz. */
  readonly peakHz: number;
}

/** Listens to the MediaStream that a media element plays. */
export function readAudioLevel(
  page: Page,
  options: { readonly selector?: string; readonly listenMs?: number } = {},
): Promise<AudioLevel> {
  const { selector = 'video', listenMs = 300 } = options;
  return page.evaluate(
    async ([wanted, durationMs]) => {
      const element = document.querySelector<HTMLMediaElement>(wanted);
      if (!(element?.srcObject instanceof MediaStream)) throw new Error(`no stream in ${wanted}`);
      if (element.srcObject.getAudioTracks().length === 0) return { rms: 0, peakHz: 0 };
      const context = new AudioContext();
      const analyser = new AnalyserNode(context, { fftSize: 2048, smoothingTimeConstant: 0 });
      context.createMediaStreamSource(element.srcObject).connect(analyser);
      const samples = new Float32Array(analyser.fftSize);
      const spectrum = new Float32Array(analyser.frequencyBinCount);
      let loudest = { rms: 0, peakHz: 0 };
      const endAt = performance.now() + durationMs;
      while (performance.now() < endAt) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        analyser.getFloatTimeDomainData(samples);
        analyser.getFloatFrequencyData(spectrum);
        const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
        const rms = Math.sqrt(power);
        const peak = spectrum.indexOf(Math.max(...spectrum));
        const peakHz = (peak * context.sampleRate) / analyser.fftSize;
        if (rms > loudest.rms) loudest = { rms, peakHz };
      }
      await context.close();
      return loudest;
    },
    [selector, listenMs] as const,
  );
}
