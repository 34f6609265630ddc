import type { MediaMode, Way } from './media-mode.ts';
import type { WayNews, WayReason } from './way-news.ts';

/** What happens to a choice. */
export type WayEvent =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | { readonly type: 'news'; readonly way: Way; readonly news: WayNews }
  /** Whether somebody publishes by WebRTC, as the other way tells; null: it tells no more. */
  | { readonly type: 'offered'; readonly webrtc: boolean | null }
  /** The machine has another network, or a person wants to try again. */
  | { readonly type: 'network' }
  | { readonly type: 'time' };

/** Which ways are open, whose picture is seen, and why; all times by the caller's clock, ms. */
export interface WayChoice {
  readonly mode: MediaMode;
  readonly isRunning: boolean;
  readonly webrtc: WayNews;
  readonly websocket: WayNews;
  readonly open: Readonly<Record<Way, boolean>>;
  /** Whose picture is seen; it stays when that way stops, until the other has one. */
  readonly shown: Way | null;
  /** Why not WebRTC; null while it is not known to fail. */
  readonly reason: WayReason | null;
  /** When `time` must happen; null: not by itself. */
  readonly wakeAtMs: number | null;
  readonly offered: boolean | null;
  readonly headStartUntilMs: number;
  readonly retryAtMs: number;
  readonly retries: number;
  /** Since when WebRTC brings a picture. */
  readonly playsSinceMs: number;
  readonly shownSinceMs: number;
  /** How often WebRTC was lost soon after it was shown. */
  readonly falls: number;
}

/** WebRTC's lead: its picture is here within it wherever it works well (decision 39). */
export const HEAD_START_MS = 800;
/** Between attempts by WebRTC while the WebSocket plays. */
const RETRY_MS = [10_000, 30_000, 60_000] as const;
/** So long WebRTC must play before it is shown again, by how often it fell. */
const SETTLE_MS = [0, 5_000, 15_000, 60_000] as const;
/** Shown for so long, it counts as well again. */
const STEADY_MS = 60_000;

const RESTING: WayNews = { kind: 'resting' };
const TRYING: WayNews = { kind: 'trying' };
const NOTHING_OPEN = { webrtc: false, websocket: false };

/** A choice that has not begun. */
export const restingChoice = (mode: MediaMode): WayChoice => ({
  mode,
  isRunning: false,
  webrtc: RESTING,
  websocket: RESTING,
  open: NOTHING_OPEN,
  shown: null,
  reason: mode === 'websocket' ? 'chosen' : null,
  wakeAtMs: null,
  offered: null,
  headStartUntilMs: 0,
  retryAtMs: 0,
  retries: 0,
  playsSinceMs: 0,
  shownSinceMs: 0,
  falls: 0,
});

/** Pure: the next choice. Whoever calls it opens and closes the ways, and wakes it. */
export function choose(choice: WayChoice, event: WayEvent, nowMs: number): WayChoice {
  const told = absorb(choice, event, nowMs);
  if (!told.isRunning) return { ...told, open: NOTHING_OPEN, wakeAtMs: null };
  if (told.mode !== 'auto') return onlyWay(told, told.mode);
  if (told.webrtc.kind === 'barred') return { ...told, open: NOTHING_OPEN, wakeAtMs: null };
  const next = openWebrtc(openWebsocket(show(told, nowMs), nowMs), nowMs);
  return { ...next, wakeAtMs: wakeTime(next, nowMs) };
}

function absorb(choice: WayChoice, event: WayEvent, nowMs: number): WayChoice {
  switch (event.type) {
    case 'start':
      return {
        ...restingChoice(choice.mode),
        isRunning: true,
        webrtc: TRYING,
        open: { webrtc: true, websocket: false },
        headStartUntilMs: nowMs + HEAD_START_MS,
      };
    case 'stop':
      return restingChoice(choice.mode);
    case 'news':
      return hear(choice, event.way, event.news, nowMs);
    case 'offered': {
      const isNew = event.webrtc === true && choice.offered === false;
      return { ...choice, offered: event.webrtc, ...(isNew ? { retryAtMs: nowMs } : {}) };
    }
    case 'network':
      return { ...choice, retries: 0, retryAtMs: nowMs };
    case 'time':
      return choice;
    default:
      return event satisfies never;
  }
}

/** What a closed way still says is old. */
function hear(choice: WayChoice, way: Way, news: WayNews, nowMs: number): WayChoice {
  if (!choice.open[way]) return choice;
  if (way === 'websocket') return { ...choice, websocket: news };
  const isNew = choice.webrtc.kind !== news.kind;
  const reason = reasonOf(news);
  return {
    ...choice,
    webrtc: news,
    reason: reason ?? choice.reason,
    ...(isNew && news.kind === 'trying' ? { headStartUntilMs: nowMs + HEAD_START_MS } : {}),
    ...(isNew && news.kind === 'playing' ? { playsSinceMs: nowMs } : {}),
  };
}

