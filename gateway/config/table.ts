import { z } from 'zod';
import { Settings } from './schema.ts';

/** The README's table of settings: name, default and the sentence of the schema. */
export function renderSettingsTable(): string {
  const rows = Object.entries(Settings.shape).map(([name, field]) =>
    row(`\`${name}\``, defaultOf(field), field.description ?? ''),
  );
  return [row('setting', 'default', 'what it does'), '| --- | --- | --- |', ...rows].join('\n');
}

function defaultOf(field: z.ZodType): string {
  const absent = field.safeParse(undefined);
  if (!absent.success || absent.data === undefined) return '';
  const value = Array.isArray(absent.data) ? absent.data.join(',') : String(absent.data);
  return value === '' ? '' : `\`${value}\``;
}

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
