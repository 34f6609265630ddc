import {
  MediaError,
  type Media,
  type MediaEnd,
  type MediaErrorCode,
  type MediaEvents,
  type MediaOffer,
  type MediaStats,
  type OpenedMedia,
  type StreamCodecs,
} from '../../../srs/embedded/media.ts';
import { Traffic } from '../../../srs/embedded/traffic.ts';

/** A media side whose sessions connect and end when a test says so. */
export class FakeMedia implements Media {
  readonly offers = new Map<string, MediaOffer>();
  readonly closed: string[] = [];
  readonly traffic = new Traffic();
  counters: MediaStats = { connected: true, sendBytes: 0, recvBytes: 0, frames: 0 };
  refuseWith: MediaErrorCode | null = null;
  events: MediaEvents = { connected: () => undefined, ended: () => undefined };
  #count = 0;

  open(offer: MediaOffer): Promise<OpenedMedia> {
    if (this.refuseWith !== null) return Promise.reject(new MediaError(this.refuseWith, 'refused'));
    const id = `media-${++this.#count}`;
    this.offers.set(id, offer);
    return Promise.resolve({
      id,
      sdp: 'v=0\r\n',
      localUfrag: `l${this.#count}`,
      remoteUfrag: 'r+/',
    });
  }

  close(id: string): void {
    this.offers.delete(id);
    this.closed.push(id);
  }

  end(id: string, reason: MediaEnd): void {
    this.offers.delete(id);
    this.events.ended(id, reason);
  }

  stats(id: string): MediaStats | null {
    return this.offers.has(id) ? this.counters : null;
  }

  codecs(): StreamCodecs {
    return { video: 'VP8', audio: 'Opus' };
  }

  layers(): readonly [] {
    return [];
  }

  layer(): null {
    return null;
  }

  tap(): null {
    return null;
  }

  chooseLayer(): boolean {
    return false;
  }

  shutdown(): void {
    this.offers.clear();
  }
}
