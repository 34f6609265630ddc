import { MediaMode } from '../media/plan.ts';

/** What `auto` stands for: by WebRTC, and by WebSocket for who cannot have that. */
const AUTO: readonly MediaMode[] = ['webrtc', 'websocket'];

/** How a list of modes is written, for sentences. */
export const MODES_SYNTAX = `auto, or some of ${MediaMode.options.join(', ')} with commas between`;

/** The modes of `auto` or of a list with commas; null: it is neither. */
export function readModes(text: string): MediaMode[] | null {
  if (text === 'auto') return [...AUTO];
  const named = text.split(',').map((word) => word.trim());
  const modes = MediaMode.options.filter((mode) => named.includes(mode));
  return modes.length === named.length ? modes : null;
}
