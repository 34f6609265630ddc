import type { SessionProblem } from '../problem.ts';
import type { WhepState } from '../whep-client.ts';

/** Why a picture does not come by WebRTC. */
export type WayReason =
  /** The page asks for WebSocket. */
  | 'chosen'
  /** It has not brought a picture so far. */
  | 'slow'
  /** Signalling works, media does not. */
  | 'blocked'
  | 'lost'
  /** The media server is away or full. */
  | 'server'
  | 'format'
  /** The browser has none. */
  | 'missing'
  /** The source is published by WebSocket only. */
  | 'elsewhere';

/** How a way stands to bringing a picture. */
export type WayNews =
  | { readonly kind: 'resting' }
  | { readonly kind: 'trying' }
  | { readonly kind: 'playing' }
  /** Nobody publishes that way; `elsewhere`: somebody does by the other one. */
  | { readonly kind: 'empty'; readonly elsewhere: boolean }
  /** It tries again by itself; `because` is null where the other way is no better. */
  | { readonly kind: 'broken'; readonly because: WayReason | null }
  /** It has given up for good. */
  | { readonly kind: 'barred' };

/** What else counts of a WHEP client. */
export interface WhepSigns {
  /** The first picture of its stream was presented. */
  readonly hasPicture: boolean;
  /** Nothing gets through to it now. */
  readonly isStuck: boolean;
}

/** What a WHEP client's state means for the choice. */
export function newsOfWhep(state: WhepState, { hasPicture, isStuck }: WhepSigns): WayNews {
  switch (state.kind) {
    case 'idle':
    case 'stopped':
      return { kind: 'resting' };
    case 'connecting':
      return { kind: 'trying' };
    case 'live':
      if (isStuck) return { kind: 'broken', because: 'lost' };
      return hasPicture ? { kind: 'playing' } : { kind: 'trying' };
    case 'waiting':
      return { kind: 'empty', elsewhere: state.byWebSocket === true };
    case 'reconnecting': {
      const because = reasonOf(state.problem);
      const isUnderWay = because === null && state.retryAtMs === null;
      return isUnderWay ? { kind: 'trying' } : { kind: 'broken', because };
    }
    case 'failed': {
      const because = reasonOf(state.problem);
      return because === null ? { kind: 'barred' } : { kind: 'broken', because };
    }
    default:
      return state satisfies never;
  }
}

/** What the state of a player over WebSocket means for the choice. */
export function newsOfStripes(state: WhepState): WayNews {
  switch (state.kind) {
    case 'idle':
    case 'stopped':
      return { kind: 'resting' };
    case 'connecting':
      return { kind: 'trying' };
    case 'live':
      return { kind: 'playing' };
    case 'waiting':
      return { kind: 'empty', elsewhere: false };
    case 'reconnecting':
      return { kind: 'broken', because: null };
    case 'failed':
      return { kind: 'barred' };
    default:
      return state satisfies never;
  }
}

/** Null: rights, or the gateway itself, which the other way needs too. */
function reasonOf({ code }: SessionProblem): WayReason | null {
  switch (code) {
    case 'udp-blocked':
    case 'no-media':
      return 'blocked';
    case 'connection-lost':
      return 'lost';
    case 'node-unavailable':
    case 'upstream-rejected':
    case 'capacity':
      return 'server';
    case 'answer-rejected':
    case 'offer-unacceptable':
    case 'codec-unsupported':
      return 'format';
    default:
      return null;
  }
}
