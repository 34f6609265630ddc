// Runs before anything else (node --import) and on any Node: plain JavaScript on purpose.
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
// Type stripping without a flag: 22.18 and 23.6.
const runs = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
if (!runs) {
  console.error(
    `PixelCast needs Node 24 (22.18 at least); this is ${process.versions.node}.\n` +
      'Normally "npm ci" brings it along. Here it did not: run "npm ci" without --omit=optional,\n' +
      'or install Node 24 from https://nodejs.org.',
  );
  process.exit(1);
}
// Stripped and compiled modules stay between starts, beside the installed packages and trusted like
// them: a start takes half the time. Where the folder cannot be written nothing changes.
module.enableCompileCache(
  fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)),
);
