import { Secret } from './secret.ts';
import { Settings } from './schema.ts';
import { defaultOf } from './table.ts';

/** A setting as it is in force, fit to be shown: no secret is in it. */
export interface SettingInForce {
  readonly name: string;
  /** As it was written; the default where it was not; null: there is none. `***` is a secret. */
  readonly value: string | null;
  /** It was set, and is not the default. */
  readonly given: boolean;
  readonly description: string;
}

/** Every setting, in the order of the README's table. */
export function settingsInForce(
  settings: Settings,
  present: Readonly<Record<string, string | undefined>>,
): readonly SettingInForce[] {
  return Object.entries(Settings.shape).map(([name, field]) => {
    const written = present[name];
    const parsed: unknown = settings[name as keyof Settings];
    const shown = parsed instanceof Secret ? MASK : written === undefined ? null : masked(written);
    const fallback = defaultOf(field);
    return {
      name,
      value: shown ?? (fallback === '' ? null : fallback),
      given: written !== undefined,
      description: field.description ?? '',
    };
  });
}

const MASK = '***';

/** Addresses may hold a password before `@`, and a key after `?`. */
const masked = (text: string): string =>
  text.replace(/:\/\/[^\s,]*@/g, `://${MASK}@`).replace(/(:\/\/[^\s,?]*)\?[^\s,]*/g, `$1?${MASK}`);
