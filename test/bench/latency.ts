/** `npm run bench:latency`: how old a picture is when a viewer's page has it, and how long a start takes. */
import type { Page } from 'playwright-core';
import { BenchReport } from './bench-report.ts';
import { readCommandLine, toNumber, toNumbers } from './command-line.ts';
import { describeDistribution, distributionOf } from './distribution.ts';
import { measureBandwidth } from './latency-bandwidth.ts';
import { recordFrames, type FrameRecord, type SeenFrame } from './latency-frames.ts';
import { measureOnScreens, type Way } from './latency-modes.ts';
import {
  openDesktop,
  openHost,
  openPage,
  type HostOptions,
  type WantedPicture,
} from './latency-sources.ts';
import { LatencyStage, VIDEO } from './latency-stage.ts';
import { measureDemands, measureStarts } from './latency-start.ts';
import { readSyncOffset } from '../support/browser/sync-offset.ts';
import { describeUsage, usageOf } from './latency-usage.ts';

const SETTLE_SECONDS = 4;
const LEAST_FRAMES = 500;
const SOURCES = {
  cube: { open: openHost, about: 'the cube by npm run host' },
  desktop: { open: openDesktop, about: 'an X11 desktop by npm run host' },
  page: { open: openPage, about: 'a canvas published by another Chromium, the baseline' },
} as const;
type Kind = keyof typeof SOURCES;

const flags = readCommandLine(
  'Glass to glass: painted by a host, published through the gateway, seen by code of the watch page.',
  {
    mode: { about: 'webrtc; or websocket and webrtc, both off the screen', value: 'webrtc' },
    'ws-encoders': { about: 'for --mode websocket', value: 'jpeg-striped,x264enc-striped' },
    only: {
      about: 'cube, desktop, page, start or bandwidth (of the WebSocket mode)',
      value: 'cube,desktop,page,start,bandwidth',
    },
    seconds: { about: 'length of each measurement', value: '20' },
    runs: { about: 'runs of the host for --mode websocket, each of that length', value: '4' },
    fps: { about: 'frame rates', value: '30,60' },
    size: { about: 'of the picture', value: '1280x720' },
    kbps: { about: 'highest rate of the picture', value: '2500' },
    starts: { about: 'starts of the agent', value: '20' },
    publisher: { about: 'of npm run host', value: 'native' },
    'srs-url': { about: 'a running SRS with hooks to --gateway-port, not the engine', value: '' },
    'srs-pid': { about: 'process id of that SRS, for its CPU', value: '' },
    'gateway-port': { about: 'port of the gateway, for --srs-url', value: '0' },
  },
);
const seconds = toNumber(flags.seconds);
const [width = 0, height = 0] = flags.size.split('x').map(toNumber);
const kinds = (Object.keys(SOURCES) as Kind[]).filter((kind) => flags.only.includes(kind));
const ageOf = ({ seenAtMs, paintedAtMs }: SeenFrame): number => seenAtMs - paintedAtMs;
const pictureAt = (fps: number): WantedPicture => ({
  width,
  height,
  fps,
  kbps: toNumber(flags.kbps),
});

const WEBRTC: Way = {
  mode: 'webrtc',
  name: 'WebRTC',
  argv: ['--publisher', flags.publisher, '--mode', 'webrtc'],
  p50AtMost: 45,
};
const WEBSOCKET: readonly Way[] = flags['ws-encoders'].split(',').map((encoder) => ({
  mode: 'websocket',
  name: `WebSocket, ${encoder}`,
  argv: ['--mode', 'websocket', '--ws-encoder', encoder],
  p50AtMost: encoder.startsWith('jpeg') ? 25 : 20,
}));
const isWebSocket = flags.mode === 'websocket';

const report = new BenchReport(`Glass to glass, ${width}x${height}`);
const stage = await LatencyStage.open({
  srsUrl: flags['srs-url'],
  srsPid: flags['srs-pid'] === '' ? null : toNumber(flags['srs-pid']),
  gatewayPort: Number(flags['gateway-port']),
  ...(isWebSocket ? { onScreen: { width, height } } : {}),
});
report.line(`server: ${stage.node.name}`);
try {
  for (const fps of toNumbers(flags.fps)) {
    for (const kind of kinds) {
      if (!isWebSocket) await measure(kind, fps);
      else if (kind !== 'page') await onScreens(kind, fps);
    }
  }
  if (isWebSocket && flags.only.includes('bandwidth')) {
    for (const way of WEBSOCKET) await measureBandwidth(stage, report, { ...way, seconds });
  }
  if (flags.only.includes('start')) await reportStarts();
} finally {
  await stage.close();
}
report.finish(flags.strict);

