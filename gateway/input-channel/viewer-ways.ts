import type { ViewerMessage } from '../protocol/viewer.ts';
import { FrameCopies } from './frame-copies.ts';
import type { ChannelLink } from './input-channels.ts';

/** The ways of one viewer's messages: its socket, and channels that it may open beside it. */
export class ViewerWays {
  readonly #link: ChannelLink;
  readonly #copies = new FrameCopies();

  constructor(link: ChannelLink) {
    this.#link = link;
  }

  /** Whether a message goes on; not what is about the channels, and no frame that came before. */
  admits(message: ViewerMessage, way: 'socket' | 'channel'): boolean {
    switch (message.type) {
      case 'input/frame':
        return this.#copies.isNew(message, way);
      case 'channel/offer':
        this.#link.offer(message.sdp);
        return false;
      case 'channel/closed':
        this.#link.close();
        return false;
      default:
        return true;
    }
  }

  /** The socket is gone, and its channels go with it. */
  close(): void {
    this.#link.close();
  }
}
