import { CHANNEL_MESSAGE_BYTES, INPUT_CHANNELS } from '../../../gateway/protocol/channel-terms.ts';
import type { ControlChannel } from '../control/input-way.ts';

const CLEAR_BYTES = 4 * 1024;
/** A UTF-16 code unit has up to three bytes in UTF-8. */
const MOST_CHARS = Math.floor(CHANNEL_MESSAGE_BYTES / 3);
const [KEYS, MOTION] = INPUT_CHANNELS;

/** Data channels of a direct session, from its client to its host: input that no gateway sees. */
export class DirectChannels implements ControlChannel {
  #keys: RTCDataChannel | null = null;
  #motion: RTCDataChannel | null = null;
  /** Whether the path gives signs of life. */
  #isWell: () => boolean = () => false;

  /** Opens both channels on a connection that is about to be offered. */
  open(pc: RTCPeerConnection, isWell: () => boolean): void {
    this.#keys = pc.createDataChannel(KEYS, { ordered: true });
    this.#motion = pc.createDataChannel(MOTION, { ordered: false, maxRetransmits: 0 });
    this.#isWell = isWell;
  }

  get isOpen(): boolean {
    return this.#keys?.readyState === 'open' && this.#motion?.readyState === 'open';
  }

  get isClear(): boolean {
    return (this.#motion?.bufferedAmount ?? 0) < CLEAR_BYTES;
  }

  get isDoubtful(): boolean {
    return !this.#isWell();
  }

  sendKeys(text: string): boolean {
    return this.#send(this.#keys, text);
  }

  sendMotion(text: string): boolean {
    return this.#send(this.#motion, text);
  }

  /** They are open with the connection, whoever controls. */
  want(): void {
    return;
  }

  /** The connection is closed by who owns it. */
  close(): void {
    this.#keys = null;
    this.#motion = null;
  }

  #send(channel: RTCDataChannel | null, text: string): boolean {
    if (channel?.readyState !== 'open' || text.length > MOST_CHARS) return false;
    try {
      channel.send(text);
      return true;
    } catch {
      // Its buffer is full: the path is dead or too narrow.
      return false;
    }
  }
}
