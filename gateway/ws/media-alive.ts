import { MEDIA_ALIVE_MS } from '../protocol/media/media-protocol.ts';

const ALIVE = { type: 'media/alive' } as const;

/** Lets a page know that its connection stands: browsers show it no pings. */
export class MediaAlive {
  readonly #timer: NodeJS.Timeout;

  constructor(send: (event: typeof ALIVE) => void) {
    this.#timer = setInterval(() => send(ALIVE), MEDIA_ALIVE_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
