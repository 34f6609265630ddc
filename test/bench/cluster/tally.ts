import type { BenchReport } from '../bench-report.ts';
import { distributionOf } from '../distribution.ts';
import { HOW, type Blow } from './blows.ts';
import type { NodeRole } from './cluster-stage.ts';
import type { CrowdReport, EndedSession } from './crowd-messages.ts';

const SHOWN = 10;

/** What was seen of one blow beside the crowd's news. */
export interface Seen {
  readonly atSeconds: number;
  readonly isCalm: boolean;
  /** The longest time without input at the controlled host. */
  readonly controlGapMs: number;
}

/** What a whole run of blows came to. */
export class Tally {
  readonly #report: BenchReport;
  readonly #joinsMs: number[] = [];
  readonly #standstillsMs: number[] = [];
  readonly #undeservedMs: number[] = [];
  #lost: EndedSession[] = [];
  readonly #gapsMs = new Map<string, number[]>();
  readonly #stillsOfMs = new Map<string, number[]>();
  #blows = 0;
  #sessionsOfNode = 0;

  constructor(report: BenchReport) {
    this.#report = report;
  }

  /** The crowd that came at once to processes that had just begun: no blow's doing, and in no bar. */
  tellFirst({ joinsMs }: CrowdReport): void {
    const { n, p50, p95, max } = distributionOf(joinsMs);
    this.#report.line(
      `  before all blows: ${n} came in 2 s, picture p50 ${inSeconds(p50)} p95 ${inSeconds(p95)} max ${inSeconds(max)} s`,
    );
    this.#report.line(
      '     at  whom        how      away, s   stood still: n   p50, s   p95, s   max, s   joins: n   p95, s   all back, s   control gap, s   ended',
    );
  }

  /** What happened after the last blow. */
  note(news: CrowdReport): void {
    this.#add(news, () => false, false);
  }

  /** What happened from a blow until all had a picture again, or were given up. */
  add(blow: Blow, news: CrowdReport, seen: Seen): void {
    this.#blows += 1;
    const { role } = blow;
    const port = blow.whom === 'node' ? (role as NodeRole).mediaPort : null;
    const isOfNode = ({ nodePort }: EndedSession): boolean => port !== null && nodePort === port;
    this.#add(news, isOfNode, blow.whom === 'node');
    const kind = `${HOW[blow.how]} of a ${blow.whom}`;
    this.#gapsMs.set(kind, [...(this.#gapsMs.get(kind) ?? []), seen.controlGapMs]);
    const stillsMs = news.outages.map(({ fromMs, toMs }) => toMs - fromMs);
    this.#stillsOfMs.set(kind, [...(this.#stillsOfMs.get(kind) ?? []), ...stillsMs]);
    const backAtMs = Math.max(blow.atMs, ...news.outages.map(({ toMs }) => toMs));
    const backMs = seen.isCalm ? backAtMs - blow.atMs : Number.NaN;
    const stills = distributionOf(stillsMs);
    const joins = distributionOf(news.joinsMs);
    const columns = [
      ...[seen.atSeconds.toFixed(0).padStart(7), role.name.padEnd(10), HOW[blow.how].padEnd(7)],
      ...[inSeconds(blow.awayMs, 8), String(stills.n).padStart(16)],
      ...[inSeconds(stills.p50, 7), inSeconds(stills.p95, 7), inSeconds(stills.max, 7)],
      ...[String(joins.n).padStart(9), inSeconds(joins.p95, 7), inSeconds(backMs, 12)],
      ...[inSeconds(seen.controlGapMs, 15), countsOf(news.ended)],
    ];
    this.#report.line(columns.join('  '));
  }

  /** Holds all of it against the bars. */
  judge(): void {
    const report = this.#report;
    report.section(`${this.#blows} blows`);
    const [joins, stills] = [this.#joinsMs, this.#standstillsMs].map(distributionOf);
    if (joins === undefined || stills === undefined) return;
    const told = (name: string, of: typeof joins): void =>
      report.line(
        `  ${name}: n=${of.n} p50 ${inSeconds(of.p50)} p95 ${inSeconds(of.p95)} p99 ${inSeconds(of.p99)} max ${inSeconds(of.max)} s`,
      );
    told('time to picture of who joined', joins);
    told('time to picture again of whose node was struck', stills);
    report.line(`  ${this.#sessionsOfNode} sessions ended with their node, and came again`);
    if (this.#undeservedMs.length > 0)
      told(
        'pictures that stood still though no node was struck',
        distributionOf(this.#undeservedMs),
      );
    for (const [kind, stillsMs] of this.#stillsOfMs) {
      if (stillsMs.length > 0) told(`picture again, ${kind}`, distributionOf(stillsMs));
    }
    for (const [kind, gapsMs] of this.#gapsMs) {
      told(`longest time without input, ${kind}`, distributionOf(gapsMs));
    }
    for (const { kind, person, code, detail } of this.#lost.slice(0, SHOWN)) {
      report.line(`  lost: ${person} (${kind}) ${code} ${detail}`);
    }
    const seconds = { unit: 's', atMost: 5 };
    report.check({ name: 'time to picture, p95', value: joins.p95 / 1000, ...seconds });
    const again = stills.n === 0 ? 0 : stills.p95 / 1000;
    report.check({ name: 'picture again after a node, p95', value: again, ...seconds });
    const rolling = this.#gapsMs.get(`${HOW.leave} of a gateway`) ?? [];
    if (rolling.length > 0) {
      const value = Math.max(...rolling) / 1000;
      report.check({ name: 'control gap in a rolling restart', value, unit: 's', atMost: 1 });
    }
    report.check({
      ...{ name: 'sessions lost whose node was well', unit: '', atMost: 0 },
      value: this.#lost.length,
    });
  }

  #add(news: CrowdReport, isOfNode: (ended: EndedSession) => boolean, isNode: boolean): void {
    this.#joinsMs.push(...news.joinsMs);
    const stills = news.outages.map(({ fromMs, toMs }) => toMs - fromMs);
    (isNode ? this.#standstillsMs : this.#undeservedMs).push(...stills);
    this.#sessionsOfNode += news.ended.filter(isOfNode).length;
    this.#lost = [...this.#lost, ...news.ended.filter((ended) => !isOfNode(ended))];
  }
}

/** `12 session-gone, 1 connection-lost` */
function countsOf(ended: readonly EndedSession[]): string {
  const counts = Map.groupBy(ended, ({ kind, code }) => `${kind} ${code}`);
  return [...counts].map(([name, all]) => `${all.length} ${name}`).join(', ');
}

function inSeconds(milliseconds: number, width = 0): string {
  const text = Number.isNaN(milliseconds) ? '-' : (milliseconds / 1000).toFixed(2);
  return text.padStart(width);
}
