/** `npm run bench:fanout`: viewers per core, in the engine and, when one is given, in SRS. */
import { spawnSync } from 'node:child_process';
import { BenchReport } from './bench-report.ts';
import { readCommandLine, toNumber, toNumbers } from './command-line.ts';
import { describeDistribution } from './distribution.ts';
import { sweepFanout, type FanoutStep } from './fanout-sweep.ts';
import { bytesPerViewer, costRatio, viewersPerCore } from './fanout-verdict.ts';
import { measureMediaFanout } from './media-fanout.ts';
import { canPin, runningSrs, startEngine, type MediaServer } from './media-server.ts';

const flags = readCommandLine(
  'Viewers per core: one stream to a growing crowd, 2 Mbit/s and 0.5 Mbit/s.',
  {
    mode: { about: 'webrtc, or websocket: viewers per core of the gateway', value: 'webrtc' },
    'media-viewers': { about: 'crowd sizes by WebSocket, at 3 Mbit/s', value: '200,400' },
    viewers: { about: 'crowd sizes at 2 Mbit/s', value: '50,100,250,400' },
    'slow-viewers': { about: 'crowd sizes at 0.5 Mbit/s', value: '200,600,1200' },
    only: { about: '2 or 0.5', value: '2,0.5' },
    seconds: { about: 'length of each measuring window', value: '7' },
    'srs-url': {
      about: 'an SRS to compare with, http://user:password@host:port',
      value: process.env['SRS_NODES']?.split(',')[0] ?? '',
    },
    'srs-pid': { about: 'its process id, for its CPU and memory', value: '' },
    nice: { about: 'of server and load; --nice=-10 on a shared machine, as root', value: '0' },
    'without-engine': { about: 'measure that SRS alone' },
  },
);
const niceness = Number(flags.nice);
const SERVER_PLACE = { core: 0, niceness };
const LOAD_PLACE = { core: 1, niceness };
/** A stopped viewer is silent for a whole window. */
const PATIENT = { ENGINE_INACTIVITY_MS: '120000' };

const report = new BenchReport('Fan-out of one stream: H.264 at 30 fps and Opus, no decoder');
if (!['webrtc', 'websocket'].includes(flags.mode)) throw new Error(`no mode: ${flags.mode}`);
report.line(
  canPin()
    ? `pinned: server to core ${SERVER_PLACE.core}, publisher, probes and fleet to core ${LOAD_PLACE.core}`
    : 'nothing is pinned: taskset is missing',
);
if (flags.mode === 'websocket') {
  await measureMediaFanout(report, {
    viewers: toNumbers(flags['media-viewers']),
    windowMs: toNumber(flags.seconds) * 1000,
    server: SERVER_PLACE,
    load: LOAD_PLACE,
  });
} else await measureWebRtc();
report.finish(flags.strict);

async function measureWebRtc(): Promise<void> {
  if (flags.only.split(',').includes('2')) await compare(2, toNumbers(flags.viewers));
  if (flags.only.split(',').includes('0.5')) await compare(0.5, toNumbers(flags['slow-viewers']));
}

async function compare(megabits: number, viewers: readonly number[]): Promise<void> {
  report.section(`${megabits} Mbit/s of video + 48 kbit/s of audio per viewer`);
  const engine = flags['without-engine']
    ? []
    : await measure(await startEngine({ place: SERVER_PLACE, env: PATIENT }), megabits, viewers);
  const srs = flags['srs-url'] === '' ? [] : await measure(givenSrs(), megabits, viewers);
  const ratios = srs.length === 0 ? [] : engine.map((step, at) => costRatio(step, srs[at]));
  for (const [at, ratio] of ratios.entries()) {
    const size = `${engine[at]?.viewers ?? 0} viewers`;
    const compared = ratio === null ? 'not comparable' : `${ratio.toFixed(2)} x CPU per packet`;
    report.line(`  ${size}: engine / SRS = ${compared}`);
  }
  checkTargets(megabits, engine);
  const value = ratios.filter((ratio) => ratio !== null).at(-1);
  if (value === undefined) return;
  report.check({ name: `CPU against SRS, ${megabits} Mbit/s`, value, unit: 'x', atMost: 1 });
}

