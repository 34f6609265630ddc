import { setTimeout as delay } from 'node:timers/promises';
import { WhipSession, type WhipEndpoint } from '../gateway/whip-session.ts';
import { HostError, toHostError } from '../host-error.ts';
import type { FromMedia } from '../media/messages.ts';
import type { MediaPlan } from '../media/plan.ts';
import type { MediaChild } from './media-child.ts';

const CHECK_MS = 1_000;

type Offer = Extract<FromMedia, { type: 'offer' }>;

export interface PublishingParts {
  readonly endpoint: WhipEndpoint;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** The process that does it; what it says beside offer and answer is handed on. */
  readonly take: (onMessage: (message: FromMedia) => void) => MediaChild;
  /** Asked once the process is under way. */
  readonly plan: () => Promise<MediaPlan>;
  readonly onMessage: (message: FromMedia) => void;
  readonly onLive: (child: MediaChild, offer: Offer) => void;
}

/** One WHIP session and its media, from the plan to its end. */
export class Publishing {
  readonly #parts: PublishingParts;
  #session: WhipSession | null = null;
  #recheck = Promise.withResolvers<undefined>();

  constructor(parts: PublishingParts) {
    this.#parts = parts;
  }

  /** Resolves never: fails when it has ended, after the session is gone and the process is free. */
  async run(): Promise<never> {
    const { endpoint, signal, take, plan, onMessage, onLive } = this.#parts;
    const offer = Promise.withResolvers<Offer>();
    const live = Promise.withResolvers<undefined>();
    const child = take((message) => {
      if (message.type === 'offer') offer.resolve(message);
      else if (message.type === 'live') live.resolve(undefined);
      else onMessage(message);
    });
    const stopped = rejectOn(signal);
    let isSound = true;
    try {
      const prepared = await Promise.race([plan(), child.failure, stopped]);
      child.send({ type: 'prepare', plan: prepared });
      const offered = await Promise.race([offer.promise, child.failure, stopped]);
      const session = await WhipSession.open(endpoint, offered.sdp, signal);
      this.#session = session;
      signal.throwIfAborted();
      child.send({ type: 'answer', sdp: session.answer });
      await Promise.race([live.promise, child.failure, stopped]);
      onLive(child, offered);
      return await Promise.race([child.failure, this.#checkAlways(session), stopped]);
    } catch (error) {
      const failure = toHostError(error, 'media');
      isSound = signal.aborted || failure.code !== 'media';
      // The gateway's reason goes before what the media process saw of it.
      if (!signal.aborted) await this.#session?.check();
      throw failure;
    } finally {
      await Promise.all([this.#session?.remove(), isSound ? child.release() : child.stop()]);
    }
  }

  /** Whether a failure is one of the media or its way, not of the gateway. */
  hasReachedMedia({ code }: HostError): boolean {
    return code === 'media' || this.#session !== null;
  }

  /** Asks the gateway at once whether it still knows the session. */
  recheck(): void {
    this.#recheck.resolve(undefined);
  }

  /** Fails once the gateway says that the session has ended. */
  async #checkAlways(session: WhipSession): Promise<never> {
    for (;;) {
      await Promise.race([
        delay(CHECK_MS, undefined, { signal: this.#parts.signal }),
        this.#recheck.promise,
      ]);
      this.#recheck = Promise.withResolvers();
      await session.check();
    }
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  signal.addEventListener('abort', () => reject(new HostError('media', 'stopped')), { once: true });
  return promise;
}
