/** Decoded sound as it comes; two channels of equal length. */
export interface SoundChunk {
  /** When its first sample was captured, microseconds since 1970. */
  readonly capturedAtUs: number;
  readonly left: Float32Array;
  readonly right: Float32Array;
}

/** Where a buffer stands. */
export interface SoundStanding {
  /** When the sample was captured that is played next; null while none is. */
  readonly capturedAtUs: number | null;
  readonly depthMs: number;
  readonly underruns: number;
  /** Sound that was left out to catch up. */
  readonly skippedMs: number;
}

const PER_MS = 48;
/** What waits at most; more comes only where nobody plays. */
const CAPACITY = 500 * PER_MS;
const FIRST_MARGIN_MS = 12;
const LEAST_MARGIN_MS = 6;
const MOST_MARGIN_MS = 120;
/** Beside a picture, which does not wait. */
const MOST_MARGIN_BESIDE_MS = 40;
/** An underrun makes the margin so much larger, and so long without one a little smaller. */
const MARGIN_STEP_MS = 12;
const CALM_MS = 5_000;
const MARGIN_DECAY_MS = 4;
/** Sound waits for so much more than the margin before it begins. */
const HEADROOM_MS = 25;
/** The least depth is that of so many samples played. */
const WINDOW = 320 * PER_MS;
/** Less is left as it is. */
const DEADBAND_MS = 4;
/** More is skipped at once, less is made up for by playing faster, at most by 2 %. */
const JUMP_MS = 60;
const MOST_BEND = 0.02;
const BEND_MS = 1_500;
/** Lip-sync: sound that is later than the picture by more is brought nearer at once, */
const MOST_LATE_MS = 60;
/** and sound that is earlier by more is held back. */
const MOST_EARLY_MS = 30;
/** A jump is heard, so it is worth so much. */
const LATE_JUMP_MS = 10;
/** 5 ms: as long as a joint of two pieces, or the end of sound that breaks off. */
const FADE = 5 * PER_MS;
/** The last 10 ms are repeated, ever softer, where sound is missing. */
const ECHO = 10 * PER_MS;
const ECHO_DECAY = 1 / (30 * PER_MS);

interface Mark {
  readonly index: number;
  readonly capturedAtUs: number;
}

/**
 * A jitter buffer of 48 kHz stereo: it begins when enough is there, keeps so much that nothing is
 * missing when the path hesitates, drifts towards less when it does not, and hides what is missing.
 */
export class SoundBuffer {
  readonly #rings = [new Float32Array(CAPACITY), new Float32Array(CAPACITY)] as const;
  #marks: Mark[] = [];
  #written = 0;
  #at = 0;
  #isPlaying = false;
  #marginMs = FIRST_MARGIN_MS;
  #rate = 1;
  #least = Infinity;
  #windowLeft = WINDOW;
  #calmMs = 0;
  #skewMs: number | null = null;
  #underruns = 0;
  #skipped = 0;
  /** Samples since sound began or broke off, for fades. */
  #sinceStart = 0;
  #sinceEnd = Infinity;

  get standing(): SoundStanding {
    return {
      capturedAtUs: this.#isPlaying ? this.#capturedAt() : null,
      depthMs: this.#depth / PER_MS,
      underruns: this.#underruns,
      skippedMs: this.#skipped / PER_MS,
    };
  }

  /** How much later than the picture it is heard, ms; null: there is no picture. */
  steer(skewMs: number | null): void {
    this.#skewMs = skewMs;
  }

