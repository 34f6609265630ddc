import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { connect } from '../../../host-publisher/x11/connect.ts';
import { ask } from '../../../host-publisher/x11/query.ts';
import { waitFor } from '../wait-for.ts';

/** An xterm whose program keeps every byte that it reads. */
export class X11Terminal {
  readonly #process: ChildProcess;
  readonly #folder: string;

  /** One that has the keys of a display without a window manager. */
  static async open(display: string): Promise<X11Terminal> {
    const terminal = new X11Terminal(display);
    await waitFor(() => terminal.#isReading, { timeoutMs: 30_000, what: 'the terminal to read' });
    const { client, screen } = await connect(display);
    const tree = await ask<{ children: readonly number[] }>((reply) =>
      client.QueryTree(screen[0]?.root ?? 0, reply),
    );
    client.SetInputFocus(tree?.children.at(-1) ?? 0, 2);
    await new Promise<void>((resolve) => client.sync(() => resolve()));
    client.close();
    return terminal;
  }

  private constructor(display: string) {
    this.#folder = mkdtempSync(join(tmpdir(), 'terminal-'));
    const [typed, ready] = ['typed', 'ready'].map((name) => join(this.#folder, name));
    const read = `stty raw -echo; touch ${ready}; exec cat > ${typed}`;
    const options = ['-u8', '-geometry', '40x10+0+0', '-e', read];
    this.#process = spawn('xterm', options, {
      env: { ...process.env, DISPLAY: display, LC_ALL: 'C.UTF-8' },
      stdio: 'ignore',
    });
  }

  /** All that was typed so far. */
  get text(): string {
    try {
      return readFileSync(join(this.#folder, 'typed'), 'utf8');
    } catch {
      return '';
    }
  }

  /** Waits for as much text as this, and holds it against this. */
  async received(text: string): Promise<void> {
    await waitFor(() => Buffer.byteLength(this.text) >= Buffer.byteLength(text), {
      what: `"${text}"; it has "${this.text}"`,
    }).catch(() => undefined);
    expect(this.text).toBe(text);
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
    rmSync(this.#folder, { recursive: true });
  }

  get #isReading(): boolean {
    try {
      readFileSync(join(this.#folder, 'ready'));
      return true;
    } catch {
      return false;
    }
  }
}