async function measure(kind: Kind, fps: number): Promise<void> {
  report.section(`${SOURCES[kind].about}, ${fps} frames per second, ${WEBRTC.name}`);
  const { argv } = WEBRTC;
  const options: HostOptions = { room: stage.newRoom(), picture: pictureAt(fps), argv };
  const source = await SOURCES[kind].open(stage, options);
  try {
    const page = await stage.watch(options.room);
    // The player's buffer and the rate settle.
    await recordFrames(page, VIDEO, SETTLE_SECONDS);
    const usage = usageOf({ ...source.processes, ...stage.processes });
    const record = await recordFrames(page, VIDEO, seconds);
    reportRecord(record);
    report.line(`  CPU: ${describeUsage(usage())}`);
    if (kind !== 'page') checkTargets(`${kind} at ${fps}`, record);
    if (kind === 'cube') await checkSync(page, `cube at ${fps}`);
    await page.close();
  } finally {
    await source.close();
  }
}

async function onScreens(kind: 'cube' | 'desktop', fps: number): Promise<void> {
  for (const way of [WEBRTC, ...WEBSOCKET]) {
    report.section(`${SOURCES[kind].about}, ${fps} frames per second, ${way.name}`);
    const what = { name: kind, fps, way, seconds, runs: toNumber(flags.runs) };
    await measureOnScreens(stage, report, what, () => {
      const options = { room: stage.newRoom(), picture: pictureAt(fps), argv: way.argv };
      return { room: options.room, source: SOURCES[kind].open(stage, options) };
    });
  }
}

function reportRecord({ frames, illegible, ...record }: FrameRecord): void {
  const shownFps = (frames.length / record.seconds).toFixed(1);
  const size = `${record.width}x${record.height}`;
  report.line(`  ${size}, ${shownFps} frames per second seen, ${illegible} illegible`);
  const spread = (of: (frame: SeenFrame) => number | null): string =>
    describeDistribution(distributionOf(frames.map(of).filter((ms) => ms !== null)), 'ms');
  report.line(`  painted -> seen:      ${spread(ageOf)}`);
  report.line(
    `  painted -> received:  ${spread((frame) => frame.receivedAtMs && frame.receivedAtMs - frame.paintedAtMs)}`,
  );
  report.line(
    `  received -> seen:     ${spread((frame) => frame.receivedAtMs && frame.seenAtMs - frame.receivedAtMs)}`,
  );
  report.line(`  decoding:             ${spread((frame) => frame.decodeMs)}`);
}

function checkTargets(name: string, { frames }: FrameRecord): void {
  const { n, p50, p95 } = distributionOf(frames.map(ageOf));
  report.check({ name: `${name}, frames`, value: n, unit: 'frames', atLeast: LEAST_FRAMES });
  report.check({ name: `${name}, p50`, value: p50, unit: 'ms', atMost: WEBRTC.p50AtMost });
  report.check({ name: `${name}, p95`, value: p95, unit: 'ms', atMost: 60 });
}

/** The cube has a tone. */
async function checkSync(page: Page, name: string): Promise<void> {
  const value = Math.abs(await readSyncOffset(page));
  report.check({ name: `${name}, sound and picture apart`, value, unit: 'ms', atMost: 60 });
}

async function reportStarts(): Promise<void> {
  const options = { n: toNumber(flags.starts), picture: pictureAt(30), argv: WEBRTC.argv };
  const ways = [
    { name: 'start of npm run host -> first packet', measure: measureStarts },
    { name: 'a viewer asks an idle host -> first packet', measure: measureDemands },
  ];
  report.section('starts');
  for (const { name, measure } of ways) {
    const times = distributionOf(await measure(stage, options));
    report.line(`  ${name}: ${describeDistribution(times, 'ms')}`);
    report.check({ name: `${name}, p50`, value: times.p50, unit: 'ms', atMost: 500 });
  }
}
