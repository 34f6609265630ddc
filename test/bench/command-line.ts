import { parseArgs } from 'node:util';

/** A flag without a default is a switch. */
export interface Flag {
  readonly about: string;
  readonly value?: string;
}

type Values<F extends Record<string, Flag>> = {
  readonly [K in keyof F]: F[K] extends { readonly value: string } ? string : boolean;
};

const STRICT = { strict: { about: 'exit code 1 when a target is missed' } } as const;

/** Reads `--name value` flags; prints the help and ends the process for `--help`. */
export function readCommandLine<const F extends Record<string, Flag>>(
  about: string,
  flags: F,
): Values<F & typeof STRICT> {
  const all = { ...flags, ...STRICT };
  const { values, positionals, help } = parseFlags(all, process.argv.slice(2));
  if (positionals.length > 0) throw new Error(`not a flag: ${positionals.join(' ')}`);
  if (help) {
    process.stdout.write(usageOf(about, all));
    process.exit(0);
  }
  return values;
}

/** Reads flags and what stands between them. @throws Error for an unknown flag or a missing value */
export function parseFlags<const F extends Record<string, Flag>>(
  flags: F,
  args: readonly string[],
): { readonly values: Values<F>; readonly positionals: readonly string[]; readonly help: boolean } {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value }]) => [
      name,
      value === undefined
        ? { type: 'boolean' as const, default: false }
        : { type: 'string' as const, default: value },
    ]),
  );
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...options, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  return { values: values as Values<F>, positionals, help: values['help'] === true };
}

/** What `--help` prints. */
export function usageOf(about: string, flags: Readonly<Record<string, Flag>>): string {
  return `${about}\n\n${Object.entries(flags).map(describe).join('\n')}\n`;
}

/** `50,100` as numbers. */
export function toNumbers(list: string): number[] {
  return list.split(',').map(toNumber);
}

/** @throws when the text is not a number above zero. */
export function toNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`not a number above zero: ${text}`);
  return value;
}

function describe([name, { about, value }]: [string, Flag]): string {
  const usage = value === undefined ? `--${name}` : `--${name} <value>`;
  const fallback = value === undefined || value === '' ? '' : ` (${value})`;
  return `  ${usage.padEnd(26)} ${about}${fallback}`;
}
