import type { ControlCommand } from '../../control/command.ts';
import type { ControlState } from '../../control/state.ts';
import type { ControlWish, Device } from '../../protocol/control.ts';
import type { Member } from './member.ts';
import { changed } from './policies.ts';

/** Wishes that mean nothing while there is nothing to control. */
export const NEED_A_HOST: ReadonlySet<ControlWish['type']> = new Set([
  'control/request',
  'control/take',
  'control/give',
]);

/** A wish in the words of the arbiter; `there`: the devices that the host has. */
export function commandOf(
  wish: ControlWish,
  { viewer: by }: Member,
  { policy }: ControlState,
  there: readonly Device[],
): ControlCommand {
  switch (wish.type) {
    case 'control/request':
      return { type: 'request', by, devices: among(wish.devices, there) };
    case 'control/take':
      return { type: 'take', by, devices: among(wish.devices, there) };
    case 'control/cancel':
      return { type: 'cancel', by };
    case 'control/release':
      return { type: 'release', by };
    case 'control/give':
      return { type: 'give', by, to: wish.to };
    case 'control/deny':
      return { type: 'deny', by, to: wish.to };
    case 'control/raise-hand':
      return { type: 'raise-hand', by };
    case 'control/lower-hand':
      return { type: 'lower-hand', by, to: wish.to ?? by };
    case 'control/policy':
      return { type: 'set-policy', by, policy: changed(policy, wish.policy) };
    default:
      return wish satisfies never;
  }
}

const among = (wanted: readonly Device[], there: readonly Device[]): readonly Device[] =>
  wanted.filter((device) => there.includes(device));
