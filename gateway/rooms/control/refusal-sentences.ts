import type { ControlRefusal } from '../../protocol/control.ts';

/** Why a wish is refused, for people. */
export const REFUSAL_SENTENCES: Readonly<Record<ControlRefusal, string>> = {
  'no-host': 'Nothing can be controlled here now.',
  'not-present': 'Watch it first.',
  'no-right': 'Your link does not allow that.',
  'view-only': 'This room is for watching only.',
  locked: 'Control is locked: only its owners may have it.',
  'no-owner': 'Control is given only while an owner is here.',
  'not-holder': 'You do not have control.',
  'target-absent': 'That viewer is not here any more.',
  'target-no-right': 'That viewer may not have control.',
  denied: 'You were denied just now. Ask again later.',
  'queue-full': 'Too many are waiting already. Ask again later.',
  'not-waiting': 'That viewer does not wait for control.',
  'too-many': 'Too many requests. Slow down.',
};
