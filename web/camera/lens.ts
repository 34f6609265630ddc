/** How far a camera zooms. */
export interface ZoomRange {
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

/** What a camera offers beside its picture. */
export interface LensAbilities {
  readonly torch: boolean;
  readonly zoom: ZoomRange | null;
  /** Where the zoom stands; null: it is not told. */
  readonly zoomed: number | null;
}

/** A camera that offers nothing. */
export const plainLens: LensAbilities = { torch: false, zoom: null, zoomed: null };

/** Members that browsers of phones know and TypeScript's DOM does not. */
interface LensCapabilities extends MediaTrackCapabilities {
  readonly torch?: unknown;
  readonly zoom?: { readonly min?: unknown; readonly max?: unknown; readonly step?: unknown };
}

/** Reads what the camera of `track` offers; Firefox tells nothing. */
export function readLens(
  track: Pick<MediaStreamTrack, 'getSettings'> & Partial<Pick<MediaStreamTrack, 'getCapabilities'>>,
): LensAbilities {
  const { torch, zoom }: LensCapabilities = track.getCapabilities?.() ?? {};
  const { zoom: zoomed } = track.getSettings() as { readonly zoom?: unknown };
  return {
    torch: torch === true || (Array.isArray(torch) && torch.includes(true)),
    zoom: toRange(zoom),
    zoomed: typeof zoomed === 'number' ? zoomed : null,
  };
}

function toRange(zoom: LensCapabilities['zoom']): ZoomRange | null {
  const { min, max, step } = zoom ?? {};
  if (typeof min !== 'number' || typeof max !== 'number' || max <= min) return null;
  const given = typeof step === 'number' && step > 0 ? step : (max - min) / 20;
  return { least: min, most: max, step: given };
}
