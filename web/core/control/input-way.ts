import type { InputFrame } from '../../../gateway/protocol/input.ts';
import type { FrameWay } from './frame-way.ts';
import type { InputChannel } from './input-channel.ts';

/** Channels that come and go; what they do not take goes by the socket. */
export type ChannelWay = Pick<
  InputChannel,
  'isOpen' | 'isClear' | 'isDoubtful' | 'sendKeys' | 'sendMotion'
>;

/** Channels that a page's control opens while it holds a device. */
export interface ControlChannel extends ChannelWay {
  want(isWanted: boolean): void;
  /** Idempotent. */
  close(): void;
}

/**
 * The socket and, while they are open, data channels beside it. A frame with `held` goes by both, so
 * that a packet lost on one delays nothing and no change of way can lose it; the gateway takes what
 * comes first. Motion alone goes by the channel, and by both while that gives no proof that it leads
 * anywhere.
 */
export class InputWay implements FrameWay {
  readonly #socket: FrameWay;
  readonly #channel: ChannelWay;

  constructor(socket: FrameWay, channel: ChannelWay) {
    this.#socket = socket;
    this.#channel = channel;
  }

  get isClear(): boolean {
    const isByChannel = this.#channel.isOpen && !this.#channel.isDoubtful;
    return isByChannel ? this.#channel.isClear : this.#socket.isClear;
  }

  get losesMotion(): boolean {
    return this.#channel.isOpen;
  }

  send(frame: InputFrame): void {
    const text = JSON.stringify(frame);
    if (frame.held !== undefined) {
      this.#channel.sendKeys(text);
      this.#socket.send(frame);
    } else if (!this.#channel.sendMotion(text) || this.#channel.isDoubtful) {
      this.#socket.send(frame);
    }
  }
}
