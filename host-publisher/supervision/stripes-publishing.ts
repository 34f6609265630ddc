import { toHostError } from '../host-error.ts';
import type { FromMedia } from '../media/messages.ts';
import type { MediaPlan } from '../media/plan.ts';
import { CAPTURE_MS, rejectOn, within } from './deadlines.ts';
import type { MediaChild } from './media-child.ts';

/** How often a token is compared with the one that was handed on. */
const TOKEN_CHECK_MS = 5_000;

export interface StripesPublishingParts {
  /** The media socket of the source. */
  readonly url: string;
  /** A token for one connection, so that it may be renewed. */
  readonly token: () => string;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly take: () => MediaChild;
  readonly plan: () => MediaPlan;
  readonly onMessage: (message: FromMedia) => void;
  /** It captures, and dials as often as that is needed. */
  readonly onLive: (child: MediaChild) => void;
}

/** One publication by WebSocket, as long as its capture lasts; resolves never. */
export async function publishStripes(parts: StripesPublishingParts): Promise<never> {
  const { url, token, signal, take, plan, onMessage, onLive } = parts;
  const opened = Promise.withResolvers<undefined>();
  const child = take();
  child.begin('websocket', (message) => {
    if (message.type === 'opened') opened.resolve(undefined);
    else onMessage(message);
  });
  const failure = child.failureOf('websocket');
  const stopped = rejectOn(signal);
  let [isSound, told] = [true, ''];
  const renew = setInterval(() => {
    const current = attempt(token) ?? told;
    if (current !== told) child.send({ type: 'token', token: current });
    told = current;
  }, TOKEN_CHECK_MS);
  try {
    told = token();
    child.send({ type: 'open', plan: plan(), url, token: told });
    await within(CAPTURE_MS, Promise.race([opened.promise, failure, stopped]));
    onLive(child);
    return await Promise.race([failure, stopped]);
  } catch (error) {
    const cause = toHostError(error, 'media');
    isSound = signal.aborted || cause.code !== 'media';
    throw cause;
  } finally {
    clearInterval(renew);
    await child.leave('websocket', isSound);
  }
}

/** Null where a file with a token is just being replaced. */
function attempt(token: () => string): string | null {
  try {
    return token();
  } catch {
    return null;
  }
}
