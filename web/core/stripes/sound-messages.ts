import type { SoundChunk } from './sound-buffer.ts';

/** To the worklet: sound, or how much later than the picture it is heard. Back comes its standing. */
export type SoundOrder = SoundChunk | { readonly skewMs: number | null };
