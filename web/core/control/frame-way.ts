import type { InputFrame } from '../../../gateway/protocol/input.ts';
import type { ViewerSocket } from '../viewer-socket.ts';

/** A way that frames take to the gateway. */
export interface FrameWay {
  /** Whether frames go out as they come; while not, motion waits, and then its newest goes. */
  readonly isClear: boolean;
  /** Whether a frame without `held` may be lost, or come late. */
  readonly losesMotion: boolean;
  send(frame: InputFrame): void;
}

/** More than this waits behind something large, or before a path that is too narrow. */
const CLEAR_BYTES = 8 * 1024;

/** The viewer's socket as the way of frames: nothing is lost, everything is in order. */
export function socketWay(socket: ViewerSocket): FrameWay {
  return {
    get isClear() {
      return socket.bufferedBytes < CLEAR_BYTES;
    },
    losesMotion: false,
    send: (frame) => void socket.send(frame),
  };
}
