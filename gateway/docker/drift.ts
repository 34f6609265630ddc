import { LABELS, type Container } from './engine.ts';

/** What a container, or the lack of one, is in want of. */
export type DriftKind = 'missing' | 'stopped' | 'outdated' | 'left-over' | 'surplus';

/** One way in which what is there is not what the template says. */
export interface Drift {
  readonly kind: DriftKind;
  readonly slot: number;
  /** Null: there is none. */
  readonly container: Container | null;
}

/** The old container of a replacement that is under way, or was broken off. */
const LEFT_OVER = '-before';
export const leftOverName = (name: string): string => `${name}${LEFT_OVER}`;
const isLeftOver = ({ name }: Container): boolean => name.endsWith(LEFT_OVER);

/** Which of its template's containers it is; null: none, or by an odd label. */
export function slotOf({ labels }: Container, template: string): number | null {
  const slot = labels[LABELS.slot] ?? '';
  return labels[LABELS.template] === template && /^[1-9]\d{0,3}$/.test(slot) ? Number(slot) : null;
}

/** The containers of a template by slot, without what is left over. */
export function slotsOf(
  containers: readonly Container[],
  template: string,
): ReadonlyMap<number, Container> {
  const slots = new Map<number, Container>();
  for (const container of containers) {
    const slot = slotOf(container, template);
    if (slot !== null && !isLeftOver(container)) slots.set(slot, container);
  }
  return slots;
}

/** The first slots that are free, so many. */
export function freeSlots(taken: ReadonlyMap<number, unknown>, count: number): number[] {
  const free: number[] = [];
  for (let slot = 1; free.length < count; slot += 1) if (!taken.has(slot)) free.push(slot);
  return free;
}

export interface DriftTerms {
  readonly template: string;
  /** How many there are to be. */
  readonly wanted: number;
  /** What the container of a slot is marked with that is made now. */
  readonly specOf: (slot: number) => string | undefined;
  /** Operators stopped it. */
  readonly isHeld: (container: Container) => boolean;
}

/** How what is there differs from what the template says, in the order in which it is repaired. */
export function driftOf(containers: readonly Container[], terms: DriftTerms): Drift[] {
  const { template, wanted } = terms;
  const slots = slotsOf(containers, template);
  const found: Drift[] = [];
  for (const container of containers) {
    const slot = slotOf(container, template);
    if (slot !== null && isLeftOver(container)) found.push({ kind: 'left-over', slot, container });
  }
  for (const [slot, container] of slots) {
    if (!isWell(container)) {
      if (!terms.isHeld(container)) found.push({ kind: 'stopped', slot, container });
    } else if (container.labels[LABELS.spec] !== terms.specOf(slot)) {
      found.push({ kind: 'outdated', slot, container });
    }
  }
  for (const slot of freeSlots(slots, Math.max(0, wanted - slots.size))) {
    found.push({ kind: 'missing', slot, container: null });
  }
  const most = [...slots].toSorted(([a], [b]) => b - a).slice(0, Math.max(0, slots.size - wanted));
  for (const [slot, container] of most) found.push({ kind: 'surplus', slot, container });
  return found;
}

/** It runs, or Docker is about to start it again. */
const isWell = ({ state }: Container): boolean => state === 'running' || state === 'restarting';
