/**
 * Builds the pages when `web/dist` is not made from the present sources; else ends at once. What
 * they are made from is told by contents, not by times, so that a copied or checked-out tree that
 * brings its build along is fresh.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type * as Vite from 'vite';

const webDirectory = import.meta.dirname;
const repository = join(webDirectory, '..');
/** In this order: the first one empties `dist`, the last one stamps it. */
const CONFIGS = ['vite.config.ts', 'vite.embed.config.ts'];
const stampFile = join(webDirectory, 'dist', '.source-fingerprint');

if (import.meta.main) await buildIfStale();

/** Marks `web/dist` as built from the present sources. */
export function stampBuild(): void {
  writeFileSync(stampFile, fingerprintSources());
}

async function buildIfStale(): Promise<void> {
  const built = readBuiltFingerprint();
  if (built === fingerprintSources()) return;
  const vite = await loadVite();
  if (vite === null) {
    console.log(
      built === null
        ? 'web: not built, because vite is not installed; the gateway runs without its pages.'
        : 'web: older than its sources, but vite is not installed; it is served as it is.',
    );
    return;
  }
  for (const file of CONFIGS) {
    const configFile = join(webDirectory, file);
    await vite.build({ root: webDirectory, configFile, logLevel: 'warn' });
  }
  console.log('web: built');
}

async function loadVite(): Promise<typeof Vite | null> {
  try {
    return await import('vite');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND') {
      return null;
    }
    throw cause;
  }
}

function fingerprintSources(): string {
  const hash = createHash('sha256');
  for (const file of listSources()) {
    hash.update(relative(repository, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function readBuiltFingerprint(): string | null {
  return existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : null;
}

function listSources(): string[] {
  return [
    ...listFiles(webDirectory),
    ...listFiles(join(repository, 'gateway', 'protocol')),
    join(repository, 'package-lock.json'),
  ]
    .filter((file) => existsSync(file))
    .sort();
}

function listFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'dist' ? [] : listFiles(path);
    return entry.name.endsWith('.tsbuildinfo') ? [] : [path];
  });
}
