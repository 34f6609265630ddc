import { LIMITS } from '../../limits/limits.ts';
import type { Device } from '../../protocol/control.ts';
import type { InputApplied, InputFrame, InputRefused } from '../../protocol/input.ts';
import type { HostCommand } from '../../protocol/host.ts';
import type { SourcePlace } from '../hosts/source-place.ts';
import type { InputControl } from './input-control.ts';
import type { InputObserver } from './input-observer.ts';
import type { InputTap } from './input-tap.ts';
import type { InputViewer } from './input-viewer.ts';
import { judgeFrame } from './judge-frame.ts';
import { SentFrames } from './sent-frames.ts';

interface FrameHost {
  readonly capabilities: { readonly devices: readonly Device[] };
  send(command: HostCommand): void;
}

interface RelayParts {
  readonly place: SourcePlace;
  readonly control: InputControl;
  readonly observer: InputObserver;
  readonly tap: InputTap;
}

/** Frames to the host, in the turn in which they came, and its answers to whoever sent them. */
export class FrameRelay {
  readonly #parts: RelayParts;
  readonly #sent = new SentFrames();
  readonly #refusedAt = new WeakMap<InputViewer, number>();

  constructor(parts: RelayParts) {
    this.#parts = parts;
  }

  /** `arrivedAt`: when the message was here, of `performance.now()`. */
  relay(viewer: InputViewer, frame: InputFrame, arrivedAt: number, host: FrameHost | null): void {
    const { place, control, observer, tap } = this.#parts;
    const verdict = judgeFrame(frame, viewer, control, host?.capabilities.devices ?? []);
    if (host === null || verdict !== 'passed') {
      if (verdict !== 'passed') this.refuse(viewer, verdict);
    } else {
      host.send(frame);
      const now = performance.now();
      observer.took('gateway', now - arrivedAt);
      this.#sent.note(frame, now);
      control.used(viewer);
      tap.passed(place, viewer, frame);
    }
    observer.judged(frame, verdict);
  }

  /** Says why something had no effect, not too often. */
  refuse(viewer: InputViewer, why: InputRefused['why']): void {
    const now = performance.now();
    if (now - (this.#refusedAt.get(viewer) ?? -Infinity) < LIMITS.inputRefusalMs) return;
    this.#refusedAt.set(viewer, now);
    viewer.send({ type: 'input/refused', why, sentence: SENTENCES[why] });
  }

  /** An answer of the host. */
  applied(answer: InputApplied): void {
    const { control, observer } = this.#parts;
    const sentAt = this.#sent.take(answer);
    if (sentAt !== undefined) observer.took('host', performance.now() - sentAt);
    control.holderInEpoch(answer.epoch)?.send(answer);
  }

  /** Another host, or none. */
  forget(): void {
    this.#sent.clear();
  }
}

const SENTENCES: Readonly<Record<InputRefused['why'], string>> = {
  stale: 'This control is over. Ask for it again.',
  'not-holder': 'Somebody else controls this.',
  'no-host': 'Nothing here can be controlled now.',
  'too-many': 'Too much input. Slow down.',
};
