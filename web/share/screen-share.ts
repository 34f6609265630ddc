import { automaticBitrateBps } from '../core/bitrate-choice.ts';
import { Observable } from '../core/observable.ts';
import type { SendWish } from './create-sender.ts';
import { CaptureError, captureScreen } from './screen-capture.ts';
import type { CaptureProblem } from './screen-capture.ts';
import { toVideoConstraints } from './share-choice.ts';
import type { ShareChoice } from './share-choice.ts';
import type { ShareStanding } from './share-standing.ts';
import type { SendLimits, SentMedia, StreamSender } from './stream-sender.ts';

/** Where sharing stands: before a stream, with one (as its sender says), or after it. */
export type ShareState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'choosing' }
  | { readonly kind: 'capture-failed'; readonly problem: CaptureProblem }
  | Exclude<ShareStanding, { kind: 'stopped' }>
  | { readonly kind: 'stopped'; readonly by: 'person' | 'browser' };

/** One person's sharing: from the browser's picker to the end of the session. */
export class ScreenShare {
  readonly state = new Observable<ShareState>({ kind: 'idle' });
  /** What is captured, for the preview. */
  readonly stream = new Observable<MediaStream | null>(null);
  /** Whether several sizes were wanted and the server takes one only. */
  readonly sizesRefused = new Observable(false);
  readonly #createSender: (wish: SendWish) => StreamSender;
  #sender: StreamSender | null = null;
  #choice: ShareChoice | null = null;

  constructor(createSender: (wish: SendWish) => StreamSender) {
    this.#createSender = createSender;
  }

  /** Asks for a screen and publishes it; must be called from a click. */
  async start(choice: ShareChoice): Promise<void> {
    if (this.state.value.kind === 'choosing' || this.#sender !== null) return;
    this.#choice = choice;
    this.state.set({ kind: 'choosing' });
    try {
      this.#publish(await captureScreen(choice), choice);
    } catch (cause) {
      const problem = cause instanceof CaptureError ? cause.problem : 'capture-failed';
      this.state.set({ kind: 'capture-failed', problem });
    }
  }

  /** Applies another choice, at once when something is being sent. */
  async change(choice: ShareChoice): Promise<void> {
    this.#choice = choice;
    const sender = this.#sender;
    const [track] = this.stream.value?.getVideoTracks() ?? [];
    if (track === undefined || sender === null) return;
    sender.setContentHint(choice.hint);
    await track.applyConstraints(toVideoConstraints(choice)).catch(() => undefined);
    if (this.#sender === sender) await sender.setLimits(toLimits(choice, track));
  }

  /** Ends sharing and gives the screen back. */
  stop(): void {
    this.#end({ kind: 'stopped', by: 'person' });
  }

  retryNow(): void {
    this.#sender?.retryNow();
  }

  async stats(): Promise<SentMedia | null> {
    return (await this.#sender?.stats()) ?? null;
  }

  #publish(stream: MediaStream, choice: ShareChoice): void {
    const [track] = stream.getVideoTracks();
    if (track === undefined) throw new CaptureError('capture-failed');
    const sender = this.#createSender({
      ...toLimits(choice, track),
      stream,
      contentHint: choice.hint,
      sizes: choice.sizes,
    });
    this.#sender = sender;
    this.stream.set(stream);
    this.sizesRefused.set(false);
    const refused = sender.sizesRefused;
    refused?.subscribe(() => this.sizesRefused.set(refused.value));
    track.addEventListener('ended', () => this.#end({ kind: 'stopped', by: 'browser' }));
    // Another window picked in the browser's own bar has another size.
    track.addEventListener('configurationchange', () => void this.#refit());
    sender.state.subscribe(() => {
      if (this.#sender === sender) this.#handleSender(sender.state.value);
    });
    this.state.set({ kind: 'connecting' });
    sender.start();
  }

  #handleSender(state: ShareStanding): void {
    if (state.kind === 'stopped') {
      this.#end({ kind: 'stopped', by: 'person' });
      return;
    }
    if (state.kind === 'failed') {
      this.#end(state);
      return;
    }
    this.state.set(state);
  }

  async #refit(): Promise<void> {
    if (this.#choice !== null) await this.change(this.#choice);
  }

  #end(state: ShareState): void {
    const sender = this.#sender;
    if (sender === null) return;
    this.#sender = null;
    for (const track of this.stream.value?.getTracks() ?? []) track.stop();
    this.stream.set(null);
    this.state.set(state);
    sender.stop();
  }
}

function toLimits(choice: ShareChoice, track: MediaStreamTrack): SendLimits {
  const { width = 1920, height = 1080 } = track.getSettings();
  const { framesPerSecond, hint } = choice;
  return {
    maxBitrateBps:
      choice.bitrateBps ?? automaticBitrateBps({ width, height, framesPerSecond, hint }),
    maxFramerate: framesPerSecond,
    degradationPreference: hint === 'detail' ? 'maintain-resolution' : 'maintain-framerate',
  };
}
