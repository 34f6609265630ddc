import { waitFor } from '../support/wait-for.ts';
import type { BenchReport } from './bench-report.ts';
import type { ChaosStage } from './chaos-stage.ts';
import { distributionOf } from './distribution.ts';
import { outageOf, takeFrames, type ShownFrame } from './picture-watch.ts';
import { readHoldings, type ProcessHoldings } from './process-tree.ts';

/** One look at both processes, in the quiet before a blow. */
interface Sample {
  readonly agent: ProcessHoldings;
  readonly media: ProcessHoldings;
}

type Part = keyof Sample;

const PARTS: readonly Part[] = ['agent', 'media'];
const LIMITS = { fileDescriptors: 2, sockets: 2, threads: 2 } as const;
const GROWTH_MIB = 8;

/**
 * Breaks the media connection again and again, by the death of the node, and holds what agent and
 * media process use at the end against what they used after the first quarter.
 */
export async function endure(
  stage: ChaosStage,
  report: BenchReport,
  options: { readonly minutes: number; readonly everySeconds: number },
): Promise<void> {
  const { minutes, everySeconds } = options;
  const endsAtMs = Date.now() + minutes * 60_000;
  const samples: Sample[] = [];
  const backAfterMs: number[] = [];
  const media = stage.mediaPid;
  const agent = stage.agent.pid;
  report.section(`${minutes} minutes, the node killed every ${everySeconds} s`);
  while (Date.now() < endsAtMs) {
    const nextAtMs = Date.now() + everySeconds * 1000;
    await takeFrames(stage.page);
    const blowAtMs = await stage.kill('node');
    const frames: ShownFrame[] = [];
    await waitFor(
      async () => {
        frames.push(...(await takeFrames(stage.page)));
        return Date.now() >= nextAtMs;
      },
      { timeoutMs: everySeconds * 2_000, everyMs: 500, what: 'the next blow' },
    );
    const last = frames.at(-1)?.shownAtMs ?? 0;
    const isBack = Date.now() - last < 1_000;
    backAfterMs.push(isBack ? outageOf(frames, blowAtMs).backAfterMs : everySeconds * 1000);
    const [agentPid, mediaPid] = [stage.agent.pid, stage.mediaPid ?? 0];
    samples.push({ agent: readHoldings(agentPid), media: readHoldings(mediaPid) });
    if (samples.length % 5 === 1) print(report, samples.length, samples.at(-1));
  }
  print(report, samples.length, samples.at(-1));
  const restarts = stage.agent.pid === agent && stage.mediaPid === media ? 'none' : 'some';
  report.line(`  restarts of agent or media process: ${restarts}`);
  const back = distributionOf(backAfterMs);
  const text = (ms: number): string => (ms / 1000).toFixed(2);
  report.line(
    `  picture back: n=${back.n} p50 ${text(back.p50)} p95 ${text(back.p95)} max ${text(back.max)} s`,
  );
  judge(report, samples);
}

function judge(report: BenchReport, samples: readonly Sample[]): void {
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const early = samples.slice(quarter, 2 * quarter);
  const late = samples.slice(-quarter);
  for (const part of PARTS) {
    const grown = (of: keyof ProcessHoldings): number =>
      medianOf(late.map((sample) => sample[part][of])) -
      medianOf(early.map((sample) => sample[part][of]));
    const rss = grown('rssBytes') / 2 ** 20;
    const name = (what: string): string => `${what} of the ${part}, last quarter against second`;
    report.check({ name: name('memory'), value: rss, unit: 'MiB', atMost: GROWTH_MIB });
    for (const [of, atMost] of Object.entries(LIMITS) as [keyof typeof LIMITS, number][]) {
      report.check({ name: name(of), value: grown(of), unit: '', atMost });
    }
  }
}

function medianOf(values: readonly number[]): number {
  return distributionOf(values).p50;
}

function print(report: BenchReport, count: number, sample: Sample | undefined): void {
  if (sample === undefined) return;
  const text = PARTS.map((part) => {
    const { rssBytes, fileDescriptors, sockets, threads } = sample[part];
    return `${part} ${(rssBytes / 2 ** 20).toFixed(1)} MiB, ${fileDescriptors} fds (${sockets} sockets), ${threads} threads`;
  });
  report.line(`  after ${count}: ${text.join('; ')}`);
}
