import type { MediaPlan } from '../media/plan.ts';
import type { MediaChild } from './media-child.ts';
import { runOutlet, type OutletRunParts } from './outlet-run.ts';

/** How often a token is compared with the one that was handed on. */
const TOKEN_CHECK_MS = 5_000;

export interface StripesPublishingParts extends Pick<
  OutletRunParts,
  'signal' | 'take' | 'onMessage' | 'onLive'
> {
  /** The media socket of the source. */
  readonly url: string;
  /** A token for one connection, so that it may be renewed. */
  readonly token: () => string;
  readonly plan: () => MediaPlan;
}

/** One publication by WebSocket: it captures, and dials as often as that is needed; resolves never. */
export async function publishStripes(parts: StripesPublishingParts): Promise<never> {
  const { url, token, plan, ...run } = parts;
  let [told, opened]: [string, MediaChild | null] = ['', null];
  const renew = setInterval(() => {
    const current = attempt(token) ?? told;
    if (current !== told) opened?.send({ type: 'token', token: current });
    told = current;
  }, TOKEN_CHECK_MS);
  try {
    return await runOutlet({
      ...{ ...run, mode: 'websocket', opened: 'opened' },
      open: (child) => {
        told = token();
        opened = child;
        child.send({ type: 'open', plan: plan(), url, token: told });
      },
    });
  } finally {
    clearInterval(renew);
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
