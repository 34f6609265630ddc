import type { Injection } from '../../input/injection.ts';
import type { Pipeline } from '../gstreamer/pipeline.ts';

/** What pushes frames into a playing pipeline by itself, where GStreamer does not capture them. */
export interface Feed {
  /** Never resolves; fails with what ends the source. */
  readonly failure: Promise<never>;
  /** Shows the number of the last input in the picture from its next frame on; absent: it cannot. */
  readonly mark?: (inputId: number) => void;
  /** Acts upon what it paints; `fresh`: whatever is held there is let go before. */
  readonly inject?: (acts: readonly Injection[], fresh: boolean) => void;
  /** A frame has been captured, and waits until this returns; absent: what captures has a clock of its own. */
  readonly captured?: () => void;
  close(): Promise<void>;
}

/** What somebody allowed to capture. */
export interface Share {
  /** The head of the pipeline, in place of the source's. */
  readonly text: string;
  /** Never resolves; fails when it is taken back. */
  readonly ended: Promise<never>;
  /** After the pipeline. */
  close(): Promise<void>;
}

/** A source as the head of a pipeline: raw frames of the plan's size and rate. */
export interface Source {
  readonly elements: readonly string[];
  readonly text: string;
  /** The sound that belongs to the picture; null: none does. */
  readonly sound: { readonly elements: readonly string[]; readonly text: string } | null;
  /** Begins once the pipeline plays; null: GStreamer does everything. */
  readonly feed: ((pipeline: Pipeline) => Feed) | null;
  /** Asks for what is captured, each time before it is; absent: nobody has to be asked. */
  readonly share?: (signal: AbortSignal) => Promise<Share>;
}
