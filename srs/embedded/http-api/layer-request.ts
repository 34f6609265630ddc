import type { LayerChoice } from '../media.ts';

/** The layer that a query asks for; null when it cannot be read. */
export function layerChoice(query: ReadonlyMap<string, string>): LayerChoice | null {
  const maxWidth = pixels(query.get('max_width'));
  const maxHeight = pixels(query.get('max_height'));
  if (maxWidth === undefined || maxHeight === undefined) return null;
  const rid = query.get('rid') ?? '';
  return { rid: rid === '' ? null : rid, maxWidth, maxHeight };
}

/** Null when not asked for; undefined when it is no number of pixels. */
function pixels(text = ''): number | null | undefined {
  if (text === '') return null;
  return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : undefined;
}
