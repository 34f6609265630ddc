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
  const all: Record<string, Flag> = { ...flags, ...STRICT };
  const options = Object.fromEntries(
    Object.entries(all).map(([name, { value }]) => [
      name,
      value === undefined
        ? { type: 'boolean' as const, default: false }
        : { type: 'string' as const, default: value },
    ]),
  );
  const { values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } });
  if (values['help'] === true) {
    process.stdout.write(`${about}\n\n${Object.entries(all).map(describe).join('\n')}\n`);
    process.exit(0);
  }
  return values as Values<F & typeof STRICT>;
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
