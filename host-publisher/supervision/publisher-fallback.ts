import type { HostError } from '../host-error.ts';
import type { PublisherChoice, PublisherName } from '../media/plan.ts';

const GSTREAMERS: readonly PublisherName[] = ['whipclientsink', 'whipsink'];

/** For `auto`: GStreamer's own publishers are left to the project's when one does not start. */
export class PublisherFallback {
  readonly #wanted: PublisherChoice;
  #chosen: PublisherName | null = null;
  #hasWorked = false;
  #excluded: readonly PublisherName[] = [];

  constructor(wanted: PublisherChoice) {
    this.#wanted = wanted;
  }

  /** What the next media process leaves out. */
  get excluded(): PublisherName[] {
    return [...this.#excluded];
  }

  /** The media process publishes by this one. */
  chose(publisher: PublisherName): void {
    this.#chosen = publisher;
  }

  /** It went live. */
  worked(): void {
    this.#hasWorked = true;
  }

  /** An attempt failed in the media process; a sentence when another publisher takes over. */
  failed(error: HostError): string | null {
    const chosen = this.#chosen;
    if (this.#wanted !== 'auto' || this.#hasWorked || chosen === null) return null;
    if (!GSTREAMERS.includes(chosen) || !['media', 'gateway'].includes(error.code)) return null;
    this.#excluded = GSTREAMERS;
    return `${chosen} does not start here (${error.message}): the project's own publisher takes over.`;
  }
}
