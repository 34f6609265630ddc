import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEAD_START_MS } from '../../../../web/core/roaming/way-choice.ts';
import type { WayNews } from '../../../../web/core/roaming/way-news.ts';
import {
  BLOCKED,
  BOTH,
  Choosing,
  EMPTY,
  PLAYING,
  TRYING,
  WEBRTC,
  WEBSOCKET,
  fallenBack,
} from './choosing.ts';

describe('the choice of a way', () => {
  it('[MEDIA-90] gives WebRTC a head start and opens no WebSocket where its picture comes', () => {
    const choosing = new Choosing().webrtc(TRYING).pass(HEAD_START_MS - 1);
    expect(choosing.choice.open).toEqual(WEBRTC);
    choosing.webrtc(PLAYING).pass(600_000);
    expect(choosing.choice).toMatchObject({ open: WEBRTC, shown: 'webrtc', reason: null });
  });

  it('[MEDIA-90] opens the WebSocket beside it after the head start, and says why', () => {
    const { choice } = new Choosing().webrtc(TRYING).pass(HEAD_START_MS);
    expect(choice).toMatchObject({ open: BOTH, shown: null, reason: 'slow' });
  });

  it.each([
    ['ICE failed', BLOCKED, 'blocked'],
    ['the browser has no WebRTC', { kind: 'broken', because: 'missing' }, 'missing'],
    ['the media server is away', { kind: 'broken', because: 'server' }, 'server'],
    ['the source is there by WebSocket only', { kind: 'empty', elsewhere: true }, 'elsewhere'],
  ] as const)('[MEDIA-91] opens the WebSocket at once when %s', (_when, news, reason) => {
    const { choice } = new Choosing().webrtc(news);
    expect(choice).toMatchObject({ open: BOTH, reason });
  });

  it('[MEDIA-91] opens none where the gateway itself is away, or nobody publishes', () => {
    for (const news of [{ kind: 'broken', because: null } as const, EMPTY]) {
      expect(new Choosing().webrtc(TRYING).webrtc(news).pass(60_000).choice.open).toEqual(WEBRTC);
    }
  });

  it('[MEDIA-91] an attempt after an empty room has a head start of its own', () => {
    const choosing = new Choosing().webrtc(EMPTY).pass(30_000).webrtc(TRYING);
    expect(choosing.choice.open).toEqual(WEBRTC);
    expect(choosing.pass(HEAD_START_MS).choice.open).toEqual(BOTH);
  });

  it('[MEDIA-91] says what it learns of WebRTC later', () => {
    const choosing = new Choosing().webrtc(TRYING).pass(HEAD_START_MS).websocket(PLAYING);
    expect(choosing.choice.reason).toBe('slow');
    expect(choosing.webrtc({ kind: 'empty', elsewhere: true }).choice.reason).toBe('elsewhere');
  });

  it('[MEDIA-92] shows the first picture, whoever brings it', () => {
    const open = () => new Choosing().webrtc(TRYING).pass(HEAD_START_MS);
    expect(open().websocket(PLAYING).choice).toMatchObject({ shown: 'websocket', open: BOTH });
    expect(open().webrtc(PLAYING).choice).toMatchObject({ shown: 'webrtc', open: WEBRTC });
  });

  it('[MEDIA-93] rests WebRTC once it failed, and tries again after 10, 30, 60 and 60 s', () => {
    const choosing = fallenBack();
    expect(choosing.choice).toMatchObject({ open: WEBSOCKET, reason: 'blocked' });
    for (const seconds of [10, 30, 60, 60]) {
      choosing.pass(seconds * 1000 - 1);
      expect(choosing.choice.open).toEqual(WEBSOCKET);
      choosing.pass(1);
      expect(choosing.choice.open).toEqual(BOTH);
      choosing.webrtc(BLOCKED);
    }
  });

  it('[MEDIA-93] tries at once in another network, or when somebody publishes by WebRTC', () => {
    expect(fallenBack().happen({ type: 'network' }).choice.open).toEqual(BOTH);
    const elsewhere = fallenBack().happen({ type: 'offered', webrtc: false });
    expect(elsewhere.pass(600_000).choice.open).toEqual(WEBSOCKET);
    expect(elsewhere.happen({ type: 'offered', webrtc: true }).choice.open).toEqual(BOTH);
  });

  it('[MEDIA-94] moves back when WebRTC plays, and only then closes the WebSocket', () => {
    const choosing = fallenBack().pass(10_000).webrtc(TRYING);
    expect(choosing.choice).toMatchObject({ shown: 'websocket', open: BOTH });
    choosing.webrtc(PLAYING);
    expect(choosing.choice).toMatchObject({ shown: 'webrtc', open: WEBRTC, reason: null });
  });

  it('[MEDIA-94] what was shown stays until the other way has a picture', () => {
    const choosing = new Choosing().webrtc(PLAYING).webrtc({ kind: 'broken', because: 'lost' });
    expect(choosing.choice).toMatchObject({ shown: 'webrtc', open: BOTH, reason: 'lost' });
    choosing.websocket(PLAYING);
    expect(choosing.choice).toMatchObject({ shown: 'websocket', open: WEBSOCKET });
    choosing.websocket({ kind: 'broken', because: null });
    expect(choosing.choice).toMatchObject({ shown: 'websocket', open: BOTH });
  });

  it('[MEDIA-95] WebRTC that falls again and again must play longer each time', () => {
    const choosing = new Choosing();
    let moves = 0;
    for (let second = 0; second < 3_600; second += 4) {
      const before = choosing.choice.shown;
      choosing.webrtc(PLAYING).pass(2_000);
      choosing.webrtc({ kind: 'broken', because: 'lost' }).websocket(PLAYING).pass(2_000);
      if (before !== choosing.choice.shown) moves += 1;
      if (choosing.choice.open.webrtc) choosing.webrtc(TRYING);
    }
    expect(choosing.choice.shown).toBe('websocket');
    expect(moves).toBeLessThanOrEqual(2);
  });

  it('[MEDIA-95] after a minute on WebRTC it counts as well again', () => {
    const choosing = new Choosing().webrtc(PLAYING);
    const fallAndReturn = () =>
      choosing
        .webrtc({ kind: 'broken', because: 'lost' })
        .websocket(PLAYING)
        .pass(60_000)
        .webrtc(PLAYING);
    fallAndReturn();
    expect(choosing.choice.shown).toBe('websocket');
    choosing.pass(5_000);
    expect(choosing.choice.shown).toBe('webrtc');
    choosing.pass(60_000);
    fallAndReturn();
    expect(choosing.choice.shown).toBe('webrtc');
  });

  it('[MEDIA-96] the page may fix the way', () => {
    const webrtc = new Choosing('webrtc').webrtc(BLOCKED).pass(600_000);
    expect(webrtc.choice.open).toEqual(WEBRTC);
    const websocket = new Choosing('websocket').websocket(PLAYING).pass(600_000);
    expect(websocket.choice).toMatchObject({
      open: WEBSOCKET,
      shown: 'websocket',
      reason: 'chosen',
    });
  });

  it('[MEDIA-96] a person without the right is let in by neither way', () => {
    const barred = fallenBack().pass(10_000).webrtc({ kind: 'barred' });
    expect(barred.choice.open).toEqual({ webrtc: false, websocket: false });
    expect(barred.pass(600_000).choice.open).toEqual({ webrtc: false, websocket: false });
  });

  it('[MEDIA-96] a browser that cannot play the WebSocket’s pictures stays with WebRTC', () => {
    const choosing = new Choosing().webrtc(BLOCKED).websocket({ kind: 'barred' }).pass(600_000);
    expect(choosing.choice.open).toEqual(WEBRTC);
  });
});

