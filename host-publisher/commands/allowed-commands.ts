import { readFileSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { HostError } from '../host-error.ts';

const OTHERS_MAY_WRITE = 0o002;
const argv = z.tuple([z.string().min(1)], z.string()).readonly();

/** A program with its arguments, run without a shell. */
const Command = z.strictObject({
  argv,
  /** Where it runs, absolute; absent: where the host was started. */
  cwd: z.string().refine(isAbsolute, 'must be an absolute path').exactOptional(),
  /** How long it may take; it is ended then. */
  seconds: z.number().min(1).max(3600).default(10),
});
export type AllowedCommand = z.infer<typeof Command>;

const AllowedCommands = z
  .record(
    z.string().regex(/^[\p{L}\p{N} ._-]{1,32}$/u, 'must be 1 to 32 letters, digits, spaces, ._-'),
    z.union([Command, argv.transform((words) => Command.parse({ argv: words }))]),
  )
  .refine((commands) => Object.keys(commands).length <= 32, 'must be 32 commands at most');

/** What may be run, by name. */
export type AllowedCommands = ReadonlyMap<string, AllowedCommand>;

/** Reads `{"Terminal": ["xterm"], "Lock": {"argv": […], "cwd": "/home", "seconds": 5}}`; fails with a sentence. */
export function readAllowedCommands(path: string): AllowedCommands {
  const problem = (what: string, cause?: unknown): HostError =>
    new HostError('usage', `--commands ${path}: ${what}`, { cause });
  let json: unknown;
  try {
    if ((statSync(path).mode & OTHERS_MAY_WRITE) !== 0) {
      throw problem('others may write it; take that right away (chmod o-w).');
    }
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof HostError) throw error;
    const isJson = error instanceof SyntaxError;
    throw problem(isJson ? 'it is not JSON.' : 'it cannot be read.', error);
  }
  const parsed = AllowedCommands.safeParse(json);
  if (parsed.success) return new Map(Object.entries(parsed.data));
  const [first] = parsed.error.issues;
  const issue =
    first?.code === 'invalid_key' ? { ...first, ...first.issues[0], path: first.path } : first;
  throw problem(`${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'is wrong'}.`);
}
