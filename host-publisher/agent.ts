import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostFigures } from '../gateway/protocol/host.ts';
import { WhipSession, type WhipEndpoint } from './gateway/whip-session.ts';
import { HostError, toHostError } from './host-error.ts';
import type { FromMedia } from './media/messages.ts';
import type { MediaPlan } from './media/plan.ts';
import { HEALTHY_MS, backOffMs } from './supervision/back-off.ts';
import { MediaChild } from './supervision/media-child.ts';

const CHECK_MS = 5_000;
/** Failures of the media process before it has ever worked: something is wrong here. */
const MEDIA_ATTEMPTS = 4;

export interface AgentOptions {
  readonly plan: MediaPlan;
  readonly endpoint: WhipEndpoint;
  readonly say: (line: string) => void;
  readonly onLive?: (mediaPid: number) => void;
  readonly onFigures?: (figures: HostFigures) => void;
  /** A media process that was started ahead, for the first attempt. */
  readonly media?: ChildProcess | undefined;
  /** The media child's module; a test may give another. */
  readonly childPath?: string;
}

/** Publishes until it is stopped: again after every failure that may heal. */
export class Agent {
  readonly #options: AgentOptions;
  #attempt = new AbortController();
  #ahead: ChildProcess | undefined;
  #stopped = false;
  readonly #excluded = new Set<string>();
  #trying: string | null = null;
  #wasLive = false;
  #liveAtMs: number | null = null;
  #failures = 0;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#ahead = options.media;
  }

  /** Ends the session, its media and `run`. */
  stop(): void {
    this.#stopped = true;
    this.#attempt.abort();
  }

  /** Resolves after `stop`; fails with what no further attempt can heal. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      this.#attempt = new AbortController();
      const { signal } = this.#attempt;
      try {
        await this.#publish(signal);
      } catch (error) {
        if (!signal.aborted) await this.#recover(toHostError(error, 'media'));
      } finally {
        this.#attempt.abort();
      }
    }
  }

  async #recover(error: HostError): Promise<void> {
    const lastedMs = this.#liveAtMs === null ? 0 : performance.now() - this.#liveAtMs;
    this.#failures = lastedMs > HEALTHY_MS ? 1 : this.#failures + 1;
    if (this.#trying !== null && error.code === 'media') this.#excluded.add(this.#trying);
    if (!this.#mayHeal(error)) throw error;
    const waitMs = Math.max(backOffMs(this.#failures), error.retryAfterMs);
    this.#options.say(`${error.message} Next attempt in ${(waitMs / 1000).toFixed(1)} s.`);
    await delay(waitMs, undefined, { signal: this.#attempt.signal }).catch(() => undefined);
  }

  #mayHeal({ code }: HostError): boolean {
    if (code === 'gateway') return true;
    if (code === 'media') return this.#wasLive || this.#failures < MEDIA_ATTEMPTS;
    // A display may come back, and a server may hold our own former name for a while.
    return this.#wasLive && (code === 'source-missing' || code === 'busy');
  }

  async #publish(signal: AbortSignal): Promise<void> {
    this.#liveAtMs = null;
    this.#trying = null;
    const offer = Promise.withResolvers<Extract<FromMedia, { type: 'offer' }>>();
    const live = Promise.withResolvers<undefined>();
    const { childPath, say, onFigures } = this.#options;
    const child = new MediaChild({
      path: childPath,
      process: this.#ahead,
      onMessage: (message) => {
        if (message.type === 'trying') this.#trying = message.encoder;
        if (message.type === 'notice') say(message.text);
        if (message.type === 'offer') offer.resolve(message);
        if (message.type === 'live') live.resolve(undefined);
        if (message.type === 'figures') onFigures?.(message.figures);
      },
    });
    this.#ahead = undefined;
    let session: WhipSession | null = null;
    const stopped = rejectOn(signal);
    try {
      const plan = { ...this.#options.plan, excludedEncoders: [...this.#excluded] };
      child.send({ type: 'prepare', plan });
      const { sdp, encoder, codec } = await Promise.race([offer.promise, child.failure, stopped]);
      session = await WhipSession.open(this.#options.endpoint, sdp, signal);
      signal.throwIfAborted();
      child.send({ type: 'answer', sdp: session.answer });
      await Promise.race([live.promise, child.failure, stopped]);
      this.#wasLive = true;
      this.#liveAtMs = performance.now();
      say(describeLive(plan, encoder, codec));
      this.#options.onLive?.(child.pid);
      await Promise.race([child.failure, checkAlways(session, signal), stopped]);
    } catch (error) {
      // The gateway's reason goes before what the media process saw of it.
      if (!signal.aborted) await session?.check();
      throw error;
    } finally {
      await Promise.all([session?.remove(), child.stop()]);
    }
  }
}

/** Fails once the gateway says that the session has ended. */
async function checkAlways(session: WhipSession, signal: AbortSignal): Promise<never> {
  for (;;) {
    await delay(CHECK_MS, undefined, { signal });
    await session.check();
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  signal.addEventListener('abort', () => reject(new HostError('media', 'stopped')), { once: true });
  return promise;
}

function describeLive(plan: MediaPlan, encoder: string, codec: string): string {
  const { width, height, fps, bitrateKbps } = plan.picture;
  return (
    `Publishing ${plan.source}, ${width}x${height} at ${fps} frames per second, ` +
    `${codec} by ${encoder} up to ${bitrateKbps} kbit/s.`
  );
}
