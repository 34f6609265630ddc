import { spawn } from 'node:child_process';
import type { HostRan, HostRun } from '../../gateway/protocol/screen.ts';
import type { Environment } from '../config/settings.ts';
import type { AllowedCommand, AllowedCommands } from './allowed-commands.ts';

/** At the same time, of all names. */
const MOST_RUNNING = 4;
/** Settings of the host, secrets among them. */
const OWN_SETTING = /^CS_/;

export interface CommandDeskParts {
  readonly commands: AllowedCommands;
  /** What programs inherit, without the host's own settings. */
  readonly environment: Environment;
  readonly send: (message: HostRan) => void;
}

/** Runs what its list allows for whoever controls the keyboard; what a program prints goes nowhere. */
export class CommandDesk {
  readonly #parts: CommandDeskParts;
  readonly #environment: Record<string, string | undefined>;
  readonly #running = new Map<string, () => void>();
  #isHeld = false;

  constructor(parts: CommandDeskParts) {
    this.#parts = parts;
    this.#environment = Object.fromEntries(
      Object.entries(parts.environment).filter(([name]) => !OWN_SETTING.test(name)),
    );
  }

  get names(): string[] {
    return [...this.#parts.commands.keys()];
  }

  /** Whether somebody controls the keyboard. */
  held(isHeld: boolean): void {
    this.#isHeld = isHeld;
  }

  run({ id, command: name }: HostRun): void {
    const command = this.#parts.commands.get(name);
    const refusal =
      command === undefined
        ? 'This host allows no such command.'
        : !this.#isHeld
          ? 'Nobody controls the keyboard.'
          : this.#running.has(name)
            ? `${name} is still running.`
            : this.#running.size >= MOST_RUNNING
              ? 'Too many commands are running.'
              : null;
    if (command === undefined || refusal !== null) this.#tell(id, false, refusal ?? '');
    else this.#start(id, name, command);
  }

  close(): void {
    for (const end of this.#running.values()) end();
  }

  #start(id: string, name: string, { argv, cwd, seconds }: AllowedCommand): void {
    const [program, ...values] = argv;
    const child = spawn(program, values, {
      ...(cwd === undefined ? {} : { cwd }),
      env: this.#environment,
      stdio: 'ignore',
      // A group of its own: what it started ends with it.
      detached: true,
    });
    let isLate = false;
    const end = (): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    };
    const timer = setTimeout(() => {
      isLate = true;
      end();
    }, seconds * 1000);
    const over = (ok: boolean, sentence: string): void => {
      if (!this.#running.delete(name)) return;
      clearTimeout(timer);
      this.#tell(id, ok, sentence);
    };
    this.#running.set(name, end);
    child.once('error', () => over(false, `${name} cannot be started.`));
    child.once('exit', (code) => {
      if (isLate) over(false, `${name} took longer than ${seconds} s and was ended.`);
      else over(code === 0, code === 0 ? `${name} is done.` : `${name} failed.`);
    });
  }

  #tell(id: string, ok: boolean, sentence: string): void {
    this.#parts.send({ type: 'host/ran', id, ok, sentence });
  }
}
