import { GatewayError } from '../../errors.ts';
import { LIMITS } from '../../limits/limits.ts';
import type { HostRan, HostRun } from '../../protocol/screen.ts';
import type { Host } from '../hosts/host.ts';
import type { SourcePlace } from '../hosts/source-place.ts';
import type { InputControl } from './input-control.ts';
import type { InputObserver } from './input-observer.ts';
import type { InputViewer } from './input-viewer.ts';

interface RelayParts {
  readonly place: SourcePlace;
  readonly control: InputControl;
  readonly observer: InputObserver;
}

type Outcome = Pick<HostRan, 'ok' | 'sentence'>;

/** Commands that the holder of the keyboard runs on the host, of those that it allows. */
export class CommandRelay {
  readonly #parts: RelayParts;
  #ranAt = -Infinity;

  constructor(parts: RelayParts) {
    this.#parts = parts;
  }

  async run(viewer: InputViewer, { id, command }: HostRun, host: Host | null): Promise<void> {
    const { place, control, observer } = this.#parts;
    const isHolder = control.holderOf('keyboard') === viewer;
    const outcome = isHolder ? await this.#ask(command, host) : NOT_HOLDER;
    viewer.send({ type: 'host/ran', id, ...outcome });
    observer.ran({ place, by: viewer.grant.subject, command, ok: outcome.ok });
  }

  async #ask(command: string, host: Host | null): Promise<Outcome> {
    if (host?.capabilities.commands.includes(command) !== true) return UNKNOWN;
    const now = performance.now();
    if (now - this.#ranAt < LIMITS.commandIntervalMs) return TOO_SOON;
    this.#ranAt = now;
    try {
      return { ok: true, sentence: await host.run(command) };
    } catch (error) {
      if (error instanceof GatewayError) return refused(error.message);
      throw error;
    }
  }
}

const refused = (sentence: string): Outcome => ({ ok: false, sentence });
const NOT_HOLDER = refused('Only whoever controls the keyboard runs commands.');
const UNKNOWN = refused('The host knows no such command.');
const TOO_SOON = refused('One command a second. Wait a moment.');
