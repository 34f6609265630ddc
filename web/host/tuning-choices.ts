import type { HostCapabilities, Fixed, PictureSize, Tuning } from '../../gateway/protocol/host.ts';
import { showBitrate } from '../ui/quantity.ts';

/** What an operator may fix, one of them at a time. */
export type TuningField = keyof Fixed;

/** One choice of a menu; `tuning` is what it asks of the host. */
export interface TuningChoice {
  readonly key: string;
  readonly name: string;
  readonly tuning: Tuning;
}

/** The key of leaving a field to the host. */
export const AUTOMATIC = 'automatic';

const BITRATES_KBPS = [150, 300, 600, 1_000, 1_500, 2_500, 4_000, 6_000, 8_000, 12_000, 20_000];
const FRAME_RATES = [5, 10, 15, 20, 24, 30, 60, 120];
const SIZE_SHARES = [1, 3 / 4, 1 / 2, 1 / 3, 1 / 4];
const LEAST_SIDE = 64;

/** What can be chosen for a field: what the host can do, and what is fixed even if it is unusual. */
export function tuningChoices(
  field: TuningField,
  { picture }: HostCapabilities,
  fixed: Fixed,
): readonly TuningChoice[] {
  switch (field) {
    case 'bitrateKbps':
      return upTo(picture.bitrateKbps, BITRATES_KBPS, fixed.bitrateKbps).map((bitrateKbps) => ({
        key: String(bitrateKbps),
        name: showBitrate(bitrateKbps * 1000),
        tuning: { bitrateKbps },
      }));
    case 'fps':
      return upTo(picture.fps, FRAME_RATES, fixed.fps).map((fps) => ({
        key: String(fps),
        name: `${fps} per second`,
        tuning: { fps },
      }));
    case 'size':
      return sizes(picture, fixed.size).map((size) => ({
        key: sizeKey(size),
        name: `${size.width} × ${size.height}`,
        tuning: { size },
      }));
    case 'content':
      return [
        { key: 'text', name: 'Text: stay sharp', tuning: { content: 'text' } },
        { key: 'motion', name: 'Motion: stay fluid', tuning: { content: 'motion' } },
      ];
    default:
      return field satisfies never;
  }
}

/** The key of what is fixed now. */
export function fixedKey(field: TuningField, fixed: Fixed): string {
  const value = fixed[field];
  if (value === null) return AUTOMATIC;
  return typeof value === 'object' ? sizeKey(value) : String(value);
}

/** What leaves a field to the host again. */
export function release(field: TuningField): Tuning {
  return { [field]: null };
}

function upTo(most: number, common: readonly number[], fixed: number | null): readonly number[] {
  const values = new Set([...common.filter((value) => value < most), most]);
  if (fixed !== null) values.add(fixed);
  return [...values].toSorted((a, b) => b - a);
}

function sizes(most: PictureSize, fixed: PictureSize | null): readonly PictureSize[] {
  const shares = SIZE_SHARES.map((share) => ({
    width: even(most.width * share),
    height: even(most.height * share),
  })).filter(({ width, height }) => Math.min(width, height) >= LEAST_SIDE);
  const all = fixed === null ? shares : [fixed, ...shares];
  const byKey = new Map(all.map((size) => [sizeKey(size), size]));
  return [...byKey.values()].toSorted((a, b) => b.width * b.height - a.width * a.height);
}

function even(pixels: number): number {
  return 2 * Math.round(pixels / 2);
}

function sizeKey({ width, height }: PictureSize): string {
  return `${width}x${height}`;
}
