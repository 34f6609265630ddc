import type { RtpPublisher } from '../support/rtc/rtp-publisher.ts';
import { fresh } from './offers.ts';
import type { Kind } from './kind.ts';
import { connectPublisher, type SessionOpener } from './peers.ts';
import type { Session } from './session.ts';

/** Half-open sessions are ended by careful servers: without media it is opened anew after this. */
const HALF_OPEN_MS = 8000;

interface Server extends SessionOpener {
  has(kind: Kind): boolean;
}

export interface Published {
  readonly audio?: boolean;
}

/** The one publisher that viewers need. Without a WHIP URL somebody else must publish. */
export class LivePublisher {
  readonly #server: Server;
  #live: { session: Session; peer: RtpPublisher | null; since: number; what: string } | null = null;

  constructor(server: Server) {
    this.#server = server;
  }

  get session(): Session | null {
    return this.#live?.session ?? null;
  }

  /** Lets something be published: audio and video unless said otherwise. */
  async ensure(published: Published = {}): Promise<void> {
    const { audio = true } = published;
    if (!this.#server.has('publish') || this.#isLive(audio)) return;
    await this.stop();
    const since = performance.now();
    const what = nameOf(audio);
    if (this.#server.options.media) {
      const { session, peer } = await connectPublisher(this.#server, { audio });
      this.#live = { session, peer, since, what };
    } else {
      const offer = fresh(audio ? 'chromium-publish' : 'chromium-publish-video');
      const session = await this.#server.open('publish', { offer });
      this.#live = { session, peer: null, since, what };
    }
  }

  async stop(): Promise<void> {
    const live = this.#live;
    this.#live = null;
    if (live === null) return;
    live.peer?.close();
    await live.session.delete();
  }

  #isLive(audio: boolean): boolean {
    if (this.#live === null || this.#live.what !== nameOf(audio)) return false;
    return this.#live.peer !== null || performance.now() - this.#live.since < HALF_OPEN_MS;
  }
}

const nameOf = (audio: boolean): string => (audio ? 'audio and video' : 'video');