const anyNews = fc.constantFrom<WayNews>(
  TRYING,
  PLAYING,
  BLOCKED,
  EMPTY,
  { kind: 'empty', elsewhere: true },
  { kind: 'broken', because: null },
);
const anyEvent = fc.oneof(
  fc.record({
    type: fc.constant('news' as const),
    way: fc.constantFrom('webrtc' as const, 'websocket' as const),
    news: anyNews,
  }),
  fc.record({ type: fc.constant('offered' as const), webrtc: fc.constantFrom(true, false, null) }),
  fc.constant({ type: 'network' } as const),
);

describe('whatever happens', () => {
  it('[MEDIA-97] a way is open, what is shown played, and no wake is due already', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyEvent, fc.nat({ max: 70_000 })), { maxLength: 60 }),
        (story) => {
          const choosing = new Choosing();
          for (const [event, ms] of story) {
            const before = choosing.choice.shown;
            const { open, shown, wakeAtMs } = choosing.happen(event).choice;
            expect(open.webrtc || open.websocket).toBe(true);
            if (shown !== null) expect(open[shown]).toBe(true);
            if (shown !== before) expect(choosing.choice[shown ?? 'webrtc'].kind).toBe('playing');
            if (before !== null) expect(shown).not.toBeNull();
            if (wakeAtMs !== null) expect(wakeAtMs).toBeGreaterThan(choosing.nowMs);
            choosing.pass(ms);
          }
        },
      ),
    );
  });

  it('[MEDIA-97] WebRTC that works is shown in the end, whatever was before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyEvent, fc.nat({ max: 70_000 })), { maxLength: 40 }),
        (story) => {
          const choosing = new Choosing();
          for (const [event, ms] of story) choosing.happen(event).pass(ms);
          choosing.happen({ type: 'offered', webrtc: true });
          for (let minute = 0; minute < 5; minute += 1) {
            if (choosing.choice.open.webrtc) choosing.webrtc(PLAYING);
            choosing.pass(60_000);
          }
          expect(choosing.choice).toMatchObject({ shown: 'webrtc', open: WEBRTC });
        },
      ),
    );
  });
});
