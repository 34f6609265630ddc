import type { BrowserContext, Page } from 'playwright-core';
import type { AudioLevel } from './audio-level.ts';

declare global {
  interface Window {
    soundMeters?: AnalyserNode[];
  }
}

/** Every page of a context, opened from now on, can be asked what its audio contexts put out. */
export async function meterSound(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const meters: AnalyserNode[] = [];
    window.soundMeters = meters;
    const connect = Reflect.get(AudioNode.prototype, 'connect') as (...to: unknown[]) => AudioNode;
    Reflect.set(AudioNode.prototype, 'connect', function (this: AudioNode, ...to: unknown[]) {
      if (to[0] instanceof AudioDestinationNode) {
        const meter = new AnalyserNode(this.context, { fftSize: 2048, smoothingTimeConstant: 0 });
        connect.call(this, meter);
        meters.push(meter);
      }
      return connect.apply(this, to);
    });
  });
}

/** What a page of a metered context puts out now, of all its audio contexts the loudest. */
export const heardSound = (page: Page): Promise<AudioLevel> =>
  page.evaluate(() => {
    let loudest = { rms: 0, peakHz: 0 };
    for (const meter of window.soundMeters ?? []) {
      if (meter.context.state !== 'running') continue;
      const samples = new Float32Array(meter.fftSize);
      const spectrum = new Float32Array(meter.frequencyBinCount);
      meter.getFloatTimeDomainData(samples);
      meter.getFloatFrequencyData(spectrum);
      const rms = Math.sqrt(
        samples.reduce((sum, value) => sum + value * value, 0) / samples.length,
      );
      const peak = spectrum.indexOf(Math.max(...spectrum));
      if (rms > loudest.rms) {
        loudest = { rms, peakHz: (peak * meter.context.sampleRate) / meter.fftSize };
      }
    }
    return loudest;
  });
