import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Secret } from './secret.ts';

/** Below `DATA_DIR`. Nodes may read their own folder and nothing else: the first one signs tokens. */
export const SECRET_FILES = {
  jwt: 'jwt-secret',
  hook: 'node/hook-secret',
  nodePassword: 'node/srs-api-password',
} as const;

/**
 * The secret kept under `name` (a path below `dataDir`), created (48 random characters, mode 0600) when there
 * is none. Two processes that start at once get the same one: the file appears whole or not at all.
 * @throws when the folder cannot be written or the file is empty.
 */
export function keepSecret(dataDir: string, name: string): Secret {
  const file = join(dataDir, name);
  const known = readSecret(file);
  if (known !== undefined) return known;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(fresh, `${randomBytes(36).toString('base64url')}\n`, { mode: 0o600 });
  try {
    linkSync(fresh, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
  const kept = readSecret(file);
  if (kept === undefined) throw new Error(`${file} vanished`);
  return kept;
}

/** Whether `keepSecret` would find one, and not create it. */
export const isKept = (dataDir: string, name: string): boolean => existsSync(join(dataDir, name));

function readSecret(file: string): Secret | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  if (text === '') throw new Error(`${file} is empty: delete it to have a new one created`);
  return new Secret(text);
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
