/** `npm run chaos:input`: control changes hands over paths that fail, and nothing stale is applied, nothing sticks. */
import { waitFor } from '../support/wait-for.ts';
import { BenchReport } from './bench-report.ts';
import { ChaosInputStage } from './chaos-input-stage.ts';
import type { ChaosViewer } from './chaos-viewer.ts';
import { readCommandLine, toNumber } from './command-line.ts';
import { distributionOf } from './distribution.ts';

const flags = readCommandLine(
  'Chaos: hand-overs, blurs, cuts, silences and kills, while an X display is watched for input.',
  {
    handovers: { about: 'how often control changes hands', value: '10000' },
    viewers: { about: 'how many want it; the first is an owner', value: '8' },
    loss: { about: 'share of input frames that are lost, percent', value: '30' },
    late: { about: 'share that come up to 120 ms late, percent', value: '20' },
    kills: { about: 'how often agent and gateway are each killed', value: '5' },
    'check-every': { about: 'hand-overs between two looks at what is still held', value: '25' },
  },
);
const GIVE_UP_MS = 60_000;
/** What is held by a client that died in silence is let go by then. */
const DEAD_MS = 500;

const report = new BenchReport('Chaos for control and input');
const stage = await ChaosInputStage.open(toNumber(flags.viewers), {
  loss: Number(flags.loss) / 100,
  late: Number(flags.late) / 100,
});
const counts = new Map<string, number>();
const silences: number[] = [];
let stuck = 0;

try {
  await Promise.all(stage.viewers.map((viewer) => viewer.ready()));
  await begin();
  await run(toNumber(flags.handovers));
} catch (error) {
  report.line(`host:\n${stage.agent.output}\ngateway:\n${stage.gateway.output}`);
  tell();
  throw error;
} finally {
  await stage.close();
}
tell();
report.finish(flags.strict);
process.exit();

async function run(handovers: number): Promise<void> {
  const killEvery = Math.ceil(handovers / (Number(flags.kills) + 1));
  for (let done = 1; done <= handovers; done += 1) {
    const holder = await held();
    await act(holder);
    const before = holder.epoch;
    count(await handOver(holder));
    await waitFor(() => stage.holder !== null && stage.holder.epoch !== before, {
      timeoutMs: GIVE_UP_MS,
      everyMs: 2,
      what: 'another holder',
    });
    holder.sayStale(3);
    if (done % toNumber(flags['check-every']) === 0) await check();
    if (done % killEvery === 0 && done < handovers) await kill();
    if (done % 1_000 === 0) report.line(`  ${done} hand-overs`);
  }
  await check();
}

/** Whoever has control now, once the display has heard a key of its epoch. */
async function held(): Promise<ChaosViewer> {
  return waitFor(
    () => {
      const { holder } = stage;
      if (holder?.epoch == null) return null;
      holder.press();
      return stage.keys.hasHeard(holder.epoch) && holder;
    },
    { timeoutMs: GIVE_UP_MS, everyMs: 3, what: 'a key of the holder' },
  );
}

/** What a person does who has control, some of it left held. */
async function act(holder: ChaosViewer): Promise<void> {
  holder.drag();
  if (Math.random() < 0.3) {
    holder.letGo();
    count('blur');
  }
  if (Math.random() < 0.02) await silence(holder);
}

/** The holder dies in silence: its path swallows everything. */
async function silence(holder: ChaosViewer): Promise<void> {
  holder.press();
  holder.relay.silence(true);
  const sinceMs = performance.now();
  await waitFor(async () => (await stage.held()) === 0, {
    timeoutMs: GIVE_UP_MS,
    everyMs: 5,
    what: 'a dead client’s keys to be let go',
  });
  silences.push(performance.now() - sinceMs);
  holder.relay.silence(false);
  count('silence');
}

/** Control goes to another, by one way or another; resolves with its name. */
async function handOver(holder: ChaosViewer): Promise<string> {
  const { owner } = stage;
  const others = stage.viewers.filter((viewer) => viewer !== holder);
  const next = others[Math.floor(Math.random() * others.length)] ?? owner;
  const { value: you } = next.control.you;
  const dice = Math.random();
  if (dice < 0.25 && you !== null) {
    await holder.wish((control) => control.give(you.viewer));
    return 'give';
  }
  if (dice < 0.45 && holder !== owner) {
    await owner.wish((control) => control.take());
    return 'take';
  }
  if (dice < 0.55 && holder !== owner) {
    await owner.wish((control) => control.setPolicy({ mode: 'view-only' }));
    await owner.wish((control) => control.setPolicy({ mode: 'open' }));
    await next.wish((control) => control.request());
    return 'lock and unlock';
  }
  await next.wish((control) => control.request());
  if (dice < 0.7) {
    holder.relay.cut();
    return 'cut';
  }
  await holder.wish((control) => control.release());
  return 'release';
}

/** Everybody lets go: the display must hold nothing. */
async function check(): Promise<void> {
  for (const viewer of stage.viewers) viewer.letGo();
  await waitFor(async () => (await stage.held()) === 0, {
    timeoutMs: 2_000,
    what: 'nothing to be held',
  }).catch(async () => {
    stuck += await stage.held();
  });
}

async function kill(): Promise<void> {
  const holder = stage.holder ?? stage.owner;
  holder.press();
  stage.agent.kill();
  count('kill of the agent');
  await begin();
  await check();
  (stage.holder ?? stage.owner).press();
  stage.gateway.kill();
  stage.keys.forget();
  count('kill of the gateway');
  await begin();
  await check();
}

/** Waits until a viewer has control of a host that hears it. */
async function begin(): Promise<void> {
  await waitFor(
    async () => {
      const { owner } = stage;
      if (owner.control.state.value?.devices.length === 0) return false;
      await owner.wish((control) =>
        control.setPolicy({ graceMs: 200, idleMs: null, denyMs: 0, mode: 'open' }),
      );
      if (stage.holder === null) await owner.wish((control) => control.take());
      return stage.holder !== null;
    },
    { timeoutMs: GIVE_UP_MS, everyMs: 100, what: 'a host that can be controlled' },
  );
  await held();
}

function count(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

function tell(): void {
  report.section('what happened');
  for (const [what, times] of counts) report.line(`  ${what}: ${times}`);
  const said = stage.viewers.reduce((sum, { staleSent }) => sum + staleSent, 0);
  report.line(`  frames of an epoch that was over: ${said} sent`);
  const { presses, stale, leftOver } = stage.keys.counts;
  report.line(`  keys that the display heard: ${presses}`);
  report.section('what must not happen');
  report.check({ name: 'stale keys applied', value: stale, unit: '', atMost: 0 });
  report.check({ name: 'keys left over', value: leftOver, unit: '', atMost: 0 });
  report.check({ name: 'inputs stuck', value: stuck, unit: '', atMost: 0 });
  if (silences.length === 0) return;
  const { p50, p95, max } = distributionOf(silences);
  report.line(
    `  silent death -> let go: n=${silences.length} p50 ${p50.toFixed(0)} p95 ${p95.toFixed(0)} ms`,
  );
  report.check({
    name: 'silent death -> let go, longest',
    value: max,
    unit: 'ms',
    atMost: DEAD_MS,
  });
}
