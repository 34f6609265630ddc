const IDR_SLICE = 5;
const START_CODE = Buffer.from([0, 0, 1]);

/** Whether an access unit of H.264 in Annex B begins anew: its first slice is one of an IDR picture. */
export function isKeyFrame(unit: Buffer): boolean {
  for (let at = unit.indexOf(START_CODE); at >= 0; at = unit.indexOf(START_CODE, at + 3)) {
    const type = (unit[at + 3] ?? 0) & 31;
    if (type >= 1 && type <= IDR_SLICE) return type === IDR_SLICE;
  }
  return false;
}
