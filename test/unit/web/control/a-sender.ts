import type { InputFrame } from '../../../../gateway/protocol/input.ts';
import type { FrameWay } from '../../../../web/core/control/frame-way.ts';
import { InputSender } from '../../../../web/core/control/input-sender.ts';

/** All devices in one epoch. */
export const allOf = (epoch: number | null) => ({
  pointer: epoch,
  keyboard: epoch,
  gamepad: epoch,
});

/** A way that keeps what it carries. */
export class RecordedWay implements FrameWay {
  isClear = true;
  losesMotion = false;
  readonly frames: InputFrame[] = [];

  send(frame: InputFrame): void {
    this.frames.push(structuredClone(frame));
  }

  /** What came since it was asked last. */
  taken(): InputFrame[] {
    return this.frames.splice(0);
  }

  get last(): InputFrame {
    const last = this.frames.at(-1);
    if (last === undefined) throw new Error('no frame was sent');
    return last;
  }
}

/** A sender with a lease on everything in epoch 1, whose pictures come when the test says so. */
export function aSender({ mark = () => null }: { mark?: (atMs: number) => number | null } = {}) {
  let paint: (() => void) | null = null;
  const sender = new InputSender({
    nextFrame: (call) => {
      paint = call;
      return () => (paint = null);
    },
    mark,
  });
  const way = new RecordedWay();
  sender.useWay(way);
  sender.setLeases(allOf(1));
  way.taken();
  return {
    sender,
    way,
    /** The page shows its next picture. */
    picture: () => {
      const call = paint;
      paint = null;
      call?.();
    },
    /** Whether the sender waits for a picture. */
    isWaiting: () => paint !== null,
  };
}
