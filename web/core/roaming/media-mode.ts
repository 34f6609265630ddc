/** Ways that a picture can take to a viewer. */
export type Way = 'webrtc' | 'websocket';

/** By which way it may come; `auto`: by WebRTC where that works, else by WebSocket. */
export type MediaMode = 'auto' | Way;

export const MEDIA_MODES: readonly MediaMode[] = ['auto', 'webrtc', 'websocket'];

/** Reads `?mode=`; null: absent, or no mode that is known. */
export const readMediaMode = (value: string | null): MediaMode | null =>
  MEDIA_MODES.find((mode) => mode === value) ?? null;
