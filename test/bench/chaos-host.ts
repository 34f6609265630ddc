/** `npm run chaos:host`: everything a host depends on is killed, and how soon its picture is back. */
import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '../support/wait-for.ts';
import { BenchReport } from './bench-report.ts';
import { endure } from './chaos-endurance.ts';
import { ChaosStage, type Victim } from './chaos-stage.ts';
import { readCommandLine, toNumber } from './command-line.ts';
import { distributionOf } from './distribution.ts';
import { outageOf, takeFrames, type Outage, type ShownFrame } from './picture-watch.ts';

const flags = readCommandLine(
  'Chaos: kill -9 of media process, agent, gateway and node, while Chromium watches the cube.',
  {
    blows: { about: 'how often each is killed', value: '5' },
    only: { about: 'of media,agent,gateway,node', value: 'media,agent,gateway,node' },
    pause: {
      about: 'seconds of quiet before each blow, so that no back-off has grown',
      value: '12',
    },
    minutes: { about: 'then reconnects for so long; 0: not at all', value: '0' },
    every: { about: 'seconds between these reconnects', value: '20' },
    'srs-command': {
      about: 'starts a real SRS in the foreground in place of the engine',
      value: '',
    },
    'srs-url': { about: 'its API, with the login', value: 'http://admin:s3cret@127.0.0.1:1985' },
    'gateway-port': { about: "where that SRS's hooks point", value: '0' },
    'on-demand': { about: 'on or off', value: 'on' },
    publisher: { about: 'of npm run host', value: 'native' },
  },
);
/** Seconds until the picture has to be back. */
const TARGETS: Readonly<Record<Victim, number>> = { media: 2, agent: 5, gateway: 3, node: 5 };
/** The picture must have moved for so long before it counts as back, and before the next blow. */
const CALM_MS = 2_000;
const GIVE_UP_MS = 40_000;

const report = new BenchReport('Chaos for a host');
const stage = await ChaosStage.open({
  srsCommand: flags['srs-command'],
  srsUrl: flags['srs-url'],
  gatewayPort: flags['gateway-port'] === '0' ? 0 : toNumber(flags['gateway-port']),
  argv: ['--on-demand', flags['on-demand'], '--publisher', flags.publisher],
});
try {
  await calm(stage, Date.now());
  for (const victim of flags.only.split(',').filter(isVictim)) await strike(victim);
  const minutes = Number(flags.minutes);
  if (minutes > 0) await endure(stage, report, { minutes, everySeconds: toNumber(flags.every) });
} catch (error) {
  report.line(stage.outputs);
  throw error;
} finally {
  await stage.close();
}
report.finish(flags.strict);
process.exit();

async function strike(victim: Victim): Promise<void> {
  const blows = toNumber(flags.blows);
  const outages: Outage[] = [];
  report.section(`kill -9 of the ${victim}`);
  for (let blow = 1; blow <= blows; blow += 1) {
    await delay(Number(flags.pause) * 1000);
    await takeFrames(stage.page);
    const blowAtMs = await stage.kill(victim);
    const outage = outageOf(await calm(stage, blowAtMs), blowAtMs);
    report.line(
      `  ${blow}: back after ${seconds(outage.backAfterMs)} s, longest standstill ${seconds(outage.longestGapMs)} s`,
    );
    outages.push(outage);
  }
  const { p50, max } = distributionOf(outages.map(({ backAfterMs }) => backAfterMs));
  report.line(`  n=${outages.length} p50 ${seconds(p50)} max ${seconds(max)} s`);
  const name = `picture back after kill -9 of the ${victim}, longest`;
  report.check({ name, value: max / 1000, unit: 's', atMost: TARGETS[victim] });
}

/** Waits until the picture moves and everybody says so; resolves with all frames until then. */
async function calm({ page }: ChaosStage, sinceMs: number): Promise<ShownFrame[]> {
  const frames: ShownFrame[] = [];
  let quietSinceMs: number | null = null;
  await waitFor(
    async () => {
      frames.push(...(await takeFrames(page)));
      const lastMs = frames.at(-1)?.shownAtMs ?? 0;
      const moves = lastMs > sinceMs && Date.now() - lastMs < 500;
      const whole = moves && (await stage.isWhole().catch(() => false));
      quietSinceMs = whole ? (quietSinceMs ?? Date.now()) : null;
      return quietSinceMs !== null && Date.now() - quietSinceMs >= CALM_MS;
    },
    { timeoutMs: GIVE_UP_MS, everyMs: 100, what: 'the picture to be back' },
  );
  return frames;
}

function isVictim(name: string): name is Victim {
  return Object.hasOwn(TARGETS, name);
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2);
}
