import { homedir } from 'node:os';
import { join } from 'node:path';

/** Of GStreamer's WHIP elements: `plugins/Cargo.toml` has the same. */
export const PLUGINS_VERSION = '0.15.4';

/** Where `npm run setup:whipsink` keeps the plugins: a folder per version, out of reach of `npm ci`. */
export function pluginFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const cache = environment['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'pixelcast', `gst-plugins-rs-${PLUGINS_VERSION}`);
}

/** A GST_PLUGIN_PATH that has this folder too. */
export function withPluginFolder(path: string | undefined, folder: string): string {
  return path ? `${path}:${folder}` : folder;
}
