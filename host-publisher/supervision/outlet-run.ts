import { toHostError } from '../host-error.ts';
import type { FromMedia } from '../media/messages.ts';
import type { MediaMode } from '../media/plan.ts';
import { CAPTURE_MS, rejectOn, within } from './deadlines.ts';
import type { MediaChild } from './media-child.ts';

export interface OutletRunParts {
  readonly mode: MediaMode;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly take: () => MediaChild;
  /** Has the media process open the mode. */
  readonly open: (child: MediaChild) => void;
  /** Its answer. */
  readonly opened: FromMedia['type'];
  readonly onMessage: (message: FromMedia) => void;
  /** It captures. */
  readonly onLive: (child: MediaChild) => void;
}

/** One publication that nobody has to answer, as long as its capture lasts; resolves never. */
export async function runOutlet(parts: OutletRunParts): Promise<never> {
  const { mode, signal, take, open, opened, onMessage, onLive } = parts;
  const captures = Promise.withResolvers<undefined>();
  const child = take();
  child.begin(mode, (message) => {
    if (message.type === opened) captures.resolve(undefined);
    else onMessage(message);
  });
  const failure = child.failureOf(mode);
  const stopped = rejectOn(signal);
  let isSound = true;
  try {
    open(child);
    await within(CAPTURE_MS, Promise.race([captures.promise, failure, stopped]));
    onLive(child);
    return await Promise.race([failure, stopped]);
  } catch (error) {
    const cause = toHostError(error, 'media');
    isSound = signal.aborted || cause.code !== 'media';
    throw cause;
  } finally {
    await child.leave(mode, isSound);
  }
}
