import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CrowdReport, Person, ToCrowd } from './crowd-messages.ts';

const MAIN = fileURLToPath(new URL('crowd-main.ts', import.meta.url));

/** `EventSource` of undici says that it is experimental. */
const QUIET = { execArgv: ['--disable-warning=UNDICI-ES'] };

const NOTHING: CrowdReport = {
  ...{ joinsMs: [], outages: [], ended: [], failed: [], waiting: [] },
  ...{ watching: 0, playing: 0, late: 0, publishing: 0, sending: 0 },
};

/** Processes of viewers, and one of publishers. */
export class Crowd {
  readonly #publishers: ChildProcess;
  readonly #viewers: readonly ChildProcess[];

  constructor(processes: number) {
    this.#publishers = fork(MAIN, QUIET);
    this.#viewers = Array.from({ length: processes }, () => fork(MAIN, QUIET));
  }

  async publish(url: string, people: readonly Person[]): Promise<void> {
    await tell(this.#publishers, { type: 'publish', url, people });
  }

  /** Spreads them over the processes. */
  async watch(url: string, people: readonly Person[]): Promise<void> {
    const count = this.#viewers.length;
    await Promise.all(
      this.#viewers.map((child, at) => {
        const own = people.filter((_, index) => index % count === at);
        return tell(child, { type: 'watch', url, people: own });
      }),
    );
  }

  /** So many of all viewers leave a second, and come again. */
  async churn(perSecond: number, seed: number): Promise<void> {
    const each = perSecond / this.#viewers.length;
    await Promise.all(
      this.#viewers.map((child, at) =>
        tell(child, { type: 'churn', perSecond: each, seed: seed + at }),
      ),
    );
  }

  /** What happened since the last report, of all together. */
  async report(): Promise<CrowdReport> {
    return await this.#tellAll({ type: 'report' });
  }

  /** All leave, with a DELETE each. */
  async leave(): Promise<CrowdReport> {
    return await this.#tellAll({ type: 'leave' });
  }

  async close(): Promise<void> {
    await Promise.all(
      [this.#publishers, ...this.#viewers].map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.disconnect();
        const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
        await ended;
        clearTimeout(timer);
      }),
    );
  }

  async #tellAll(message: ToCrowd): Promise<CrowdReport> {
    const all = [this.#publishers, ...this.#viewers];
    const reports = await Promise.all(all.map((child) => tell(child, message)));
    return reports.reduce(together, NOTHING);
  }
}

async function tell(child: ChildProcess, message: ToCrowd): Promise<CrowdReport> {
  const settled = new AbortController();
  const answer = once(child, 'message', { signal: settled.signal });
  const end = once(child, 'exit', { signal: settled.signal }).then(([code, signal]) => {
    throw new Error(`a crowd ended with ${String(code ?? signal)}`);
  });
  child.send(message);
  try {
    const [report] = (await Promise.race([answer, end])) as [CrowdReport];
    return report;
  } finally {
    answer.catch(() => undefined);
    end.catch(() => undefined);
    settled.abort();
  }
}

function together(a: CrowdReport, b: CrowdReport): CrowdReport {
  return {
    joinsMs: [...a.joinsMs, ...b.joinsMs],
    outages: [...a.outages, ...b.outages],
    ended: [...a.ended, ...b.ended],
    failed: [...a.failed, ...b.failed],
    waiting: [...a.waiting, ...b.waiting],
    watching: a.watching + b.watching,
    playing: a.playing + b.playing,
    late: a.late + b.late,
    publishing: a.publishing + b.publishing,
    sending: a.sending + b.sending,
  };
}
