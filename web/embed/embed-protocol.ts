/**
 * What a framed watch page and the page around it say to each other by `postMessage`: objects with
 * this version under `pixelcast`, and a `type`. docs/embedding.md has it for readers.
 */
export const EMBED_VERSION = 1;

/** The page around to the frame. The first one must be `hello`: its origin is the one that counts. */
export type EmbedCommand =
  /** Without a token the frame takes that of its address. */
  | { readonly type: 'hello'; readonly token?: string }
  /** Another token, for instance because the last one runs out. */
  | { readonly type: 'token'; readonly token: string }
  | { readonly type: 'player'; readonly paused?: boolean; readonly muted?: boolean }
  | { readonly type: 'control'; readonly wish: EmbedWish };

export const EMBED_WISHES = ['request', 'cancel', 'release'] as const;
export type EmbedWish = (typeof EMBED_WISHES)[number];

/** What plays. `problem` is a code, null unless it failed or reconnects. */
export interface EmbedState {
  readonly state: string;
  readonly problem: string | null;
  /** Pixels of the picture; null before the first one. */
  readonly picture: { readonly width: number; readonly height: number } | null;
  /** Which way the picture comes that is seen; null before the first one. */
  readonly mode: 'webrtc' | 'websocket' | null;
}

/** How the framed viewer stands to control. */
export interface EmbedControl {
  readonly standing: 'none' | 'barred' | 'free' | 'taken' | 'waiting' | 'driving';
  /** In the queue, from 1. */
  readonly place: number | null;
  /** Names of those who have control. */
  readonly drivers: readonly string[];
}

/** The frame to the page around. `ready` answers `hello`; the others follow each change. */
export type EmbedEvent =
  | { readonly type: 'ready' }
  /** The frame speaks other versions than the page. */
  | { readonly type: 'unsupported'; readonly versions: readonly number[] }
  | ({ readonly type: 'state' } & EmbedState)
  | ({ readonly type: 'control' } & EmbedControl);

/** A message as it is posted. */
export const embedMessage = <T extends EmbedCommand | EmbedEvent>(message: T) => ({
  pixelcast: EMBED_VERSION,
  ...message,
});

/** Reads what a page says to its frame; null: nothing of ours; `unsupported`: of another version. */
export function readEmbedCommand(data: unknown): EmbedCommand | 'unsupported' | null {
  if (!isObject(data) || !('pixelcast' in data)) return null;
  if (data['pixelcast'] !== EMBED_VERSION) return 'unsupported';
  const { type, token, paused, muted, wish } = data;
  switch (type) {
    case 'hello':
      if (token === undefined) return { type };
      return typeof token === 'string' ? { type, token } : null;
    case 'token':
      return typeof token === 'string' ? { type, token } : null;
    case 'player':
      if (!isFlag(paused) || !isFlag(muted)) return null;
      return {
        type,
        ...(paused === undefined ? {} : { paused }),
        ...(muted === undefined ? {} : { muted }),
      };
    case 'control': {
      const known = EMBED_WISHES.find((each) => each === wish);
      return known === undefined ? null : { type, wish: known };
    }
    default:
      return null;
  }
}

/** Reads what a frame says; null for what this page does not know. */
export function readEmbedEvent(data: unknown): EmbedEvent | null {
  if (!isObject(data) || typeof data['type'] !== 'string') return null;
  if (data['type'] === 'unsupported') return 'pixelcast' in data ? (data as EmbedEvent) : null;
  if (data['pixelcast'] !== EMBED_VERSION) return null;
  return ['ready', 'state', 'control'].includes(data['type']) ? (data as EmbedEvent) : null;
}

const isFlag = (value: unknown): value is boolean | undefined =>
  value === undefined || typeof value === 'boolean';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
