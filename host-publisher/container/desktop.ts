import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { HostError } from '../host-error.ts';
import { Part } from '../supervision/part.ts';
import type { ContainerSettings } from './settings.ts';

const run = promisify(execFile);
const READY_MS = 10_000;
const POLL_MS = 20;
const SINK = 'desktop';
const X11_SOCKETS = '/tmp/.X11-unix';

/** An X server, a window manager and a sound server of its own. */
export class Desktop {
  /** What programs on it inherit. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly #parts: readonly Part[];
  readonly #server: ChildProcess;

  private constructor(
    server: ChildProcess,
    parts: readonly Part[],
    environment: Desktop['environment'],
  ) {
    this.#server = server;
    this.#parts = parts;
    this.environment = environment;
  }

  /** Starts it in the wished size, below the largest that it may take later. */
  static async open(settings: ContainerSettings, folder: string): Promise<Desktop> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Xvfb makes this folder as root alone, and not all clients know its abstract socket.
    mkdirSync(X11_SOCKETS, { recursive: true, mode: 0o1777 });
    const { server, display } = await startServer(settings.largest);
    // PulseAudio has a folder "pulse" there.
    const socket = `${folder}/sound`;
    const environment = {
      ...settings.environment,
      ...{ DISPLAY: display, PULSE_SERVER: `unix:${socket}`, XDG_RUNTIME_DIR: folder },
    };
    await setSize(settings.size, environment);
    const onLine = (): void => undefined;
    const parts = [
      new Part({ command: soundServer(socket), environment, onLine }),
      new Part({ command: ['openbox', '--sm-disable'], environment, onLine }),
    ];
    const desktop = new Desktop(server, parts, environment);
    try {
      await Promise.race([listening(socket), desktop.ended]);
    } catch (error) {
      await desktop.close();
      throw error;
    }
    return desktop;
  }

  /** Fails when a part of it ends. */
  get ended(): Promise<never> {
    const ends = [once(this.#server, 'exit'), ...this.#parts.map(({ ended }) => ended)];
    return Promise.race(ends).then(() => {
      throw new HostError('media', 'The desktop’s X or sound server ended.');
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#parts.map((part) => part.stop()));
    if (this.#server.exitCode !== null || this.#server.signalCode !== null) return;
    const ended = once(this.#server, 'exit');
    this.#server.kill();
    await ended;
  }
}

/** Xvfb takes any mode later, but none larger than its first screen. */
async function startServer(largest: ContainerSettings['largest']) {
  const screen = `${largest.width}x${largest.height}x24`;
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', screen, '-nolisten', 'tcp', '-noreset'],
    { detached: true, stdio: ['ignore', 'ignore', 'inherit', 'pipe'] },
  );
  const pipe = server.stdio[3];
  if (pipe == null) throw new HostError('media', 'Xvfb has no pipe.');
  const ended = once(server, 'exit').then(() => {
    throw new HostError('media', 'Xvfb ended at its start.');
  });
  const [number] = (await Promise.race([once(pipe, 'data'), ended])) as [Buffer];
  ended.catch(() => undefined);
  return { server, display: `:${number.toString().trim()}` };
}

async function setSize(
  { width, height }: ContainerSettings['size'],
  environment: Desktop['environment'],
): Promise<void> {
  const mode = `${width}x${height}`;
  const options = { env: environment };
  // Xvfb has no pixel clock: the timings need only add up.
  const across = [width, width, width, width].map(String);
  const down = [height, height, height, height].map(String);
  const { stdout } = await run('xrandr', ['--query'], options);
  if (!new RegExp(`^ +${mode} `, 'm').test(stdout)) {
    await run('xrandr', ['--newmode', mode, '60', ...across, ...down], options);
    await run('xrandr', ['--addmode', 'screen', mode], options);
  }
  await run('xrandr', ['--output', 'screen', '--mode', mode], options);
}

function soundServer(socket: string): readonly [string, ...string[]] {
  const modules = [
    `module-native-protocol-unix socket=${socket} auth-anonymous=1`,
    `module-null-sink sink_name=${SINK} rate=48000 channels=2`,
  ];
  return [
    'pulseaudio',
    ...['-n', '--daemonize=no', '--exit-idle-time=-1', '--disallow-exit'],
    // It complains ten times that a container has no system bus.
    '--log-target=null',
    ...modules.flatMap((module) => ['-L', module]),
  ];
}

async function listening(socket: string): Promise<void> {
  const deadline = performance.now() + READY_MS;
  while (!(await accepts(socket))) {
    if (performance.now() > deadline) {
      throw new HostError('media', 'PulseAudio does not answer.');
    }
    await delay(POLL_MS);
  }
}

async function accepts(socket: string): Promise<boolean> {
  const connection = connect(socket);
  try {
    await once(connection, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    connection.destroy();
  }
}
