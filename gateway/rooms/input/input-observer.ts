import type { ClipboardRefused } from '../../protocol/clipboard.ts';
import type { InputFrame } from '../../protocol/input.ts';
import type { SourcePlace } from '../hosts/source-place.ts';
import type { FrameVerdict } from './judge-frame.ts';

/** From page to gateway, through it, on to the host until it is applied, and until a picture shows it. */
export type InputStage = 'viewer' | 'gateway' | 'host' | 'picture';

/** A command that somebody asked a host to run. */
export interface CommandRun {
  readonly place: SourcePlace;
  /** `sub` of the viewer's token. */
  readonly by: string;
  readonly command: string;
  readonly ok: boolean;
}

/** What happens to input, for metrics and audit; observers never change the outcome. */
export interface InputObserver {
  judged(frame: InputFrame, verdict: FrameVerdict): void;
  /** A content of a clipboard went over, or was refused. */
  clipboard(result: 'passed' | ClipboardRefused['why']): void;
  took(stage: InputStage, ms: number): void;
  ran(run: CommandRun): void;
}