async function measure(
  server: MediaServer,
  megabits: number,
  viewers: readonly number[],
): Promise<FanoutStep[]> {
  try {
    return await sweepFanout(
      server,
      {
        videoBitsPerSecond: megabits * 1e6,
        viewers,
        windowMs: toNumber(flags.seconds) * 1000,
        loadPlace: LOAD_PLACE,
        serverPlace: SERVER_PLACE,
      },
      (step) => printStep(server, step),
    );
  } finally {
    await server.close();
  }
}

function printStep(server: MediaServer, step: FanoutStep): void {
  const { viewers, cpuShare, microsecondsPerPacket, keptShare, missing, rssBytes } = step;
  const cpu = `${(cpuShare * 100).toFixed(0)} % of a core`;
  const perPacket = `${microsecondsPerPacket.toFixed(1)} us/packet`;
  const memory = `${mebibytes(rssBytes)} MiB RSS, ${kibibytes(step.rssPerViewer)} KiB per viewer`;
  const kept = `probes got ${percent(keptShare)}, ${missing} missing, ${step.lateMs.toFixed(0)} ms late`;
  const perSecond = `${step.packetsPerSecond.toFixed(0)} packets/s`;
  report.line(`  ${server.name}, ${viewers} viewers: ${cpu}, ${perPacket}, ${perSecond}`);
  report.line(`    ${memory}; ${kept}${starvation(step)}`);
  if (step.loopDelayP99Ms === null) {
    const proxy = describeDistribution(step.responses, 'ms');
    report.line(`    no figure of its event loop; GET /api/v1/versions meanwhile: ${proxy}`);
  } else {
    report.line(`    event-loop delay p99 ${step.loopDelayP99Ms.toFixed(1)} ms`);
    report.line(
      `    GET /api/v1/versions meanwhile: ${describeDistribution(step.responses, 'ms')}`,
    );
  }
  if (step.failedJoins > 0) {
    report.line(`    ${step.failedJoins} joins failed, first: ${step.firstFailure ?? ''}`);
  }
}

/** Figures of a server that did not get its core say little about it. */
function starvation({ othersShare }: FanoutStep): string {
  if (othersShare === null || othersShare < 0.05) return '';
  return `; OTHER PROCESSES took ${percent(othersShare)} of its core`;
}

function checkTargets(megabits: number, steps: readonly FanoutStep[]): void {
  if (steps.length === 0) return;
  const name = `${megabits} Mbit/s`;
  const perCore = viewersPerCore(steps);
  const goal = megabits >= 2 ? 400 : 1200;
  report.check({ name: `viewers per core, ${name}`, value: perCore, unit: '', atLeast: goal });
  const kibi = bytesPerViewer(steps) / 1024;
  report.check({ name: `memory per viewer, ${name}`, value: kibi, unit: 'KiB', atMost: 250 });
  const kept = Math.min(...steps.map(({ keptShare }) => keptShare)) * 100;
  report.check({ name: `packets that came through, ${name}`, value: kept, unit: '%', atLeast: 99 });
  const missing = steps.reduce((sum, step) => sum + step.missing, 0);
  report.check({ name: `packets missing at probes, ${name}`, value: missing, unit: '', atMost: 0 });
  const failed = steps.reduce((sum, step) => Math.max(sum, step.failedJoins), 0);
  report.check({ name: `failed joins, ${name}`, value: failed, unit: '', atMost: 0 });
  const at250 = steps.find(({ viewers }) => viewers === 250);
  if (megabits < 2 || at250 === undefined) return;
  const value = at250.loopDelayP99Ms ?? at250.responses.p99;
  const what = at250.loopDelayP99Ms === null ? 'API response' : 'event-loop delay';
  report.check({ name: `${what} p99 at 250 viewers`, value, unit: 'ms', atMost: 15 });
}

function givenSrs(): MediaServer {
  const pid = flags['srs-pid'] === '' ? null : toNumber(flags['srs-pid']);
  if (pid !== null && canPin()) {
    spawnSync('taskset', ['-acp', String(SERVER_PLACE.core), String(pid)]);
    spawnSync('renice', ['-n', String(niceness), '-p', String(pid)]);
  }
  return runningSrs(flags['srs-url'], pid, 0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

function kibibytes(bytes: number): string {
  return (bytes / 2 ** 10).toFixed(0);
}
