import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MediaMode } from '../../../../web/core/roaming/media-mode.ts';
import { RoamingClient } from '../../../../web/core/roaming/roaming-client.ts';
import { HEAD_START_MS } from '../../../../web/core/roaming/way-choice.ts';
import { FakeBrowser } from '../fake-browser.ts';
import { FakeWay } from './a-way.ts';

function aViewer(wanted: { readonly mode?: MediaMode; readonly hasWebrtc?: boolean } = {}) {
  const { mode = 'auto', hasWebrtc = true } = wanted;
  const browser = new FakeBrowser(() => new Response());
  const [webrtc, websocket] = [new FakeWay('webrtc'), new FakeWay('websocket')];
  const client = new RoamingClient({
    ...{ mode, port: browser, webrtc: hasWebrtc ? webrtc : null, websocket },
    now: () => Date.now(),
  });
  client.start();
  /** WebRTC's picture comes, and the video element has it. */
  const picture = () => {
    webrtc.play();
    client.handlePictured();
  };
  return { browser, webrtc, websocket, client, picture };
}

const pass = (ms: number) => vi.advanceTimersByTime(ms);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a viewer who roams', () => {
  it('[MEDIA-98] is live by WebRTC without another socket', () => {
    const { client, websocket, picture } = aViewer();
    picture();
    pass(60_000);
    expect(client.state.value).toEqual({ kind: 'live' });
    expect(client.session.value).toBe('secret of webrtc');
    expect(websocket.log).toEqual([]);
  });

  it('[MEDIA-98] plays over WebSocket after the head start, and lets a WebRTC that failed go', () => {
    const { client, webrtc, websocket } = aViewer();
    pass(HEAD_START_MS);
    websocket.play();
    expect(client.state.value).toEqual({ kind: 'live' });
    expect(client.session.value).toBe('secret of websocket');
    expect(client.viewers.value).toBe(1);
    expect(webrtc.log).toEqual(['start']);
    webrtc.fail('udp-blocked');
    expect(webrtc.log).toEqual(['start', 'stop']);
    expect(client.choice.value).toMatchObject({ shown: 'websocket', reason: 'blocked' });
    expect(client.state.value).toEqual({ kind: 'live' });
  });

  it('[MEDIA-98] asked again begins anew, also where one way alone is allowed', () => {
    const { client, webrtc } = aViewer({ mode: 'webrtc' });
    webrtc.fail('token-expired');
    expect(client.state.value.kind).toBe('failed');
    client.start();
    expect(webrtc.log).toEqual(['start', 'start']);
    expect(client.state.value.kind).toBe('connecting');
  });

  it('[MEDIA-98] moves back only when the video has WebRTC’s picture, then ends the socket', () => {
    const { client, webrtc, websocket } = aViewer();
    pass(HEAD_START_MS);
    websocket.play();
    webrtc.play();
    expect(client.choice.value.shown).toBe('websocket');
    client.handlePictured();
    expect(client.choice.value.shown).toBe('webrtc');
    expect(client.session.value).toBe('secret of webrtc');
    expect(websocket.log).toEqual(['start', 'stop']);
    expect(client.state.value).toEqual({ kind: 'live' });
  });

  it('[MEDIA-98] never says that it is not live while one way plays', () => {
    const { client, webrtc, websocket, picture } = aViewer();
    picture();
    const states: string[] = [];
    webrtc.fail('connection-lost');
    websocket.play();
    client.state.subscribe(() => states.push(client.state.value.kind));
    pass(10_000);
    expect(webrtc.log).toEqual(['start', 'stop', 'start']);
    webrtc.stream.set({} as MediaStream);
    picture();
    pass(10_000);
    expect(client.choice.value.shown).toBe('webrtc');
    expect(new Set(states)).toEqual(new Set(['live']));
  });

  it('[MEDIA-98] is never idle between the two, which would end its other sockets', () => {
    const { client, webrtc, websocket, picture } = aViewer();
    const states: string[] = [];
    client.state.subscribe(() => states.push(client.state.value.kind));
    picture();
    webrtc.fail('connection-lost');
    websocket.connect();
    websocket.play();
    expect(states).not.toContain('idle');
    expect(states).not.toContain('stopped');
  });

  it('[MEDIA-98] leaves a WebRTC through which nothing comes before ICE has given it up', () => {
    const { client, webrtc, websocket, picture } = aViewer();
    picture();
    webrtc.isStuck.set(true);
    expect(websocket.log).toEqual(['start']);
    expect(client.choice.value).toMatchObject({ shown: 'webrtc', reason: 'lost' });
    webrtc.isStuck.set(false);
    expect(websocket.log).toEqual(['start', 'stop']);
    webrtc.isStuck.set(true);
    websocket.play();
    expect(client.choice.value.shown).toBe('websocket');
    expect(webrtc.log).toEqual(['start', 'stop']);
  });

  it('[MEDIA-98] tries WebRTC at once when the network is another', () => {
    const { browser, webrtc, websocket } = aViewer();
    webrtc.fail('udp-blocked');
    websocket.play();
    expect(webrtc.log).toEqual(['start', 'stop']);
    browser.happen('online');
    expect(webrtc.log).toEqual(['start', 'stop', 'start']);
  });

  it('[MEDIA-98] plays over WebSocket where the browser has no WebRTC', () => {
    const { client, websocket } = aViewer({ hasWebrtc: false });
    websocket.play();
    expect(client.choice.value).toMatchObject({ shown: 'websocket', reason: 'missing' });
    expect(client.state.value).toEqual({ kind: 'live' });
  });

  it('[MEDIA-98] says what ails WebRTC while nobody publishes by the other way', () => {
    const { client, webrtc, websocket } = aViewer();
    webrtc.fail('udp-blocked');
    websocket.state.set({ kind: 'waiting', sessionKept: true, retryAtMs: null });
    expect(client.state.value).toMatchObject({
      kind: 'reconnecting',
      problem: { code: 'udp-blocked' },
    });
  });

  it('[MEDIA-98] fails for good with its token, by both ways', () => {
    const { client, webrtc, websocket } = aViewer();
    pass(HEAD_START_MS);
    webrtc.fail('token-expired');
    expect(websocket.log).toEqual(['start', 'stop']);
    expect(client.state.value).toMatchObject({
      kind: 'failed',
      problem: { code: 'token-expired' },
    });
    client.start();
    expect(webrtc.log).toEqual(['start', 'start']);
  });

  it('[MEDIA-98] stops, and starts again', () => {
    const { client, webrtc, websocket } = aViewer();
    pass(HEAD_START_MS);
    client.stop();
    expect([webrtc.log, websocket.log]).toEqual([
      ['start', 'stop'],
      ['start', 'stop'],
    ]);
    expect(client.state.value).toEqual({ kind: 'stopped' });
    pass(600_000);
    client.start();
    expect(webrtc.log).toEqual(['start', 'stop', 'start']);
    expect(client.state.value).toEqual({ kind: 'connecting' });
  });

  it('[MEDIA-98] a video that never tells of its picture is taken to have it', () => {
    const { client, webrtc } = aViewer();
    webrtc.play();
    pass(2_000);
    expect(client.choice.value.shown).toBe('webrtc');
  });

  it.each(['webrtc', 'websocket'] as const)(
    '[MEDIA-96] keeps to %s where it is asked to',
    (mode) => {
      const { client, webrtc, websocket } = aViewer({ mode });
      pass(600_000);
      const [used, other] = mode === 'webrtc' ? [webrtc, websocket] : [websocket, webrtc];
      expect([used.log, other.log]).toEqual([['start'], []]);
      used.fail('network');
      pass(600_000);
      expect(other.log).toEqual([]);
      expect(client.state.value).toMatchObject({ kind: 'reconnecting' });
    },
  );
});
