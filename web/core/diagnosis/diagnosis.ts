import type { DiagnosisView } from '../../../gateway/protocol/diagnosis.ts';
import { toProblem } from '../api-client.ts';
import type { BrowserPort } from '../browser-port.ts';
import { Observable } from '../observable.ts';
import { explainProblem } from '../problem.ts';
import { judgeClock } from './clock.ts';
import type { DiagnosisApi } from './diagnosis-api.ts';
import { CHECKS, failed, leftOut, passed } from './finding.ts';
import type { Check, Finding } from './finding.ts';
import { judgeAbilities } from './media-abilities.ts';
import type { MediaAbilities } from './media-abilities.ts';
import { checkOf, pathFinding, serverFinding } from './path-findings.ts';
import { tryPath } from './path-trial.ts';
import { tryServer } from './server-trial.ts';
import { trySocket } from './socket-trial.ts';
import { judge } from './verdict.ts';
import type { Verdict } from './verdict.ts';

export interface DiagnosisParts {
  readonly port: BrowserPort;
  readonly api: DiagnosisApi;
  readonly abilities: () => Promise<MediaAbilities>;
  /** Of the gateway, e.g. `https://cast.example.org`. */
  readonly origin: string;
  readonly room: string;
  readonly source: string;
  readonly token: string;
}

export interface DiagnosisState {
  /** In the order of {@link CHECKS}; those that are not there yet are under way. */
  readonly findings: readonly Finding[];
  /** Null until all checks are done. */
  readonly verdict: Verdict | null;
}

const NOT_ASKED: DiagnosisView = {
  ...{ now: 0, node: false, mediaWebSocket: false, addresses: [], remarks: [] },
};

/** Finds out why no picture comes: tries every way between this browser and the server. */
export class Diagnosis {
  readonly state = new Observable<DiagnosisState>({ findings: [], verdict: null });
  readonly #parts: DiagnosisParts;
  #run = 0;

  constructor(parts: DiagnosisParts) {
    this.#parts = parts;
  }

  /** Does every check anew; resolves when all are done, or another run began. */
  async run(): Promise<void> {
    const run = ++this.#run;
    this.state.set({ findings: [], verdict: null });
    const note = (finding: Finding) => this.#note(run, finding);
    const isThere = await this.#askGateway(note);
    note(judgeAbilities(await this.#parts.abilities()));
    let view = NOT_ASKED;
    if (isThere && (await this.#askLink(note))) {
      await Promise.all([this.#trySocket(note), this.#tryServers(note), this.#tryPaths(note)]);
      view = await this.#parts.api.readView().catch(() => NOT_ASKED);
    }
    for (const check of CHECKS) note(leftOut(check, 'Not tried.'));
    if (run !== this.#run) return;
    const { findings } = this.state.value;
    this.state.set({ findings, verdict: judge(findings, toServerSide(view)) });
  }

  /** The first finding of each check stays. */
  #note(run: number, finding: Finding): void {
    const { findings, verdict } = this.state.value;
    if (run !== this.#run || findings.some(({ check }) => check === finding.check)) return;
    const all = [...findings, finding];
    const sorted = CHECKS.flatMap((check) => all.find((each) => each.check === check) ?? []);
    this.state.set({ findings: sorted, verdict });
  }

  async #askGateway(note: (finding: Finding) => void): Promise<boolean> {
    const begin = performance.now();
    const scheme = this.#parts.origin.startsWith('https:') ? 'HTTPS' : 'HTTP';
    try {
      const reading = await this.#parts.api.readClock();
      note(passed('gateway', `The server answers by ${scheme}.`, { tookMs: since(begin) }));
      note(judgeClock(reading));
      return true;
    } catch (cause) {
      const problem = toProblem(cause);
      note(failed('gateway', explainProblem(problem, 'watch'), { details: [problem.code] }));
      return false;
    }
  }

  async #askLink(note: (finding: Finding) => void): Promise<boolean> {
    if (this.#parts.room === '') {
      note(failed('link', 'This page was opened without a room, so little could be tried.'));
      return false;
    }
    try {
      const { node } = await this.#parts.api.readView();
      note(
        node
          ? passed('link', 'The link is good, and a media server is ready.')
          : failed('link', 'The link is good, but no media server is ready.', {
              details: ['node-unavailable'],
            }),
      );
      return node;
    } catch (cause) {
      const problem = toProblem(cause);
      note(failed('link', explainProblem(problem, 'watch'), { details: [problem.code] }));
      return false;
    }
  }

  async #trySocket(note: (finding: Finding) => void): Promise<void> {
    const { port, origin, room, token } = this.#parts;
    const begin = performance.now();
    const url = `${origin.replace(/^http/, 'ws')}/ws/control/${room}`;
    const isOpen = await trySocket(port, { url, token });
    const tookMs = since(begin);
    note(
      isOpen
        ? passed('websocket', 'WebSockets get through.', { tookMs })
        : failed('websocket', 'A WebSocket to the server does not open.', { tookMs }),
    );
  }

  /** One after the other: the gateway bears few trials of one address. */
  async #tryPaths(note: (finding: Finding) => void): Promise<void> {
    const { port, origin, room, source, token } = this.#parts;
    const url = `${origin}/api/v1/diagnosis/rooms/${room}/${source}`;
    for (const transport of ['udp', 'tcp'] as const) {
      const begin = performance.now();
      const outcome = await tryPath(port, { url, token, transport });
      note(pathFinding(transport, outcome, since(begin)));
    }
  }

  async #tryServers(note: (finding: Finding) => void): Promise<void> {
    const { port, api } = this.#parts;
    const servers = await api.readIceServers().catch(() => []);
    const all = servers.flatMap(({ urls, ...login }) => urls.map((url) => ({ url, login })));
    const checks: Extract<Check, 'stun' | 'turn-udp' | 'turn-tcp'>[] = [
      ...(['stun', 'turn-udp', 'turn-tcp'] as const),
    ];
    await Promise.all(
      checks.map(async (check) => {
        const own = all.filter(({ url }) => checkOf(url) === check);
        const outcomes = own.map(({ url, login }) => tryServer(port, url, login));
        note(serverFinding(check, await Promise.all(outcomes)));
      }),
    );
  }
}

const since = (begin: number): number => Math.round(performance.now() - begin);

const toServerSide = ({ mediaWebSocket, remarks, addresses }: DiagnosisView) => ({
  mediaWebSocket,
  remarks,
  addresses: addresses.map(({ address }) => address),
  isUnreachableFromThere:
    addresses.length > 0 && addresses.every(({ reachable }) => reachable === false),
});
