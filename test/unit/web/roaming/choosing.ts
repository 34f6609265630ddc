import type { MediaMode } from '../../../../web/core/roaming/media-mode.ts';
import { HEAD_START_MS, choose, restingChoice } from '../../../../web/core/roaming/way-choice.ts';
import type { WayChoice, WayEvent } from '../../../../web/core/roaming/way-choice.ts';
import type { WayNews } from '../../../../web/core/roaming/way-news.ts';

export const TRYING: WayNews = { kind: 'trying' };
export const PLAYING: WayNews = { kind: 'playing' };
export const BLOCKED: WayNews = { kind: 'broken', because: 'blocked' };
export const EMPTY: WayNews = { kind: 'empty', elsewhere: false };
export const BOTH = { webrtc: true, websocket: true };
export const WEBRTC = { webrtc: true, websocket: false };
export const WEBSOCKET = { webrtc: false, websocket: true };

/** A choice with a clock. */
export class Choosing {
  choice: WayChoice;
  nowMs = 1_000;

  constructor(mode: MediaMode = 'auto') {
    this.choice = restingChoice(mode);
    this.happen({ type: 'start' });
  }

  happen(event: WayEvent): this {
    this.choice = choose(this.choice, event, this.nowMs);
    return this;
  }

  webrtc(news: WayNews): this {
    return this.happen({ type: 'news', way: 'webrtc', news });
  }

  websocket(news: WayNews): this {
    return this.happen({ type: 'news', way: 'websocket', news });
  }

  /** Time goes by, with every wake that falls due. */
  pass(ms: number): this {
    const untilMs = this.nowMs + ms;
    for (;;) {
      const { wakeAtMs } = this.choice;
      if (wakeAtMs === null || wakeAtMs > untilMs) break;
      this.nowMs = wakeAtMs;
      this.happen({ type: 'time' });
    }
    this.nowMs = untilMs;
    return this;
  }
}

/** The WebSocket plays, and WebRTC has given up. */
export const fallenBack = (): Choosing =>
  new Choosing().webrtc(TRYING).pass(HEAD_START_MS).websocket(PLAYING).webrtc(BLOCKED);
