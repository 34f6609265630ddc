/** Preferred ones first; the browser's order otherwise. */
export function sortCodecs(
  codecs: readonly RTCRtpCodec[],
  preferred: readonly string[],
): RTCRtpCodec[] {
  const rank = (mimeType: string) => {
    const place = preferred.findIndex((wanted) => wanted.toLowerCase() === mimeType.toLowerCase());
    return place === -1 ? preferred.length : place;
  };
  return codecs.toSorted((a, b) => rank(a.mimeType) - rank(b.mimeType));
}
