import { setTimeout as delay } from 'node:timers/promises';
import { WhipSession, type WhipEndpoint } from '../gateway/whip-session.ts';
import type { HostError } from '../host-error.ts';
import { toHostError } from '../host-error.ts';
import type { FromMedia } from '../media/messages.ts';
import type { MediaPlan } from '../media/plan.ts';
import { CAPTURE_MS, rejectOn, within } from './deadlines.ts';
import type { MediaChild } from './media-child.ts';

const CHECK_MS = 1_000;
/** The media process gives up earlier by itself. */
const LIVE_MS = 30_000;

type Offer = Extract<FromMedia, { type: 'offer' }>;

export interface PublishingParts {
  readonly endpoint: WhipEndpoint;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** The process that does it. */
  readonly take: () => MediaChild;
  /** Asked once the process is under way. */
  readonly plan: () => Promise<MediaPlan>;
  /** What it says beside offer and answer. */
  readonly onMessage: (message: FromMedia) => void;
  /** The picture's first packet went out at `firstPacketAtMs` of the epoch. */
  readonly onLive: (child: MediaChild, offer: Offer, firstPacketAtMs: number) => void;
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
    const live = Promise.withResolvers<number>();
    const child = take();
    child.begin('webrtc', (message) => {
      if (message.type === 'offer') offer.resolve(message);
      else if (message.type === 'live') live.resolve(message.firstPacketAtMs);
      else onMessage(message);
    });
    const failure = child.failureOf('webrtc');
    const stopped = rejectOn(signal);
    let isSound = true;
    try {
      const prepared = await Promise.race([plan(), failure, stopped]);
      child.send({ type: 'prepare', plan: prepared });
      const offered = await within(CAPTURE_MS, Promise.race([offer.promise, failure, stopped]));
      const session = await WhipSession.open(endpoint, offered.sdp, signal);
      this.#session = session;
      signal.throwIfAborted();
      child.send({ type: 'answer', sdp: session.answer });
      const firstPacketAtMs = await within(LIVE_MS, Promise.race([live.promise, failure, stopped]));
      onLive(child, offered, firstPacketAtMs);
      return await Promise.race([failure, this.#checkAlways(session), stopped]);
    } catch (error) {
      const cause = toHostError(error, 'media');
      isSound = signal.aborted || cause.code !== 'media';
      // The gateway's reason goes before what the media process saw of it.
      if (!signal.aborted) await this.#session?.check();
      throw cause;
    } finally {
      await Promise.all([this.#session?.remove(), child.leave('webrtc', isSound)]);
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
