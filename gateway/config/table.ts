import type { z } from 'zod';
import { Settings } from './schema.ts';

/** The README's table of settings: name, default and the sentence of the schema. */
export function renderSettingsTable(): string {
  const rows = Object.entries(Settings.shape).map(([name, field]) =>
    row(`\`${name}\``, quoted(defaultOf(field)), field.description ?? ''),
  );
  return [row('setting', 'default', 'what it does'), '| --- | --- | --- |', ...rows].join('\n');
}

/** A setting's default as it would be written; '' without one. */
export function defaultOf(field: z.ZodType): string {
  const { data } = field.safeParse(undefined);
  const value = Array.isArray(data) ? data.join(',') : data;
  const written = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof written === 'string' ? written : '';
}

const quoted = (value: string): string => (value === '' ? '' : `\`${value}\``);

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
