/** `npm run setup:whipsink`: builds GStreamer's WHIP elements where the host-publisher finds them. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installFromDebian, say } from './debian.ts';
import { PLUGINS_VERSION, pluginFolder, withPluginFolder } from './plugin-folder.ts';
import { RUST_VERSION, hasElement, missingPackages, rustProblem } from './requirements.ts';

const BUILD = fileURLToPath(new URL('build-plugins.sh', import.meta.url));
const ELEMENTS = ['whipclientsink', 'rtpgccbwe', 'whipsink'];

function usage(folder: string): string {
  return `Builds GStreamer's WHIP elements (gst-plugins-rs ${PLUGINS_VERSION}) from crates.io, for npm run host.

  npm run setup:whipsink               build them, unless they are there
  npm run setup:whipsink -- --jobs 1   with so many compilers at a time   (${availableParallelism()})
  npm run setup:whipsink -- --force    build them anew

It needs rustc ${RUST_VERSION} and GStreamer's -dev packages, which root on Debian gets installed. It takes 10 to
20 minutes and 2 GB while it works; 35 MB stay, in
  ${folder}
(XDG_CACHE_HOME moves it). The host-publisher finds them there by itself; other programs by
GST_PLUGIN_PATH. Removing the folder undoes it.
`;
}

function main(): number {
  const { values } = parseArgs({
    options: {
      jobs: { type: 'string' },
      force: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const folder = pluginFolder(process.env);
  if (values.help) {
    process.stdout.write(usage(folder));
    return 0;
  }
  const jobs = values.jobs ?? String(availableParallelism());
  if (!/^[1-9]\d{0,2}$/.test(jobs)) {
    say(`--jobs must be 1 to 999, not ${jobs}.`);
    return 2;
  }
  if (!values.force && areReady(folder)) {
    say(`${ELEMENTS.join(', ')} are ready.`);
    return 0;
  }
  if (!prepare()) return 3;
  say(`Building gst-plugins-rs ${PLUGINS_VERSION} into ${folder}`);
  const startedAt = performance.now();
  const { status } = spawnSync(BUILD, [folder, '--jobs', jobs], { stdio: 'inherit' });
  if (status !== 0 || !areReady(folder)) {
    say('The plugins could not be built: the reason is above.');
    return 1;
  }
  const minutes = (performance.now() - startedAt) / 60_000;
  say(`${ELEMENTS.join(', ')} are ready, after ${minutes.toFixed(1)} minutes.`);
  return 0;
}

/** Looks for what the build needs and installs what may be installed. */
function prepare(): boolean {
  const rust = rustProblem();
  if (rust !== null) {
    say(`${rust} Get it from https://rustup.rs, then run this again.`);
    return false;
  }
  const packages = missingPackages();
  if (packages.length === 0) return true;
  if (installFromDebian('GStreamer with headers', packages) && missingPackages().length === 0) {
    return true;
  }
  say('Packages are missing. On Debian type this, then run this again:');
  say(
    `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`,
  );
  return false;
}

function areReady(folder: string): boolean {
  const path = withPluginFolder(process.env['GST_PLUGIN_PATH'], folder);
  return ELEMENTS.every((element) => hasElement(element, path));
}

try {
  process.exitCode = main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
