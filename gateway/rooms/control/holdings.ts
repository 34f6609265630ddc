import type { Device } from '../../protocol/control.ts';
import { DEVICES } from '../../protocol/control-terms.ts';
import type { ControlDesk } from './control-desk.ts';
import type { Member } from './member.ts';

/** What somebody holds. */
export interface Holding {
  readonly member: Member;
  readonly devices: readonly Device[];
}

/** Who holds devices of a source now, be it there or away for a moment. */
export function holdingsOf(control: ControlDesk): readonly Holding[] {
  const held = new Map<Member, Device[]>();
  for (const device of DEVICES) {
    const keeper = control.keeperOf(device);
    if (keeper !== null) held.set(keeper, [...(held.get(keeper) ?? []), device]);
  }
  return [...held].map(([member, devices]) => ({ member, devices }));
}
