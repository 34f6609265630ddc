import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from './config/settings.ts';
import { pluginFolder, withPluginFolder } from './setup/plugin-folder.ts';

/**
 * Where stripped and compiled modules stay between starts: beside the installed packages, and
 * trusted like them. Where it cannot be written, a start takes longer.
 */
export const COMPILED_MODULES = fileURLToPath(
  new URL('../node_modules/.cache/compiled', import.meta.url),
);

/** OpenGL without a window or a display; GBM needs a card, and surfaceless fails in 1.22. */
const HEADLESS_GL = { GST_GL_PLATFORM: 'egl', GST_GL_WINDOW: 'egl-device' };

/**
 * What the media process inherits: GStreamer's state changes wait on libuv's threads, its plugins
 * may be those of `npm run setup:whipsink`, and loopback is reached by no proxy. With glibc's arena
 * per thread 20 publications leave 186 MiB, with two 146.
 */
export function mediaEnvironment(environment: Environment = process.env): Environment {
  return {
    UV_THREADPOOL_SIZE: '16',
    MALLOC_ARENA_MAX: '2',
    MALLOC_TRIM_THRESHOLD_: '131072',
    NODE_COMPILE_CACHE: COMPILED_MODULES,
    ...HEADLESS_GL,
    ...environment,
    GST_PLUGIN_PATH: withPluginFolder(environment['GST_PLUGIN_PATH'], pluginFolder(environment)),
    NO_PROXY: [environment['NO_PROXY'], '127.0.0.1'].filter(Boolean).join(),
  };
}

/** Where things are kept that can be found out again (XDG base directories). */
export function cacheFolder(environment: Environment = process.env): string {
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'pixelcast');
}

/** Where things are kept that nobody can find out again (XDG base directories). */
export function stateFolder(environment: Environment = process.env): string {
  return join(environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'pixelcast');
}

/** GStreamer's list of its plugins, which is written anew when one of them changes. */
export function gstreamerRegistry(environment: Environment = process.env): string {
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch;
  const { GST_REGISTRY_1_0: current, GST_REGISTRY: any } = environment;
  const folder = environment['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return current || any || join(folder, 'gstreamer-1.0', `registry.${machine}.bin`);
}

/** The settings of this process. */
export function hostEnvironment(): Environment {
  return process.env;
}
