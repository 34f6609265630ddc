/** `npm run bench:loss`: what a bad network costs, with a real Chromium on both ends. */
import { setTimeout as delay } from 'node:timers/promises';
import { BenchReport } from './bench-report.ts';
import { readCommandLine, toNumber } from './command-line.ts';
import {
  countFrames,
  describeFrames,
  framesPerSecond,
  publishedBitsPerSecond,
} from './frame-count.ts';
import { runningSrs, startEngine, type MediaServer } from './media-server.ts';
import { Stage, type Snapshot } from './stage.ts';

const flags = readCommandLine(
  'Loss, a squeezed uplink and one congested viewer: Chromium pages through UDP relays.',
  {
    url: { about: 'API of a running server instead of the engine', value: '' },
    'media-port': { about: 'UDP port of that server', value: '8000' },
    only: { about: 'loss, squeeze or congested', value: 'loss,squeeze,congested' },
    seconds: { about: 'length of each measuring window', value: '20' },
    loss: { about: 'packets lost each way, per cent', value: '5' },
  },
);
const seconds = toNumber(flags.seconds);
const report = new BenchReport('Loss and congestion, 720p30 H.264 + Opus, about 2 Mbit/s');
const server =
  flags.url === ''
    ? await startEngine()
    : runningSrs(flags.url, null, toNumber(flags['media-port']));
report.line(`server: ${server.name} at ${server.apiUrl}`);
try {
  if (flags.only.includes('loss')) await measureLoss(server, toNumber(flags.loss) / 100);
  if (flags.only.includes('squeeze')) {
    await measureSqueeze(server, false);
    await measureSqueeze(server, true);
  }
  if (flags.only.includes('congested')) await measureCongested(server);
} finally {
  await server.close();
}
report.finish(flags.strict);

/** Packets lost at random, up and down, against a viewer whose own link is clean. */
async function measureLoss(target: MediaServer, lossRatio: number): Promise<void> {
  report.section(`(a) ${lossRatio * 100} % of the packets lost, each way, for ${seconds} s`);
  const stage = await Stage.open(target, ['lossy', 'clean']);
  try {
    await delay(4000);
    const calm = await stage.watchFor(Math.ceil(seconds / 2));
    report.line(`  no loss, baseline: ${describeFrames(countFrames(calm, 'clean'))}`);
    for (const { name, link } of [stage.publisher, ...stage.viewers]) {
      if (name === 'clean') continue;
      link.setToTarget({ lossRatio });
      link.setToClients({ lossRatio });
    }
    await delay(1000);
    const rough = await stage.watchFor(seconds);
    const clean = countFrames(rough, 'clean');
    const lossy = countFrames(rough, 'lossy');
    report.line(`  publisher loses, viewer's link clean: ${describeFrames(clean)}`);
    report.line(`  publisher and viewer lose:            ${describeFrames(lossy)}`);
    const ratio = lossy.framesPerSecond / countFrames(calm, 'clean').framesPerSecond;
    report.line(`  frame rate against the baseline: ${ratio.toFixed(3)}`);
    const percent = { unit: '%', atLeast: 99 };
    report.check({ name: 'frames kept under loss', value: lossy.ratio * 100, ...percent });
  } finally {
    await stage.close();
  }
}

/**
 * The publisher's uplink shrinks below its bitrate, then opens again: once as the browser copes by
 * itself, once with the product's fit of the picture.
 */
