import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tokens } from '../../../gateway/auth/tokens.ts';
import { hmacKey } from '../../../gateway/auth/keys.ts';
import type { TokenClaims } from '../../../gateway/protocol/grant.ts';
import { waitFor } from '../wait-for.ts';
import { ClusterSurroundings } from './cluster-surroundings.ts';

const MAIN = fileURLToPath(new URL('../../../gateway/main.ts', import.meta.url));
const JWT_SECRET = 'a-secret-for-tests-of-32-characters';

/** The gateway as users start it: a process, on the embedded engine or on `SRS_NODES`. */
export class GatewayProcess {
  url: string;
  #child: ChildProcess;
  readonly #settings: Readonly<Record<string, string>>;
  readonly #dataDir: string;
  readonly #output: string[];
  /** What it stands among, where suites run against several. */
  #cluster: { readonly around: ClusterSurroundings; readonly others: GatewayProcess[] } | null =
    null;
  readonly #tokens = new Tokens(hmacKey(JWT_SECRET));

  private constructor(parts: {
    url: string;
    child: ChildProcess;
    settings: Readonly<Record<string, string>>;
    dataDir: string;
    output: string[];
  }) {
    this.url = parts.url;
    this.#child = parts.child;
    this.#settings = parts.settings;
    this.#dataDir = parts.dataDir;
    this.#output = parts.output;
  }

  /**
   * Starts it and waits until it says that it is ready. With `SRS_NODES` in the environment it
   * listens on `E2E_PORT` (8085), where the nodes' hooks must point with `HOOK_SECRET`. With
   * `GATEWAYS` above 1 it is the first of so many, and its URL that of a balancer before them.
   */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> {
    return await GatewayProcess.startSeveral(ClusterSurroundings.wanted, settings);
  }

  /** So many of them on one Redis and two engines; the URL of the first is that of a balancer. */
  static async startSeveral(
    count: number,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<GatewayProcess> {
    if (count < 2) return await GatewayProcess.#startOne(settings);
    const around = await ClusterSurroundings.start(count, { ...realNodes(), ...settings });
    const started: GatewayProcess[] = [];
    try {
      for (const each of around.settings) started.push(await GatewayProcess.#startOne(each));
    } catch (error) {
      await Promise.all(started.map((gateway) => gateway.close()));
      await around.close();
      throw error;
    }
    const [first, ...others] = started;
    if (first === undefined) throw new Error('no gateway');
    first.#cluster = { around, others };
    first.url = around.balancer.url;
    return first;
  }

  static async #startOne(settings: Readonly<Record<string, string>>): Promise<GatewayProcess> {
    const dataDir = mkdtempSync(join(tmpdir(), 'pixelcast-e2e-'));
    const output: string[] = [];
    const { child, url } = await GatewayProcess.#spawn(settings, dataDir, output);
    return new GatewayProcess({ url, child, settings, dataDir, output });
  }

  static async #spawn(
    settings: Readonly<Record<string, string>>,
    dataDir: string,
    output: string[],
  ): Promise<{ child: ChildProcess; url: string }> {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        DATA_DIR: dataDir,
        JWT_SECRET,
        PORT: '0',
        MEDIA_PORT: '0',
        MEDIA_CANDIDATE: '127.0.0.1',
        RATE_LIMIT_PER_MINUTE: '100000',
        FAILED_LOGINS_PER_MINUTE: '100000',
        SUBJECT_PUBLISHES_PER_MINUTE: '100000',
        MAX_HALF_OPEN_PUBLISHES: '1000',
        LOG_FORMAT: 'json',
        ...realNodes(),
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const before = output.length;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
    }
    try {
      const url = await waitFor(
        () => {
          if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
          return /PixelCast is ready at (\S+)/.exec(output.slice(before).join(''))?.[1];
        },
        { timeoutMs: 45_000, what: 'the gateway to be ready' },
      );
      return { child, url };
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(`the gateway did not start:\n${output.join('')}`, { cause: error });
    }
  }

  /** Whether real SRS nodes are used instead of the embedded engine. */
  static get usesRealNodes(): boolean {
    return Object.keys(realNodes()).length > 0;
  }

  /** Why nothing can be done to an engine of the gateway's own here; null where it has one. */
  static get whyNoOwnEngine(): string | null {
    if (GatewayProcess.usesRealNodes) return 'SRS_NODES is set: their processes are not ours';
    if (ClusterSurroundings.wanted > 1) return 'GATEWAYS is set: no engine is a gateway’s own';
    return null;
  }

  /** It and those beside it. */
  get all(): readonly GatewayProcess[] {
    return [this, ...(this.#cluster?.others ?? [])];
  }

  /** Where it listens itself. */
  get ownUrl(): string {
    return this.#cluster?.around.settings[0]?.['CLUSTER_URL'] ?? this.url;
  }

  /** Kills it with SIGKILL; `close` is still to be called. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  /** Kills it and those beside it, and starts them anew with their data: at `PORT`, if that was told. */
  async startAnew(): Promise<void> {
    await Promise.all(this.all.map((gateway) => gateway.kill()));
    for (const gateway of this.all) {
      const { child, url } = await GatewayProcess.#spawn(
        gateway.#settings,
        gateway.#dataDir,
        gateway.#output,
      );
      gateway.#child = child;
      if (this.#cluster === null) gateway.url = url;
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it printed so far. */
  get output(): string {
    return this.#output.join('');
  }

  /** A token; one hour unless `exp` (epoch seconds) is given. */
  token(claims: Omit<TokenClaims, 'exp' | 'room'> & { room: string; exp?: number }): string {
    const exp = claims.exp ?? Math.floor(Date.now() / 1000) + 3600;
    return this.#tokens.mint({ ...claims, exp } as TokenClaims);
  }

  /** A call of the API as an admin, at any of them; resolves with the parsed body, null when there is none. */
  async api(method: string, path: string, url = this.url): Promise<unknown> {
    const token = this.token({ sub: 'test-admin', room: '*', can: ['admin'] });
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  /** The process of the embedded engine that carries the media: the youngest of the family. */
  enginePid(): number {
    const supervisor = childrenOf(this.pid)[0];
    const engine = supervisor === undefined ? undefined : childrenOf(supervisor)[0];
    if (engine === undefined) throw new Error('no engine process');
    return engine;
  }

  /** Stops it by SIGTERM and removes its data; resolves with its exit code. */
  async close(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await ended;
    }
    for (const other of this.#cluster?.others ?? []) await other.close();
    await this.#cluster?.around.close();
    rmSync(this.#dataDir, { recursive: true, force: true });
    return this.#child.exitCode;
  }
}

function realNodes(): Record<string, string> {
  const { SRS_NODES = '', E2E_PORT = '8085', HOOK_SECRET = '' } = process.env;
  return SRS_NODES === '' ? {} : { SRS_NODES, HOOK_SECRET, PORT: E2E_PORT };
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
