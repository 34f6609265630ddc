import type { EncodedPicture, Fixed, HostFigures } from '../../../gateway/protocol/host.ts';
import type { ToMedia } from '../../../host-publisher/media/messages.ts';
import type { MediaPlan } from '../../../host-publisher/media/plan.ts';
import { MediaChild } from '../../../host-publisher/supervision/media-child.ts';

export interface MediaPublicationOptions {
  readonly plan: MediaPlan;
  /** WHIP endpoint of a media server, or of the gateway. */
  readonly url: string;
  readonly bearer?: string;
  /** All media goes to this port of 127.0.0.1 (a relay), whatever the answer's candidates say. */
  readonly relayPort?: number;
  readonly onPictured?: (mark: number, rtpTimestamp: number) => void;
  readonly onFigures?: (figures: HostFigures) => void;
  readonly onPicture?: (picture: EncodedPicture, fixed: Fixed) => void;
}

/** A media child that publishes to a media server without an agent or a gateway. */
export class MediaPublication {
  readonly #child: MediaChild;

  private constructor(child: MediaChild) {
    this.#child = child;
  }

  /** Resolves when it is live. */
  static async open(options: MediaPublicationOptions): Promise<MediaPublication> {
    const offer = Promise.withResolvers<string>();
    const live = Promise.withResolvers<undefined>();
    const child = new MediaChild({
      onMessage: (message) => {
        if (message.type === 'offer') offer.resolve(message.sdp);
        if (message.type === 'live') live.resolve(undefined);
        if (message.type === 'figures') options.onFigures?.(message.figures);
        if (message.type === 'input-pictured' && message.rtpTimestamp !== undefined) {
          options.onPictured?.(message.mark, message.rtpTimestamp);
        }
        if (message.type === 'picture') options.onPicture?.(message.picture, message.fixed);
      },
    });
    try {
      child.send({ type: 'prepare', plan: options.plan });
      const sdp = await Promise.race([offer.promise, child.failureOf('webrtc')]);
      child.send({ type: 'answer', sdp: await answerOf(options, sdp) });
      await Promise.race([live.promise, child.failureOf('webrtc')]);
      return new MediaPublication(child);
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid;
  }

  send(message: ToMedia): void {
    this.#child.send(message);
  }

  close(): Promise<void> {
    return this.#child.stop();
  }
}

async function answerOf({ url, bearer, relayPort }: MediaPublicationOptions, offer: string) {
  const headers = new Headers({ 'content-type': 'application/sdp' });
  if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`);
  const response = await fetch(url, { method: 'POST', headers, body: offer });
  const answer = await response.text();
  if (response.status !== 201) throw new Error(`POST: ${response.status} ${answer.slice(0, 200)}`);
  if (relayPort === undefined) return answer;
  return answer.replace(/^(a=candidate:\S+ \d+ udp \d+) \S+ \d+ /gim, `$1 127.0.0.1 ${relayPort} `);
}
