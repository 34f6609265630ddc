import { Observable } from '../observable.ts';

/** What a page's controls do with a player's sound. */
export interface PlayerSound {
  /** The browser forbids sound until the person asks for it. */
  readonly isBlocked: Observable<boolean>;
  /** `volume` from 0 to 1. */
  set(setting: { readonly volume: number; readonly muted: boolean }): void;
  /** Within a click: lets sound that was blocked be heard. */
  resume(): Promise<void>;
}

const LATENCY_EVERY_MS = 1_000;

/** Plays decoded sound: an audio context with the worklet's jitter buffer and a volume. */
export class SoundOutput implements PlayerSound {
  readonly isBlocked = new Observable(false);
  /** False: muted or blocked, so that nobody would hear what arrives. */
  readonly isAudible = new Observable(true);
  readonly #workletUrl: string;
  readonly #onLatency: (ms: number) => void;
  #context: AudioContext | null = null;
  #volume: GainNode | null = null;
  #setting = { volume: 1, muted: false };
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(parts: { readonly workletUrl: string; readonly onLatency: (ms: number) => void }) {
    this.#workletUrl = parts.workletUrl;
    this.#onLatency = parts.onLatency;
  }

  /** Where sound is to go; null where none can be played: pages without HTTPS have no worklets. */
  async open(): Promise<MessagePort | null> {
    if (this.#context !== null || !('audioWorklet' in AudioContext.prototype)) return null;
    const context = new AudioContext({ latencyHint: 'interactive', sampleRate: 48_000 });
    this.#context = context;
    context.onstatechange = () => this.#refresh();
    try {
      await context.audioWorklet.addModule(this.#workletUrl);
    } catch {
      if (this.#context === context) this.close();
      return null;
    }
    // Closed meanwhile.
    if (this.#context !== context) return null;
    const node = new AudioWorkletNode(context, 'pixelcast-sound', { outputChannelCount: [2] });
    const { port1, port2 } = new MessageChannel();
    node.port.postMessage(port1, [port1]);
    this.#volume = new GainNode(context, { gain: this.#gain });
    node.connect(this.#volume).connect(context.destination);
    this.#timer = setInterval(() => this.#tellLatency(), LATENCY_EVERY_MS);
    this.#tellLatency();
    this.#refresh();
    return port2;
  }

  set({ volume, muted }: { readonly volume: number; readonly muted: boolean }): void {
    this.#setting = { volume, muted };
    if (this.#volume !== null) this.#volume.gain.value = this.#gain;
    this.#refresh();
  }

  async resume(): Promise<void> {
    await this.#context?.resume().catch(() => undefined);
    this.#refresh();
  }

  /** Plays nothing more until `open`. Idempotent. */
  close(): void {
    clearInterval(this.#timer);
    const context = this.#context;
    this.#context = null;
    this.#volume = null;
    if (context !== null) {
      context.onstatechange = null;
      void context.close().catch(() => undefined);
    }
    this.#refresh();
  }

  get #gain(): number {
    const { volume, muted } = this.#setting;
    return muted ? 0 : Math.min(1, Math.max(0, volume));
  }

  #tellLatency(): void {
    const context = this.#context;
    if (context === null) return;
    // To the system, and on from there; Safari does not know the latter.
    const { baseLatency, outputLatency = 0 } = context as Partial<AudioContext>;
    this.#onLatency(((baseLatency ?? 0) + outputLatency) * 1000);
  }

  #refresh(): void {
    this.isBlocked.set(this.#context?.state === 'suspended');
    this.isAudible.set(!this.isBlocked.value && this.#gain > 0);
  }
}
