import type { SessionProblem, Side } from './problem.ts';

/** Everything the decision depends on. */
export interface ReconnectCase {
  readonly side: Side;
  readonly problem: SessionProblem;
  /** Failures in a row before this one. */
  readonly attempt: number;
  /** Whether media flowed since the person pressed start. */
  readonly wasLive: boolean;
  /** 0 up to 1, the jitter. */
  readonly random: number;
}

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 15_000;
const WAIT_FOR_PUBLISHER_MS = 2_000;

/**
 * Milliseconds until the next attempt, or null when trying again cannot help.
 *
 * A server's Retry-After is a lower bound and gets up to 20 % on top, so that a room full of
 * viewers does not come back in one instant. A session that the server no longer knows is rejoined
 * at once; everything else backs off exponentially, half fixed and half jitter.
 */
export function reconnectDelayMs(situation: ReconnectCase): number | null {
  const { problem, attempt, random } = situation;
  if (!canRetry(situation)) return null;
  if (problem.retryAfterMs !== null) {
    return Math.round(Math.max(problem.retryAfterMs, FIRST_BACKOFF_MS) * (1 + 0.2 * random));
  }
  if (problem.code === 'no-publisher') {
    return Math.round(WAIT_FOR_PUBLISHER_MS * (1 + 0.2 * random));
  }
  if (problem.code === 'session-gone' && attempt === 0) return Math.round(200 * random);
  const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(attempt, 10));
  return Math.round(backoffMs / 2 + (backoffMs / 2) * random);
}

function canRetry({ side, problem, wasLive }: ReconnectCase): boolean {
  switch (problem.code) {
    case 'network':
    case 'udp-blocked':
    case 'connection-lost':
    case 'session-gone':
    case 'no-media':
    case 'session-not-found':
    case 'too-many-sessions':
    case 'rate-limited':
    case 'internal':
    case 'upstream-rejected':
    case 'node-unavailable':
    case 'keys-unavailable':
    case 'home-unknown':
    case 'home-away':
    case 'capacity':
    case 'host-away':
    case 'host-silent':
    case 'shutting-down':
      return true;
    case 'no-publisher':
      return side === 'watch';
    // After a loss the name may still be held by our own dead session; at first it is another person.
    case 'source-busy':
      return wasLive;
    case 'bad-request':
    case 'sdp-malformed':
    case 'authorization-malformed':
    case 'token-missing':
    case 'token-invalid':
    case 'token-expired':
    case 'token-revoked':
    case 'login-missing':
    case 'login-invalid':
    case 'login-expired':
    case 'password-invalid':
    case 'csrf-invalid':
    case 'name-taken':
    case 'node-busy':
    case 'docker-off':
    case 'docker-busy':
    case 'docker-refused':
    case 'docker-unavailable':
    case 'last-admin':
    case 'invitation-invalid':
    case 'scope-insufficient':
    case 'origin-forbidden':
    case 'https-required':
    case 'not-found':
    case 'method-not-allowed':
    case 'method-unknown':
    case 'precondition-failed':
    case 'body-too-large':
    case 'headers-too-large':
    case 'media-type-unsupported':
    case 'offer-unacceptable':
    case 'codec-unsupported':
    case 'simulcast-unsupported':
    case 'layer-unavailable':
    case 'ice-restart-unsupported':
    case 'precondition-required':
    case 'upgrade-required':
    case 'host-refused':
    case 'control-refused':
    case 'recording-not-found':
    case 'recording-running':
    case 'recording-off':
    case 'range-not-satisfiable':
    case 'storage-full':
    case 'removed':
    case 'replaced':
    case 'dismissed':
    case 'sender-left':
    case 'host-left':
    case 'answer-rejected':
      return false;
    default:
      return problem.code satisfies never;
  }
}
