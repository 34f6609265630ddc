import { spawnSync } from 'node:child_process';
import { installFromDebian, say } from '../../host-publisher/setup/debian.ts';

const PACKAGES = ['ffmpeg'];

/** Makes sure that ffmpeg is there: recordings have thumbnails by it, and tests read them with it. */
export function prepareFfmpeg(): boolean {
  if (look() || (installFromDebian('FFmpeg', PACKAGES) && look())) {
    say('FFmpeg is ready.');
    return true;
  }
  say('The tests of recordings need FFmpeg. Type this, then run this again:');
  say(
    `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`,
  );
  return false;
}

const look = (): boolean =>
  spawnSync('ffmpeg', ['-version'], { stdio: 'ignore' }).error === undefined;
