import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freeTcpPort, freeUdpPort } from '../net/free-port.ts';
import { waitFor } from '../wait-for.ts';

const EVENTS = ['publish', 'unpublish', 'play', 'stop'];

/** A real SRS on this machine, by the path of its program, which lies in `objs` of its folder. */
export class SrsProcess {
  readonly supervisor: ChildProcess;
  readonly current: { readonly apiUrl: string; readonly pid: number };
  readonly #folder: string;

  private constructor(supervisor: ChildProcess, apiUrl: string, folder: string) {
    this.supervisor = supervisor;
    this.current = { apiUrl, pid: supervisor.pid ?? 0 };
    this.#folder = folder;
  }

  /** Its ports are free ones; its API has no password. `hooks` has its secret in the query. */
  static async start(program: string, hooks: string): Promise<SrsProcess> {
    const [api, rtmp, media] = [await freeTcpPort(), await freeTcpPort(), await freeUdpPort()];
    const folder = mkdtempSync(join(tmpdir(), 'pixelcast-srs-'));
    const file = join(folder, 'srs.conf');
    const [url = '', secret = ''] = hooks.split('?');
    writeFileSync(
      file,
      `listen 127.0.0.1:${rtmp}; max_connections 1000; daemon off; srs_log_tank console;
srs_log_level_v2 error; query_latest_version off; pid ${join(folder, 'srs.pid')};
heartbeat { enabled off; } stats { network 0; } http_server { enabled off; }
http_api { enabled on; listen 127.0.0.1:${api}; }
rtc_server { enabled on; listen ${media}; candidate 127.0.0.1; api_as_candidates off; }
vhost __defaultVhost__ {
  rtc { enabled on; nack on; twcc on; rtc_to_rtmp off; rtmp_to_rtc off; }
  http_hooks { enabled on; ${EVENTS.map((event) => `on_${event} ${url}/${event}?${secret};`).join(' ')} }
}
`,
    );
    const options = { cwd: dirname(dirname(program)), stdio: 'ignore' } as const;
    const apiUrl = `http://127.0.0.1:${api}`;
    const srs = new SrsProcess(spawn(program, ['-c', file], options), apiUrl, folder);
    await waitFor(
      () =>
        fetch(`${apiUrl}/api/v1/versions`).then(
          ({ ok }) => ok,
          () => false,
        ),
      { timeoutMs: 15_000, what: 'SRS to answer' },
    );
    return srs;
  }

  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.supervisor;
    if (exitCode === null && signalCode === null) {
      const exited = once(this.supervisor, 'exit');
      this.supervisor.kill('SIGKILL');
      await exited;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
