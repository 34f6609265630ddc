import { describe, expect, it } from 'vitest';
import type { SessionProblem } from '../../../../web/core/problem.ts';
import { newsOfStripes, newsOfWhep } from '../../../../web/core/roaming/way-news.ts';

const SEEN = { hasPicture: true, isStuck: false };

const problem = (code: SessionProblem['code']): SessionProblem => ({
  code,
  status: null,
  detail: '',
  retryAfterMs: null,
});
const again = (code: SessionProblem['code'], retryAtMs: number | null) =>
  ({ kind: 'reconnecting', problem: problem(code), retryAtMs }) as const;
const waiting = { kind: 'waiting', sessionKept: true, retryAtMs: null } as const;

describe('what the state of a way means', () => {
  it('[MEDIA-91] a wait says whether somebody publishes by WebSocket', () => {
    expect(newsOfWhep(waiting, SEEN)).toEqual({ kind: 'empty', elsewhere: false });
    for (const byWebSocket of [true, false]) {
      const news = newsOfWhep({ ...waiting, byWebSocket }, SEEN);
      expect(news).toEqual({ kind: 'empty', elsewhere: byWebSocket });
    }
    expect(newsOfStripes(waiting)).toEqual({ kind: 'empty', elsewhere: false });
  });

  it('[MEDIA-91] an attempt under way tries, unless its cause is the way itself', () => {
    expect(newsOfWhep(again('network', null), SEEN)).toEqual({ kind: 'trying' });
    const between = newsOfWhep(again('network', 1), SEEN);
    expect(between).toEqual({ kind: 'broken', because: null });
    for (const retryAtMs of [null, 1]) {
      const news = newsOfWhep(again('udp-blocked', retryAtMs), SEEN);
      expect(news).toEqual({ kind: 'broken', because: 'blocked' });
    }
  });

  it('[MEDIA-92] WebRTC plays from its first picture on, and not while nothing gets through', () => {
    expect(newsOfWhep({ kind: 'live' }, SEEN)).toEqual({ kind: 'playing' });
    const unseen = newsOfWhep({ kind: 'live' }, { hasPicture: false, isStuck: false });
    expect(unseen).toEqual({ kind: 'trying' });
    const stuck = newsOfWhep({ kind: 'live' }, { hasPicture: true, isStuck: true });
    expect(stuck).toEqual({ kind: 'broken', because: 'lost' });
  });
});
