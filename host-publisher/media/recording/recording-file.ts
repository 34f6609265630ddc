import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

/** What can end a name that was given for a file: anything else names a folder. */
const EXTENSION = /^\.(ts|webm|mkv|mp4)$/i;

/**
 * Creates the file of a recording and says its path: the one that was given, with the extension of
 * what is in it, or one of this name and moment in a folder. None is ever written over.
 * @throws where it cannot be created
 */
export function createFile(
  path: string,
  name: string,
  extension: string,
  now: Date = new Date(),
): string {
  const isFile = EXTENSION.test(extname(path)) && !isFolder(path);
  const folder = isFile ? dirname(path) : path;
  const moment = now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');
  const stem = isFile ? basename(path, extname(path)) : `${name}-${moment}`;
  makeFolder(folder);
  for (let number = 1; ; number += 1) {
    const file = join(folder, `${stem}${number === 1 ? '' : `-${number}`}${extension}`);
    if (existsSync(file)) continue;
    closeSync(openSync(file, 'wx', 0o640));
    return file;
  }
}

/** As mkdir -p; Node's own never returns where a file system refuses with ENOENT, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
