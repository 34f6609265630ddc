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

const BARRED: WayNews = { kind: 'barred' };
const BROKEN: WayNews = { kind: 'broken', because: null };
const LOST: WayNews = { kind: 'broken', because: 'lost' };

/** The WebSocket plays after WebRTC was lost soon. */
const fallen = () => new Choosing().webrtc(PLAYING).webrtc(LOST).websocket(PLAYING);

describe('the times of a choice', () => {
  it('[MEDIA-90] one attempt has one head start, however often it says that it tries', () => {
    const choosing = new Choosing().webrtc(TRYING).pass(HEAD_START_MS - 100);
    expect(choosing.webrtc(TRYING).pass(100).choice.open).toEqual(BOTH);
  });

  it('[MEDIA-91] an empty room is no reason of its own', () => {
    const choosing = new Choosing().webrtc(TRYING).pass(HEAD_START_MS).websocket(PLAYING);
    expect(choosing.webrtc(EMPTY).choice.reason).toBe('slow');
  });

  it('[MEDIA-93] a publisher that comes to WebRTC is tried before its time, one that was there is not', () => {
    const come = fallenBack().happen({ type: 'offered', webrtc: false });
    expect(come.happen({ type: 'offered', webrtc: true }).choice.open).toEqual(BOTH);
    const there = fallenBack().happen({ type: 'offered', webrtc: true });
    expect(there.choice.open).toEqual(WEBSOCKET);
    expect(there.pass(10_000).choice.open).toEqual(BOTH);
  });

  it('[MEDIA-93] who waits by WebSocket alone spares WebRTC only while nobody publishes there', () => {
    const nobody = fallenBack().happen({ type: 'offered', webrtc: false }).websocket(EMPTY);
    expect(nobody.pass(600_000).choice.open).toEqual(WEBSOCKET);
    expect(fallenBack().websocket(EMPTY).choice.open).toEqual(BOTH);
    const broken = fallenBack().happen({ type: 'offered', webrtc: false }).websocket(BROKEN);
    expect(broken.choice.open).toEqual(BOTH);
  });

  it('[MEDIA-94] a room that became empty is left by neither way', () => {
    const choosing = fallenBack().websocket(EMPTY).webrtc(EMPTY);
    expect(choosing.choice).toMatchObject({ open: BOTH, shown: 'websocket' });
  });

  it('[MEDIA-94] WebRTC is shown at once when the WebSocket has nothing, however often it fell', () => {
    const choosing = fallen().websocket(BROKEN).webrtc(TRYING);
    expect(choosing.webrtc(PLAYING).choice.shown).toBe('webrtc');
  });

  it('[MEDIA-95] WebRTC plays since it began to, however often it says so', () => {
    const choosing = fallen().pass(10_000).webrtc(PLAYING).pass(3_000).webrtc(PLAYING);
    expect(choosing.choice.shown).toBe('websocket');
    expect(choosing.pass(2_000).choice.shown).toBe('webrtc');
  });

  it('[MEDIA-96] a fixed way is shown from its first picture on', () => {
    const choosing = new Choosing('websocket').websocket(TRYING);
    expect(choosing.choice.shown).toBeNull();
    expect(choosing.websocket(PLAYING).websocket(BROKEN).choice.shown).toBe('websocket');
  });

  it('[MEDIA-96] pictures that cannot be played are not asked for again', () => {
    const choosing = new Choosing().webrtc(BLOCKED).websocket(BARRED).webrtc(TRYING);
    expect(choosing.pass(HEAD_START_MS).webrtc(BLOCKED).choice.open).toEqual(WEBRTC);
  });
});