  push({ capturedAtUs, left, right }: SoundChunk): void {
    const count = Math.min(left.length, right.length, CAPACITY / 2);
    if (this.#depth + count > CAPACITY - ECHO) this.#skip(this.#depth - this.#startDepth);
    this.#marks.push({ index: this.#written, capturedAtUs });
    for (let n = 0; n < count; n += 1) {
      const to = (this.#written + n) % CAPACITY;
      this.#rings[0][to] = left[n] ?? 0;
      this.#rings[1][to] = right[n] ?? 0;
    }
    this.#written += count;
    this.#dropMarks();
  }

  /** Fills both channels. */
  pull(left: Float32Array, right: Float32Array): void {
    const count = left.length;
    if (!this.#isPlaying && this.#depth >= this.#startDepth) this.#begin();
    if (this.#isPlaying && this.#depth < count * this.#rate + 2) this.#breakOff();
    if (this.#isPlaying) this.#play(left, right);
    else this.#echo(left, right);
    if (this.#isPlaying) this.#control(count);
    this.#dropMarks();
  }

  get #depth(): number {
    return this.#written - this.#at;
  }

  get #startDepth(): number {
    return (this.#margin + HEADROOM_MS) * PER_MS;
  }

  get #margin(): number {
    const most = this.#skewMs === null ? MOST_MARGIN_MS : MOST_MARGIN_BESIDE_MS;
    return Math.min(this.#marginMs, most);
  }

  get #lateMs(): number {
    return (this.#skewMs ?? 0) - MOST_LATE_MS;
  }

  /** What has gathered meanwhile is old, and nobody hears it left out. */
  #begin(): void {
    this.#skip(this.#depth - this.#startDepth);
    this.#isPlaying = true;
    this.#rate = 1;
    this.#sinceStart = 0;
    this.#openWindow();
  }

  #breakOff(): void {
    this.#isPlaying = false;
    this.#underruns += 1;
    this.#calmMs = 0;
    this.#marginMs = Math.min(MOST_MARGIN_MS, this.#marginMs + MARGIN_STEP_MS);
    this.#sinceEnd = 0;
  }

  #play(left: Float32Array, right: Float32Array): void {
    for (let n = 0; n < left.length; n += 1) {
      const gain = Math.min(1, this.#sinceStart / FADE);
      left[n] = this.#sample(0, this.#at) * gain;
      right[n] = this.#sample(1, this.#at) * gain;
      this.#at += this.#rate;
      this.#sinceStart += 1;
    }
  }

  /** Between samples by their neighbours, so that no value is outside of theirs. */
  #sample(channel: 0 | 1, at: number): number {
    const ring = this.#rings[channel];
    const whole = Math.floor(at);
    const share = at - whole;
    const here = ring[whole % CAPACITY] ?? 0;
    const next = ring[(whole + 1) % CAPACITY] ?? 0;
    return here + (next - here) * share;
  }

  #echo(left: Float32Array, right: Float32Array): void {
    const from = Math.max(0, Math.floor(this.#at) - ECHO);
    for (let n = 0; n < left.length; n += 1) {
      const gain = this.#at < ECHO ? 0 : Math.max(0, 1 - this.#sinceEnd * ECHO_DECAY);
      // There and back again, so that it has no edge.
      const step = Math.min(this.#sinceEnd, ECHO * 4) % (2 * ECHO);
      const at = from + (step < ECHO ? ECHO - 1 - step : step - ECHO);
      left[n] = gain === 0 ? 0 : this.#sample(0, at) * gain;
      right[n] = gain === 0 ? 0 : this.#sample(1, at) * gain;
      this.#sinceEnd += 1;
    }
  }

  #control(count: number): void {
    this.#least = Math.min(this.#least, this.#depth);
    this.#windowLeft -= count;
    if (this.#windowLeft > 0) return;
    const excessMs = this.#excessMs(this.#least / PER_MS);
    this.#openWindow();
    this.#calm(WINDOW / PER_MS);
    if (excessMs > (this.#lateMs > 0 ? LATE_JUMP_MS : JUMP_MS)) {
      this.#skip(excessMs * PER_MS);
      this.#rate = 1;
      return;
    }
    const isSmall = Math.abs(excessMs) < DEADBAND_MS;
    this.#rate = 1 + (isSmall ? 0 : clamp(excessMs / BEND_MS, -MOST_BEND, MOST_BEND));
  }

  /**
   * Sound that waits longer than it must. The picture decides where it is too far from it, but what the
   * path needs is not given up where that does not bring them together: a loudspeaker may be slow.
   */
  #excessMs(leastMs: number): number {
    const excessMs = leastMs - this.#margin;
    const skewMs = this.#skewMs;
    if (skewMs === null) return excessMs;
    if (this.#lateMs > 0 && this.#lateMs <= leastMs - LEAST_MARGIN_MS) {
      return Math.max(excessMs, this.#lateMs);
    }
    if (skewMs < -MOST_EARLY_MS) return Math.min(excessMs, skewMs + MOST_EARLY_MS);
    // What would be earlier than the picture may as well wait.
    return Math.min(excessMs, Math.max(0, skewMs));
  }

  #calm(playedMs: number): void {
    this.#calmMs += playedMs;
    if (this.#calmMs < CALM_MS) return;
    this.#calmMs = 0;
    this.#marginMs = Math.max(LEAST_MARGIN_MS, this.#marginMs - MARGIN_DECAY_MS);
  }

  #openWindow(): void {
    this.#least = Infinity;
    this.#windowLeft = WINDOW;
  }

  /** Goes on later in what is there; the pieces are joined by a fade into each other. */
  #skip(samples: number): void {
    const count = Math.floor(Math.min(samples, this.#depth));
    if (count <= 0) return;
    this.#skipped += count;
    const from = Math.floor(this.#at);
    if (this.#isPlaying && this.#depth - count > FADE) this.#join(from, from + count);
    this.#at += count;
  }

  #join(from: number, to: number): void {
    for (const ring of this.#rings) {
      for (let n = 0; n < FADE; n += 1) {
        const share = n / FADE;
        const after = ring[(to + n) % CAPACITY] ?? 0;
        const before = ring[(from + n) % CAPACITY] ?? 0;
        ring[(to + n) % CAPACITY] = before + (after - before) * share;
      }
    }
  }

  #capturedAt(): number | null {
    const mark = this.#marks.findLast(({ index }) => index <= this.#at);
    if (mark === undefined) return null;
    return mark.capturedAtUs + ((this.#at - mark.index) * 1000) / PER_MS;
  }

  #dropMarks(): void {
    const current = this.#marks.findLastIndex(({ index }) => index <= this.#at);
    if (current > 0) this.#marks.splice(0, current);
  }
}

const clamp = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, value));
