import { randomBytes } from 'node:crypto';
import { GatewayError } from '../../errors.ts';
import { LIMITS } from '../../limits/limits.ts';
import type { HostCommand, Tuning } from '../../protocol/host.ts';

interface Pending {
  readonly resolve: (detail: string) => void;
  readonly reject: (error: GatewayError) => void;
  readonly timer: NodeJS.Timeout;
}

/** Commands that a host has not answered yet. */
export class HostCommands {
  readonly #send: (command: HostCommand) => void;
  readonly #pending = new Map<string, Pending>();

  constructor(send: (command: HostCommand) => void) {
    this.#send = send;
  }

  /** Resolves when the host has taken it. @throws GatewayError */
  async tune(tuning: Tuning): Promise<void> {
    await this.#ask((id) => ({ type: 'media/tune', id, tuning }));
  }

  /** Runs a command of the host; resolves with what it says of it. @throws GatewayError */
  run(command: string): Promise<string> {
    return this.#ask((id) => ({ type: 'host/run', id, command }));
  }

  /** An answer; one that comes late is nobody's. */
  settle({
    id,
    ok,
    detail,
  }: {
    readonly id: string;
    readonly ok: boolean;
    readonly detail: string;
  }) {
    const pending = this.#take(id);
    if (ok) pending?.resolve(detail);
    else pending?.reject(refused(detail));
  }

  /** Nobody will answer any more. */
  close(): void {
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(away());
  }

  async #ask(commandOf: (id: string) => HostCommand): Promise<string> {
    if (this.#pending.size >= LIMITS.commandsPerHost) throw tooMany();
    const id = randomBytes(8).toString('hex');
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const timer = setTimeout(() => this.#take(id)?.reject(silent()), LIMITS.commandMs);
    this.#pending.set(id, { resolve, reject, timer });
    this.#send(commandOf(id));
    return await promise;
  }

  #take(id: string): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) return undefined;
    clearTimeout(pending.timer);
    this.#pending.delete(id);
    return pending;
  }
}

const tooMany = (): GatewayError =>
  new GatewayError('rate-limited', 'The host has not answered earlier commands. Slow down.', {
    retryAfterSeconds: LIMITS.commandMs / 1000,
  });

const silent = (): GatewayError =>
  new GatewayError('host-silent', 'The host did not answer in time. It may still do it.');

const away = (): GatewayError =>
  new GatewayError('host-away', 'The host went away before it answered.', {
    retryAfterSeconds: 2,
  });

const refused = (detail: string): GatewayError =>
  new GatewayError('host-refused', detail === '' ? 'The host refused.' : detail);
