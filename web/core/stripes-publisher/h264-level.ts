/** ITU-T H.264 table A-1: macroblocks of a picture and of a second, by level. */
const LEVELS: readonly (readonly [level: string, picture: number, second: number])[] = [
  ['1f', 3_600, 108_000],
  ['20', 5_120, 216_000],
  ['28', 8_192, 245_760],
  ['2a', 8_704, 522_240],
  ['33', 36_864, 983_040],
  ['34', 36_864, 2_073_600],
];

/** RFC 6381 name of constrained baseline at the least level that bears it; null: none does. */
export function h264CodecOf(width: number, height: number, framesPerSecond: number): string | null {
  const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const fitting = LEVELS.find(
    ([, picture, second]) => macroblocks <= picture && macroblocks * framesPerSecond <= second,
  );
  return fitting === undefined ? null : `avc1.42e0${fitting[0]}`;
}
