import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../wait-for.ts';

/** A PulseAudio of its own without a sound card; what is played there goes to a null sink. */
export class PulseServer {
  readonly #server: ChildProcess;
  readonly #folder: string;
  readonly #players: ChildProcess[] = [];

  private constructor(server: ChildProcess, folder: string) {
    this.#server = server;
    this.#folder = folder;
  }

  static async open(): Promise<PulseServer> {
    const folder = mkdtempSync(join(tmpdir(), 'pixelcast-pulse-'));
    const socket = join(folder, 'native');
    const modules = [
      `module-native-protocol-unix socket=${socket} auth-anonymous=1`,
      'module-null-sink sink_name=game rate=48000 channels=2',
    ];
    const options = ['-n', '--daemonize=no', '--use-pid-file=no', '--exit-idle-time=-1'];
    const server = spawn(
      'pulseaudio',
      [...options, '--disallow-exit', ...modules.flatMap((module) => ['-L', module])],
      { env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder }, stdio: 'ignore' },
    );
    server.once('error', () => undefined);
    const pulse = new PulseServer(server, folder);
    await waitFor(() => existsSync(socket), { what: 'the socket of PulseAudio' });
    return pulse;
  }

  /** For PULSE_SERVER. */
  get address(): string {
    return `unix:${join(this.#folder, 'native')}`;
  }

  /** Plays a tone to the null sink until it is closed. */
  play(hz: number): void {
    const tone = `audiotestsrc is-live=true freq=${hz} volume=0.3 ! audioconvert ! pulsesink device=game`;
    const env = { ...process.env, PULSE_SERVER: this.address };
    this.#players.push(spawn('gst-launch-1.0', tone.split(' '), { env, stdio: 'ignore' }));
  }

  async close(): Promise<void> {
    for (const process of [...this.#players, this.#server]) {
      if (process.exitCode !== null || process.signalCode !== null) continue;
      const ended = once(process, 'exit');
      process.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
