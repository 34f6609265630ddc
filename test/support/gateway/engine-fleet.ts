import { EngineProcess } from '../contract/engine-process.ts';
import { SrsProcess } from '../contract/srs-process.ts';
import { freeTcpPort } from '../net/free-port.ts';

const HOOK_SECRET = 'a hook secret for tests';

/** A media server in a process of its own. */
export type NodeProcess = Pick<EngineProcess | SrsProcess, 'supervisor'> & {
  readonly current: { readonly apiUrl: string; readonly pid: number };
  stop(): Promise<unknown>;
};

/** Where engines take media, and write what they record. */
export interface EnginePlace {
  readonly bind?: string | undefined;
  readonly dvrFolder?: string | undefined;
}

/**
 * Several media servers of one gateway, each a node like any other: embedded engines, or real SRS where
 * `SRS_PROGRAM` says where that is.
 */
export class EngineFleet {
  /** What the gateway must be started with. */
  readonly settings: Readonly<Record<string, string>>;
  readonly engines: readonly NodeProcess[];

  private constructor(engines: readonly NodeProcess[], settings: Record<string, string>) {
    this.engines = engines;
    this.settings = settings;
  }

  /**
   * `port`: where the gateway listens, to which their hooks go; a free one unless told. Engines take
   * media at `bind`, loopback unless told, and write what they are told to record into `dvrFolder`.
   */
  static async start(count: number, port?: string, at: EnginePlace = {}): Promise<EngineFleet> {
    return await EngineFleet.#startAt(count, port ?? String(await freeTcpPort()), at);
  }

  static async #startAt(
    count: number,
    port: string,
    { bind = '127.0.0.1', dvrFolder }: EnginePlace,
  ): Promise<EngineFleet> {
    const hooks = `http://127.0.0.1:${port}/api/srs?secret=${encodeURIComponent(HOOK_SECRET)}`;
    const { SRS_PROGRAM: program } = process.env;
    const dvr: Record<string, string> =
      dvrFolder === undefined
        ? {}
        : {
            ENGINE_DVR_PATH: `${dvrFolder}/[app]/[stream].[timestamp].mp4`,
            ENGINE_DVR_APPLY: 'none',
          };
    const engines = await Promise.all(
      Array.from({ length: count }, (): Promise<NodeProcess> =>
        program === undefined
          ? EngineProcess.start({ ENGINE_HOOKS_URL: hooks, MEDIA_BIND: bind, ...dvr })
          : SrsProcess.start(program, hooks),
      ),
    );
    return new EngineFleet(engines, {
      ...{ PORT: port, HOOK_SECRET },
      ...(dvrFolder === undefined ? {} : { SRS_DVR_DIR: dvrFolder }),
      SRS_NODES: engines.map(({ current }) => current.apiUrl).join(','),
    });
  }

  /** The engine of a node's name. */
  named(node: string): NodeProcess {
    const engine = this.engines.find(({ current }) => new URL(current.apiUrl).host === node);
    if (engine === undefined) throw new Error(`no engine is called ${node}`);
    return engine;
  }

  /** Nothing of it runs any more, and nobody starts it anew. */
  static kill({ supervisor, current }: NodeProcess): void {
    supervisor.kill('SIGKILL');
    signal(current.pid, 'SIGKILL');
  }

  /** It takes connections and answers nothing, and nobody notices beside it. */
  static freeze({ supervisor, current }: NodeProcess): void {
    supervisor.kill('SIGSTOP');
    signal(current.pid, 'SIGSTOP');
  }

  static thaw({ supervisor, current }: NodeProcess): void {
    signal(current.pid, 'SIGCONT');
    supervisor.kill('SIGCONT');
  }

  async close(): Promise<void> {
    for (const engine of this.engines) EngineFleet.thaw(engine);
    await Promise.all(this.engines.map((engine) => engine.stop()));
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it is gone
  }
}
