/** Names of layers in wide use, lowest first: a quarter, a half and all of each side. */
const LAYERS = [
  { rid: 'q', scaleResolutionDownBy: 4 },
  { rid: 'h', scaleResolutionDownBy: 2 },
  { rid: 'f', scaleResolutionDownBy: 1 },
] as const;
/** A quarter of this would show no text and no faces. */
const LEAST_HEIGHT_FOR_THREE = 720;
/** A quarter of the pixels needs about a third of the bits. */
const BITRATE_RATIO = 3;

/** The layers to send of a picture, lowest first; browsers want them in this order. */
export function simulcastLayers(height: number): readonly RTCRtpEncodingParameters[] {
  return height >= LEAST_HEIGHT_FOR_THREE ? LAYERS : LAYERS.slice(1);
}

/** How `count` layers share a bitrate, lowest first; the shares add up to 1. */
export function bitrateShares(count: number): readonly number[] {
  const weights = Array.from({ length: count }, (_, place) => BITRATE_RATIO ** place);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / whole);
}
