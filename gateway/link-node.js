// npm 10 drops node_modules/.bin/node when it prunes the platform packages that do not fit (npm 11
// keeps it). Puts it back, so that every npm script runs on the Node that package.json asks for.
import { existsSync, lstatSync, symlinkSync } from 'node:fs';

const folder = new URL('../node_modules/', import.meta.url);
const own = `node-${process.platform}-${process.arch}/bin/node`;
const link = new URL('.bin/node', folder);

if (process.platform !== 'win32' && existsSync(new URL(own, folder)) && !isThere(link)) {
  symlinkSync(`../${own}`, link);
}

function isThere(url) {
  try {
    lstatSync(url);
    return true;
  } catch {
    return false;
  }
}
