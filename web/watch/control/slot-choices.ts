import { showDuration } from '../../ui/quantity.ts';

const SLOTS_MS: readonly number[] = [30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000];

/** Times that an owner may choose, with the present one among them; null: no end. */
export function slotChoices(
  presentMs: number | null,
): readonly { readonly ms: number | null; readonly name: string }[] {
  const all = new Set(presentMs === null ? SLOTS_MS : [...SLOTS_MS, presentMs]);
  const timed = [...all].toSorted((a, b) => a - b).map((ms) => ({ ms, name: showDuration(ms) }));
  return [{ ms: null, name: 'As long as they like' }, ...timed];
}
