import type { IceServers } from '../gateway/ice-servers.ts';
import type { WhipEndpoint } from '../gateway/whip-session.ts';
import { toHostError } from '../host-error.ts';
import type { FromMedia } from '../media/messages.ts';
import type { MediaPlan, PublisherChoice, PublisherName } from '../media/plan.ts';
import type { MediaChild } from './media-child.ts';
import { PublisherFallback } from './publisher-fallback.ts';
import { Publishing } from './publishing.ts';

export interface WhipPublicationsParts {
  readonly endpoint: WhipEndpoint;
  readonly publisher: PublisherChoice;
  /** Asked where the plan has no ICE servers. */
  readonly iceServers: IceServers | undefined;
  readonly say: (line: string) => void;
  /** Milliseconds from the wish to the first packet of the picture. */
  readonly onStart: (tookMs: number) => void;
  readonly take: () => MediaChild;
  readonly plan: () => MediaPlan;
  readonly onMessage: (message: FromMedia) => void;
  readonly onLive: (child: MediaChild) => void;
}

/** Publications by WHIP, one after the other. */
export class WhipPublications {
  readonly #parts: WhipPublicationsParts;
  readonly #fallback: PublisherFallback;
  #publishing: Publishing | null = null;
  #wasLive = false;
  /** The wait for the next one began, in epoch milliseconds. */
  #wantedAtMs: number | null = null;

  constructor(parts: WhipPublicationsParts) {
    this.#parts = parts;
    this.#fallback = new PublisherFallback(parts.publisher);
  }

  get wasLive(): boolean {
    return this.#wasLive;
  }

  /** Publishers that did not start. */
  get excluded(): PublisherName[] {
    return this.#fallback.excluded;
  }

  /** The media process publishes by this one. */
  chose(publisher: PublisherName): void {
    this.#fallback.chose(publisher);
  }

  /** Somebody waits from now on; `sinceStart`: since this process began, the first time. */
  wanted(sinceStart: boolean): void {
    const isFirst = this.#wantedAtMs === null && sinceStart;
    this.#wantedAtMs = isFirst ? performance.timeOrigin : Date.now();
  }

  /** Asks the gateway at once whether it still knows the session. */
  recheck(): void {
    this.#publishing?.recheck();
  }

  /** Resolves never. */
  async publish(signal: AbortSignal): Promise<never> {
    const { endpoint, plan, take, onMessage, onLive, onStart, say } = this.#parts;
    const publishing = new Publishing({
      ...{ endpoint, signal, take, onMessage },
      plan: async () => ({ ...plan(), iceServers: await this.#iceServers() }),
      onLive: (child, { encoder, codec }, firstPacketAtMs) => {
        if (this.#wantedAtMs !== null) onStart(firstPacketAtMs - this.#wantedAtMs);
        this.#wasLive = true;
        this.#fallback.worked();
        say(describeLive(plan(), encoder, codec));
        onLive(child);
      },
    });
    this.#publishing = publishing;
    try {
      return await publishing.run();
    } catch (error) {
      const failure = toHostError(error, 'media');
      const line =
        !signal.aborted && publishing.hasReachedMedia(failure)
          ? this.#fallback.failed(failure)
          : null;
      if (line !== null) say(line);
      throw failure;
    } finally {
      this.#publishing = null;
    }
  }

  async #iceServers(): Promise<MediaPlan['iceServers']> {
    const { iceServers: own } = this.#parts.plan();
    const { iceServers } = this.#parts;
    if (own.length > 0 || iceServers === undefined) return own;
    return [...(await iceServers.current())];
  }
}

function describeLive(plan: MediaPlan, encoder: string, codec: string): string {
  const { width, height, fps, bitrateKbps } = plan.picture;
  return (
    `Publishing ${plan.source}, ${width}x${height} at ${fps} frames per second, ` +
    `${codec} by ${encoder} up to ${bitrateKbps} kbit/s.`
  );
}
