import type { Gst } from '../gstreamer/native.ts';
import type { MediaPlan } from '../plan.ts';
import type { Encoder } from './encoder.ts';
import { chooseEncoder } from './probe.ts';

/** The choice of an encoder, remembered: a process that publishes again tries nothing anew. */
export class EncoderChoice {
  #question = '';
  #encoder: Encoder | null = null;

  async choose(gst: Gst, plan: MediaPlan, trying: (encoder: string) => void): Promise<Encoder> {
    const question = JSON.stringify([plan.encoder, plan.excludedEncoders, plan.picture]);
    if (this.#encoder === null || this.#question !== question) {
      this.#encoder = await chooseEncoder(gst, plan, trying);
      this.#question = question;
    }
    return this.#encoder;
  }
}
