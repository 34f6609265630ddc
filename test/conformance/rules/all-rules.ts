import type { Rule } from '../rule.ts';
import { answerRules } from './answers.ts';
import { authorizationRules } from './authorization.ts';
import { corsRules } from './cors.ts';
import { creatingRules } from './creating.ts';
import { eventRules } from './events.ts';
import { layerRules } from './layers.ts';
import { methodRules } from './methods.ts';
import { offerRules } from './offers.ts';
import { patchFormRules } from './patch-forms.ts';
import { patchRules } from './patch.ts';
import { redirectLoadRules } from './redirect-load.ts';
import { refusalRules } from './refusals.ts';
import { whepCreatingRules, whepRunRules } from './whep-creating.ts';
import { whepSessionRules } from './whep-session.ts';

/** Every rule, in the order in which they are checked: what judges the whole run comes last. */
export const allRules: readonly Rule[] = [
  ...creatingRules,
  ...answerRules,
  ...offerRules,
  ...refusalRules,
  ...patchRules,
  ...patchFormRules,
  ...authorizationRules,
  ...methodRules,
  ...whepCreatingRules,
  ...corsRules,
  ...whepSessionRules,
  ...eventRules,
  ...layerRules,
  ...redirectLoadRules,
  ...whepRunRules,
];

const FAMILIES = ['WHIP', 'CORS', 'WHEP', 'EVENT', 'LAYER'];

/** By family and number, as people look them up. */
export function byNumber({ id: one }: { id: string }, { id: other }: { id: string }): number {
  const [family = '', number = ''] = one.split('-');
  const [otherFamily = '', otherNumber = ''] = other.split('-');
  return (
    FAMILIES.indexOf(family) - FAMILIES.indexOf(otherFamily) || Number(number) - Number(otherNumber)
  );
}

/** `WHIP`, `WHIP-4*` or `WHIP-41`, comma-separated. @throws Error for what names no rule */
export function selectRules(list: string): readonly Rule[] {
  const wanted = list
    .split(',')
    .map((name) => name.trim().toUpperCase())
    .filter((name) => name !== '');
  const matches = (name: string, { id }: Rule): boolean =>
    name.endsWith('*')
      ? id.startsWith(name.slice(0, -1))
      : id === name || id.startsWith(`${name}-`);
  for (const name of wanted) {
    if (!allRules.some((rule) => matches(name, rule))) throw new Error(`no rule is named ${name}`);
  }
  if (wanted.length === 0) return allRules;
  return allRules.filter((rule) => wanted.some((name) => matches(name, rule)));
}
