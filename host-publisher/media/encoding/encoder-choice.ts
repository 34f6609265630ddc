import type { Gst } from '../gstreamer/native.ts';
import type { MediaPlan } from '../plan.ts';
import type { Encoder } from './encoder.ts';
import { ENCODERS } from './encoders.ts';
import { chooseEncoder } from './probe.ts';
import { RememberedEncoder } from './remembered-encoder.ts';

/** The choice of an encoder, remembered: one that worked here is not tried anew. */
export class EncoderChoice {
  #question = '';
  #encoder: Encoder | null = null;
  #memory: RememberedEncoder | null = null;

  async choose(gst: Gst, plan: MediaPlan, trying: (encoder: string) => void): Promise<Encoder> {
    const question = JSON.stringify([plan.encoder, plan.excludedEncoders, plan.picture]);
    if (this.#encoder === null || this.#question !== question) {
      this.#memory = new RememberedEncoder(plan);
      this.#encoder = find(this.#memory.take()) ?? (await chooseEncoder(gst, plan, trying));
      this.#question = question;
    }
    return this.#encoder;
  }

  /** Its picture has gone out: later processes need not try it either. */
  confirm(): void {
    if (this.#encoder !== null) this.#memory?.keep(this.#encoder.element);
  }
}

function find(element: string | null): Encoder | null {
  return ENCODERS.find((encoder) => encoder.element === element) ?? null;
}
