import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import type { Logger } from '../observability/logger.ts';

/** What the supervised server says over the process channel. */
const LocalMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), apiUrl: z.url(), mediaPort: z.number().int() }),
  z.object({ type: z.literal('down'), reason: z.string() }),
]);

/** Time from SIGTERM to SIGKILL. */
const STOP_GRACE_MS = 3_000;

export interface LocalNodeOptions {
  /** The program: a server of SRS's contract that supervises itself. */
  readonly script: string;
  /** Its settings, as environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: Logger;
  /** It serves at this URL; again after each restart, always at the same one. */
  readonly onReady: (apiUrl: string) => void;
}

/** The media server that runs beside the gateway when no node is configured. */
export class LocalNode {
  readonly #options: LocalNodeOptions;
  #child: ChildProcess | undefined;
  #stopping = false;

  constructor(options: LocalNodeOptions) {
    this.#options = options;
  }

  /** Resolves when it serves. @throws Error when it ends before: what it printed says why. */
  async start(): Promise<void> {
    const child = fork(this.#options.script, [], {
      env: { ...this.#options.environment },
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    child.on('message', (message) => {
      if (this.#hear(message)) resolve(undefined);
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      reject(
        new Error(`the embedded engine ended with code ${code ?? 'none'}; see its lines above`),
      );
      if (!this.#stopping) this.#options.log.error({ code }, 'the embedded engine ended for good');
    });
    await promise;
  }

  async close(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
    await ended;
    clearTimeout(timer);
  }

  /** True when it said that it serves. */
  #hear(message: unknown): boolean {
    const parsed = LocalMessage.safeParse(message);
    if (!parsed.success) return false;
    if (parsed.data.type === 'down') {
      this.#options.log.warn({ reason: parsed.data.reason }, 'the embedded engine went down');
      return false;
    }
    this.#options.onReady(parsed.data.apiUrl);
    return true;
  }
}