function reasonOf(news: WayNews): WayReason | null {
  if (news.kind === 'broken') return news.because;
  return news.kind === 'empty' && news.elsewhere ? 'elsewhere' : null;
}

function onlyWay(choice: WayChoice, way: Way): WayChoice {
  const hasPicture = choice[way].kind === 'playing';
  return {
    ...choice,
    open: { ...NOTHING_OPEN, [way]: true },
    shown: hasPicture ? way : choice.shown,
    wakeAtMs: null,
  };
}

function show(choice: WayChoice, nowMs: number): WayChoice {
  const [webrtc, websocket] = [choice.webrtc, choice.websocket].map(plays);
  if (webrtc === true && choice.shown !== 'webrtc') {
    const isDue = websocket === false || choice.shown === null || nowMs >= settledAt(choice);
    if (isDue) return { ...choice, shown: 'webrtc', shownSinceMs: nowMs, reason: null };
  }
  if (websocket === true && webrtc === false && choice.shown !== 'websocket') {
    return { ...choice, ...fall(choice, nowMs), shown: 'websocket', shownSinceMs: nowMs };
  }
  return choice;
}

function fall({ shown, shownSinceMs, falls, retries }: WayChoice, nowMs: number) {
  if (shown !== 'webrtc') return {};
  const wasSteady = nowMs - shownSinceMs >= STEADY_MS;
  return wasSteady ? { falls: 0, retries: 0 } : { falls: falls + 1, retries };
}

function openWebsocket(choice: WayChoice, nowMs: number): WayChoice {
  const { webrtc, websocket, open, shown } = choice;
  const isShown = shown === 'websocket';
  const isEmptyRoom = webrtc.kind === 'empty' && !webrtc.elsewhere && !plays(websocket) && !isShown;
  const isNeedless = shown === 'webrtc' && plays(webrtc);
  if (isNeedless || isEmptyRoom || websocket.kind === 'barred') {
    const left = websocket.kind === 'barred' ? websocket : RESTING;
    return { ...choice, open: { ...open, websocket: false }, websocket: left, offered: null };
  }
  if (open.websocket) return choice;
  const reason = reasonToOpen(choice, nowMs);
  if (reason === null) return choice;
  return { ...choice, open: { ...open, websocket: true }, websocket: TRYING, reason };
}

function reasonToOpen({ webrtc, headStartUntilMs }: WayChoice, nowMs: number): WayReason | null {
  if (webrtc.kind === 'trying') return nowMs >= headStartUntilMs ? 'slow' : null;
  return reasonOf(webrtc);
}

function openWebrtc(choice: WayChoice, nowMs: number): WayChoice {
  const { webrtc, websocket, open, shown, retries, offered } = choice;
  const isSpared =
    shown === 'websocket' &&
    (plays(websocket) || (websocket.kind === 'empty' && offered === false));
  if (open.webrtc) {
    if (!isSpared || (webrtc.kind !== 'broken' && webrtc.kind !== 'empty')) return choice;
    return {
      ...choice,
      webrtc: RESTING,
      open: { ...open, webrtc: false },
      retryAtMs: nowMs + (RETRY_MS[retries] ?? RETRY_MS[2]),
      retries: retries + 1,
    };
  }
  const isDue = offered !== false && nowMs >= choice.retryAtMs;
  if (isSpared && !isDue) return choice;
  const headStartUntilMs = nowMs + HEAD_START_MS;
  return { ...choice, webrtc: TRYING, open: { ...open, webrtc: true }, headStartUntilMs };
}

function wakeTime(choice: WayChoice, nowMs: number): number | null {
  const atMs = nextTime(choice);
  return atMs !== null && atMs > nowMs ? atMs : null;
}

function nextTime(choice: WayChoice): number | null {
  const { webrtc, websocket, open, shown, offered } = choice;
  if (!open.webrtc) return offered === false ? null : choice.retryAtMs;
  if (shown === 'websocket' && plays(webrtc)) return settledAt(choice);
  const isAhead = webrtc.kind === 'trying' && !open.websocket && websocket.kind !== 'barred';
  return isAhead ? choice.headStartUntilMs : null;
}

const settledAt = ({ playsSinceMs, falls }: WayChoice): number =>
  playsSinceMs + (SETTLE_MS[falls] ?? SETTLE_MS[3]);

const plays = ({ kind }: WayNews): boolean => kind === 'playing';