async function measureSqueeze(target: MediaServer, fitsUplink: boolean): Promise<void> {
  const how = fitsUplink ? 'picture fitted to the uplink' : 'browser alone, the baseline';
  report.section(`(b) uplink 20 -> 1 Mbit/s for ${seconds} s: ${how}`);
  const stage = await Stage.open(target, ['viewer'], { fitsUplink });
  try {
    stage.publisher.link.setToTarget({ bitsPerSecond: 20_000_000 });
    await delay(4000);
    const wide = await stage.watchFor(5);
    stage.publisher.link.setToTarget({ bitsPerSecond: 1_000_000 });
    const narrow = await stage.watchFor(seconds);
    stage.publisher.link.setToTarget({ bitsPerSecond: 20_000_000 });
    const reopened = await stage.watchFor(20);
    for (const [name, window] of Object.entries({ wide, narrow, reopened })) {
      const kilobits = publishedBitsPerSecond(window).map((bits) => Math.round(bits / 1000));
      report.line(`  ${name}: frames per second ${framesPerSecond(window, 'viewer').join(' ')}`);
      report.line(`  ${name}: kbit/s sent ${kilobits.join(' ')}`);
      const keyframes = perSecond(window, ({ published }) => published.keyFramesEncoded);
      const repeats = perSecond(window, ({ published }) => published.retransmittedPackets);
      report.line(`  ${name}: key frames ${keyframes.join(' ')}; repeats ${repeats.join(' ')}`);
    }
    const rates = framesPerSecond(narrow, 'viewer');
    const before = countFrames(wide, 'viewer').framesPerSecond;
    const settled = countFrames(narrow.slice(4), 'viewer').framesPerSecond;
    const ratio = (settled / before).toFixed(3);
    report.line(`  after 4 s: ${settled.toFixed(1)} fps, ${ratio} of the rate before`);
    if (!fitsUplink) {
      report.line(`  steady after ${settledAfter(rates)} s`);
      return;
    }
    report.check({
      name: 'time to a steady picture',
      value: settledAfter(rates),
      unit: 's',
      atMost: 4,
    });
    report.check({ name: 'frame rate after 4 s', value: settled, unit: 'fps', atLeast: 29 });
  } finally {
    await stage.close();
  }
}

/** How much a counter grew from one snapshot to the next. */
function perSecond(
  window: readonly Snapshot[],
  counter: (snapshot: Snapshot) => number,
): readonly number[] {
  return window.slice(1).map((now, at) => counter(now) - counter(window[at] ?? now));
}

/** Seconds until three seconds in a row have at least 27 frames; NaN when never. */
function settledAfter(rates: readonly number[]): number {
  const at = rates.findIndex((_, from) => {
    const next = rates.slice(from, from + 3);
    return next.length === 3 && next.every((rate) => rate >= 27);
  });
  return at < 0 ? Number.NaN : at;
}

/** One viewer's downlink shrinks to a quarter of the stream. */
async function measureCongested(target: MediaServer): Promise<void> {
  report.section(`(c) one of three viewers behind 500 kbit/s for ${seconds} s`);
  const stage = await Stage.open(target, ['congested', 'second', 'third']);
  const [congested] = stage.viewers;
  try {
    await delay(4000);
    const calm = await stage.watchFor(Math.ceil(seconds / 2));
    congested?.link.setToClients({ bitsPerSecond: 500_000 });
    const sentBefore = packetsTo(stage);
    const tight = await stage.watchFor(seconds);
    const sent = packetsTo(stage).map((packets, at) => packets - (sentBefore[at] ?? 0));
    report.line(`  congested: ${describeFrames(countFrames(tight, 'congested'))}`);
    for (const name of ['second', 'third']) {
      const count = countFrames(tight, name);
      const ratio = count.framesPerSecond / countFrames(calm, name).framesPerSecond;
      report.line(`  ${name}: ${describeFrames(count)}, ${ratio.toFixed(3)} of the rate before`);
      report.check({
        name: `frame rate of the ${name} viewer`,
        value: ratio,
        unit: 'x',
        atLeast: 0.98,
      });
      report.check({
        name: `loss of the ${name} viewer`,
        value: count.packetsLost,
        unit: 'packets',
        atMost: 0,
      });
    }
    const resent = ((sent[0] ?? 0) - (sent[1] ?? 0)) / seconds;
    report.line(
      `  packets sent to each: ${sent.join(', ')}; resent to the congested: ${resent.toFixed(0)}/s`,
    );
    report.check({
      name: 'resends to the congested viewer',
      value: resent,
      unit: '/s',
      atMost: 200,
    });
  } finally {
    await stage.close();
  }
}

/** Packets that the server sent towards each viewer, before the relay drops any. */
function packetsTo(stage: Stage): number[] {
  return stage.viewers.map(({ link }) => link.stats.toClients.packets);
}
