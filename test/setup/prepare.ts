/**
 * `npm run test:setup`: makes sure that what the tests need beside npm's packages is there. Looks
 * before it installs, so it may be run before every test run.
 */
import { prepareChromium } from './chromium.ts';
import { prepareCoturn } from './coturn.ts';
import { prepareFfmpeg } from './ffmpeg.ts';
import { prepareFirewall } from './firewall.ts';
import { prepareGStreamer } from './gstreamer.ts';
import { prepareRedis } from './redis.ts';

const ready = [
  await prepareChromium(),
  prepareGStreamer(),
  prepareCoturn(),
  prepareRedis(),
  prepareFfmpeg(),
  prepareFirewall(),
];
if (ready.includes(false)) process.exitCode = 1;
