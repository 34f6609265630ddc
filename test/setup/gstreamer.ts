import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { installFromDebian, say } from '../../host-publisher/setup/debian.ts';

const HOST = fileURLToPath(new URL('../../host-publisher/main.ts', import.meta.url));
const PACKAGES = [
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'gstreamer1.0-plugins-ugly',
  'gstreamer1.0-tools',
  'pulseaudio',
  'gstreamer1.0-plugins-bad',
  'gstreamer1.0-gl',
  'gstreamer1.0-x',
  'ffmpeg',
  'openbox',
  'x11-xserver-utils',
  'xclip',
  'xdotool',
  'xterm',
  'xvfb',
];

/** Makes sure that GStreamer, Xvfb and PulseAudio are there for the host-publisher's tests. */
export function prepareGStreamer(): boolean {
  if (look() || (installFromDebian('GStreamer, Xvfb and PulseAudio', PACKAGES) && look())) {
    say('GStreamer, Xvfb and PulseAudio are ready.');
    return true;
  }
  say(
    'The host-publisher needs GStreamer, and its tests Xvfb and PulseAudio. Type this, then run this again:',
  );
  say(
    `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`,
  );
  return false;
}

/** Asks the product itself what works. */
function look(): boolean {
  const { stdout } = spawnSync(process.execPath, [HOST, '--encoders'], { encoding: 'utf8' });
  const works = (encoder: string): boolean => new RegExp(`^works +${encoder} `, 'm').test(stdout);
  const has = (command: string, ...argv: string[]): boolean =>
    spawnSync(command, argv, { stdio: 'ignore' }).error === undefined;
  return (
    ['x264enc', 'vp8enc', 'openh264enc'].every(works) &&
    has('Xvfb', '-help') &&
    has('pulseaudio', '--version') &&
    has('gst-launch-1.0', '--version') &&
    spawnSync('gst-inspect-1.0', ['--exists', 'timeoverlay']).status === 0 &&
    has('openbox', '--version') &&
    has('xclip', '-version') &&
    has('xdotool', '--version') &&
    has('ffprobe', '-version') &&
    has('xrandr', '-version') &&
    has('xterm', '-version')
  );
}
