import { spawnSync } from 'node:child_process';

/** The oldest compiler that takes the plugins' sources. */
export const RUST_VERSION = '1.92';
/** What the elements need while they run. */
const RUNTIME_PACKAGES = [
  'gstreamer1.0-tools',
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'gstreamer1.0-plugins-bad',
  'gstreamer1.0-nice',
];
const BUILD_PACKAGES = [
  'gcc',
  'libc6-dev',
  'pkg-config',
  'libgstreamer1.0-dev',
  'libgstreamer-plugins-base1.0-dev',
  'libgstreamer-plugins-bad1.0-dev',
];
const LIBRARIES = [
  'gstreamer-1.0',
  'gstreamer-app-1.0',
  'gstreamer-pbutils-1.0',
  'gstreamer-webrtc-1.0',
];
const RUNTIME_ELEMENTS = ['webrtcbin', 'nicesink', 'dtlsenc', 'srtpenc', 'rtph264pay'];

/** Debian packages that are needed and not there, by what they bring. */
export function missingPackages(): readonly string[] {
  const lacksElements = RUNTIME_ELEMENTS.some((element) => !hasElement(element));
  const lacksLibraries =
    !succeeds('pkg-config', ['--exists', ...LIBRARIES]) || !succeeds('cc', ['--version']);
  return [...(lacksElements ? RUNTIME_PACKAGES : []), ...(lacksLibraries ? BUILD_PACKAGES : [])];
}

/** Why this machine's Rust will not do; null: it will. */
export function rustProblem(): string | null {
  const version = textOf('rustc', ['--version']);
  const found = /^rustc (\d+)\.(\d+)/.exec(version);
  if (found === null || !succeeds('cargo', ['--version'])) {
    return `Rust ${RUST_VERSION} or newer is needed, and there is none.`;
  }
  const [major = 0, minor = 0] = RUST_VERSION.split('.').map(Number);
  const isNew = Number(found[1]) > major || Number(found[2]) >= minor;
  return isNew ? null : `Rust ${RUST_VERSION} or newer is needed; here is ${version.trim()}.`;
}

/**
 * Whether GStreamer finds an element. Only the plain call tells: `--exists` compares the version of
 * the plugin, 0.x for these, with GStreamer's.
 */
export function hasElement(element: string, pluginPath?: string): boolean {
  return succeeds('gst-inspect-1.0', [element], pluginPath);
}

function succeeds(command: string, args: readonly string[], pluginPath?: string): boolean {
  return run(command, args, pluginPath).status === 0;
}

function textOf(command: string, args: readonly string[]): string {
  return run(command, args).stdout;
}

function run(command: string, args: readonly string[], pluginPath?: string) {
  const path = pluginPath === undefined ? {} : { GST_PLUGIN_PATH: pluginPath };
  return spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, ...path } });
}
