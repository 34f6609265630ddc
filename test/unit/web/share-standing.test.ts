import { describe, expect, test } from 'vitest';
import { localProblem } from '../../../web/core/problem.ts';
import type { SessionProblem } from '../../../web/core/problem.ts';
import type { KeeperState } from '../../../web/core/session-keeper.ts';
import type { StripesFigures } from '../../../web/core/stripes-publisher/worker-messages.ts';
import { mainFigures, showReadiness } from '../../../web/share/sent-words.ts';
import { standingOf } from '../../../web/share/share-standing.ts';
import { explainWays } from '../../../web/share/share-words.ts';

const live: KeeperState = { kind: 'live', sinceMs: 0 };
const connecting: KeeperState = { kind: 'connecting' };
const reconnecting = (code: SessionProblem['code']): KeeperState => ({
  ...{ kind: 'reconnecting', problem: localProblem(code), attempt: 0, retryAtMs: 1 },
});
const failed = (code: SessionProblem['code']): KeeperState => ({
  ...{ kind: 'failed', problem: localProblem(code) },
});

const wordsOf = (whip: KeeperState | null, socket: KeeperState | null): string => {
  const standing = standingOf(whip, socket);
  return standing.kind === 'live' ? explainWays(standing.ways) : standing.kind;
};

describe('[MEDIA-128] where sharing stands by both ways', () => {
  test('is live by whichever way is, and says in plain words why not by WebRTC', () => {
    expect(wordsOf(live, live)).toBe('You are sharing.');
    expect(wordsOf(live, reconnecting('network'))).toBe('You are sharing.');
    expect(wordsOf(live, failed('bad-request'))).toBe('You are sharing.');
    expect(wordsOf(null, live)).toBe('You are sharing over WebSocket.');
    expect(wordsOf(connecting, live)).toBe('You are sharing over WebSocket.');
    expect(wordsOf(reconnecting('udp-blocked'), live)).toBe(
      'You are sharing over WebSocket. WebRTC does not get through this network (no answer on UDP).',
    );
    expect(wordsOf(failed('codec-unsupported'), live)).toMatch(
      /^You are sharing over WebSocket\. WebRTC does not work: This browser and the server/,
    );
  });

  test('waits for the way that still tries', () => {
    expect(standingOf(connecting, null)).toEqual(connecting);
    expect(standingOf(reconnecting('network'), connecting).kind).toBe('reconnecting');
    expect(standingOf(failed('codec-unsupported'), connecting).kind).toBe('connecting');
    expect(standingOf(failed('codec-unsupported'), reconnecting('network')).kind).toBe(
      'reconnecting',
    );
    expect(standingOf(failed('codec-unsupported'), failed('bad-request'))).toEqual(
      failed('codec-unsupported'),
    );
    expect(standingOf({ kind: 'stopped' }, { kind: 'stopped' }).kind).toBe('stopped');
  });

  test.each(['replaced', 'removed', 'dismissed', 'source-busy', 'token-invalid'] as const)(
    'ends by both ways with "%s" of one',
    (code) => {
      expect(standingOf(live, failed(code))).toEqual(failed(code));
      expect(standingOf(failed(code), live)).toEqual(failed(code));
    },
  );
});

describe('the figures of what is sent', () => {
  const figures: StripesFigures = {
    ...{ pictureViewers: 2, soundViewers: 3, bytesSent: 9, bitrateBps: 1_200_000 },
    ...{ framesPerSecond: 30, width: 640, height: 360, codec: 'H264', limitation: 'none' },
  };
  const webrtc = {
    ...{ atMs: 0, bytesSent: 5, bitrateBps: 7, framesPerSecond: 15, width: 1280, height: 720 },
    ...{ videoCodec: 'VP8', audioCodec: 'opus', limitation: 'cpu' },
    ...{ roundTripMs: 5, lossFraction: 0 },
  };

  test('[MEDIA-129] are those of WebRTC where it sends, else those of the WebSocket', () => {
    expect(mainFigures({ webrtc, websocket: figures })).toMatchObject({
      ...{ width: 1280, codecs: ['VP8', 'opus'] },
    });
    expect(mainFigures({ webrtc: { ...webrtc, bytesSent: 0 }, websocket: figures })).toMatchObject({
      ...{ width: 640, codecs: ['H264', 'Opus'], roundTripMs: null },
    });
    expect(mainFigures({ webrtc: null, websocket: null })).toBeNull();
    expect(showReadiness(figures)).toBe('3 viewers, 1.2 Mbit/s');
    expect(showReadiness({ ...figures, pictureViewers: 0, soundViewers: 0 })).toBe(
      'Ready, nobody watches',
    );
    expect(showReadiness(null)).toBe('–');
  });
});
