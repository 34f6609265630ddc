import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../wait-for.ts';
import { BACKEND_NAME, PortalBackend } from './portal-backend.ts';

const PORTAL = '/usr/libexec/xdg-desktop-portal';
const NODE = 'stage-screen';

/** What is missing to open one; null: nothing. */
export function missingForPortalDesktop(): string | null {
  const lacks = ['dbus-daemon', 'pipewire', 'wireplumber', 'pw-dump'].filter(
    (command) => spawnSync('which', [command]).status !== 0,
  );
  if (!existsSync(PORTAL)) lacks.push('xdg-desktop-portal');
  if (spawnSync('gst-inspect-1.0', ['pipewiresrc']).status !== 0) {
    lacks.push('gstreamer1.0-pipewire');
  }
  return lacks.length === 0 ? null : lacks.join(', ');
}

/**
 * A session bus with PipeWire, WirePlumber and xdg-desktop-portal; the desktop behind the portal
 * is the test's, and its screen a test picture.
 */
export class PortalDesktop {
  readonly backend: PortalBackend;
  readonly env: Readonly<Record<string, string>>;
  /** Address of a bus without a portal. */
  readonly emptyBus: string;
  readonly #processes: readonly ChildProcess[];
  readonly #folder: string;

  private constructor(
    backend: PortalBackend,
    env: Readonly<Record<string, string>>,
    processes: readonly ChildProcess[],
  ) {
    this.backend = backend;
    this.env = env;
    this.#processes = processes;
    this.#folder = env['XDG_RUNTIME_DIR'] ?? '';
    this.emptyBus = `unix:path=${join(this.#folder, 'empty-bus')}`;
  }

  static async open(): Promise<PortalDesktop> {
    const folder = mkdtempSync(join(tmpdir(), 'pixelcast-portal-'));
    const portals = join(folder, 'portals');
    mkdirSync(portals);
    writeFileSync(
      join(portals, 'stage.portal'),
      `[portal]\nDBusName=${BACKEND_NAME}\nInterfaces=org.freedesktop.impl.portal.ScreenCast\nUseIn=stage\n`,
    );
    const address = `unix:path=${join(folder, 'bus')}`;
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      XDG_RUNTIME_DIR: folder,
      XDG_STATE_HOME: join(folder, 'state'),
      XDG_CURRENT_DESKTOP: 'stage',
      XDG_SESSION_TYPE: 'wayland',
      XDG_DESKTOP_PORTAL_DIR: portals,
      DBUS_SESSION_BUS_ADDRESS: address,
    };
    const processes: ChildProcess[] = [];
    const start = (command: string, ...argv: string[]): void => {
      const started = spawn(command, argv, { env, stdio: 'ignore' });
      started.once('error', () => undefined);
      processes.unshift(started);
    };
    const emptyBus = `unix:path=${join(folder, 'empty-bus')}`;
    const noServices = join(folder, 'bus.conf');
    writeFileSync(
      noServices,
      `<busconfig><type>session</type><listen>${emptyBus}</listen><policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
    );
    start('dbus-daemon', '--session', '--nofork', `--address=${address}`);
    start('dbus-daemon', `--config-file=${noServices}`, '--nofork');
    start('pipewire');
    const [bus, pipewire] = [join(folder, 'bus'), join(folder, 'pipewire-0')];
    await waitFor(() => [bus, pipewire, join(folder, 'empty-bus')].every(existsSync), {
      what: 'both buses and PipeWire',
    });
    start('wireplumber');
    const screen = `videotestsrc is-live=true pattern=white ! video/x-raw,format=BGRx,width=320,height=240,framerate=1/1 ! pipewiresink mode=provide stream-properties=p,media.class=Video/Source,node.name=${NODE}`;
    start('gst-launch-1.0', ...screen.split(' '));
    const node = await waitFor(() => nodeOf(env), { what: 'the screen', timeoutMs: 10_000 });
    const backend = await PortalBackend.open(address, node);
    start(PORTAL);
    await waitFor(() => hasPortal(env), { what: 'the portal', timeoutMs: 10_000 });
    return new PortalDesktop(backend, env, processes);
  }

  async close(): Promise<void> {
    await this.backend.close();
    for (const process of this.#processes) {
      if (process.exitCode !== null || process.signalCode !== null) continue;
      const ended = once(process, 'exit');
      process.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

type Env = Readonly<Record<string, string>>;

function nodeOf(env: Env): number | undefined {
  const { stdout } = spawnSync('pw-dump', { env, encoding: 'utf8' });
  try {
    const objects = JSON.parse(stdout) as {
      id: number;
      info?: { props?: Record<string, unknown> };
    }[];
    return objects.find(({ info }) => info?.props?.['node.name'] === NODE)?.id;
  } catch {
    return undefined;
  }
}

function hasPortal(env: Env): boolean {
  const ask = ['call', '--session', '--dest', 'org.freedesktop.DBus', '--object-path', '/'];
  const method = [
    '--method',
    'org.freedesktop.DBus.NameHasOwner',
    'org.freedesktop.portal.Desktop',
  ];
  return spawnSync('gdbus', [...ask, ...method], { env, encoding: 'utf8' }).stdout.includes('true');
}
