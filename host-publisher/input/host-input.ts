import type { ControlLeases, Device } from '../../gateway/protocol/control.ts';
import { DEVICES } from '../../gateway/protocol/control-terms.ts';
import type { InputApplied, InputFrame } from '../../gateway/protocol/input.ts';
import { AppliedReport } from './applied-report.ts';
import { HeldInput } from './held-input.ts';
import { deviceOf, type Injection } from './injection.ts';
import type { Injector } from './injector.ts';

/** A sender that died is noticed this much later than `SILENCE_MS` at most. */
const CHECK_MS = 50;

export interface HostInputOptions {
  /** The first one that has a device gets its acts. */
  readonly injectors: readonly Injector[];
  readonly send: (message: InputApplied) => void;
  /** A marked frame was applied: the next picture that is captured shows it. */
  readonly onMark: (mark: number) => void;
}

/** Input from the gateway until it is injected; lets go of everything that nobody holds any more. */
export class HostInput {
  readonly #options: HostInputOptions;
  readonly #held = new HeldInput();
  readonly #applied: AppliedReport;
  #watch: NodeJS.Timeout | undefined;

  constructor(options: HostInputOptions) {
    this.#options = options;
    this.#applied = new AppliedReport(options.send);
  }

  /** Resolves when `devices` is known. */
  async ready(): Promise<void> {
    await Promise.all(this.#options.injectors.map(({ ready }) => ready));
  }

  /** What of this machine can be controlled. */
  get devices(): Device[] {
    return DEVICES.filter((device) => this.#injectorOf(device) !== undefined);
  }

  lease({ leases }: ControlLeases): void {
    const acts = this.#held.lease(leases);
    this.#inject(acts);
    const { leased } = this.#held;
    for (const injector of this.#options.injectors) injector.held?.(leased);
  }

  /**
   * A frame that a client's data channel brings; it comes by the gateway as well. One that leaves out
   * events which are still on their way there is left to the gateway too.
   */
  takeDirect(frame: InputFrame): void {
    const { held, epoch, eventsBefore } = frame;
    if (held === undefined || eventsBefore <= this.#held.eventsOf(epoch)) this.take(frame);
  }

  take(frame: InputFrame): void {
    const arrivedAtMs = performance.now();
    const acts = this.#held.take(frame, arrivedAtMs);
    if (acts === null) return;
    const { epoch, sequence, at, mark } = frame;
    const events = this.#held.eventsOf(epoch);
    this.#inject(acts, () => {
      const tookUs = Math.round((performance.now() - arrivedAtMs) * 1000);
      this.#applied.tell({ type: 'input/applied', epoch, sequence, at, events, tookUs });
      if (mark !== undefined) this.#options.onMark(mark);
    });
    if (this.#held.isHolding) this.#listen();
  }

  /** The gateway is gone: nobody controls this machine. */
  disconnected(): void {
    this.#inject(this.#held.disconnect());
    for (const injector of this.#options.injectors) injector.held?.([]);
  }

  /** A publication has begun, or has ended. */
  live(isLive: boolean): void {
    for (const injector of this.#options.injectors) injector.live?.(isLive);
  }

  /** The machine has nothing down any more, as a display that was started anew. */
  forget(): void {
    this.#held.forget();
  }

  async close(): Promise<void> {
    this.disconnected();
    clearInterval(this.#watch);
    this.#applied.close();
    await Promise.all(this.#options.injectors.map((injector) => injector.close()));
  }

  #listen(): void {
    this.#watch ??= setInterval(() => {
      this.#inject(this.#held.check(performance.now()));
      if (this.#held.isHolding) return;
      clearInterval(this.#watch);
      this.#watch = undefined;
    }, CHECK_MS);
  }

  #inject(acts: readonly Injection[], done: () => void = () => undefined): void {
    const shares = this.#options.injectors
      .map((injector) => ({
        injector,
        share: acts.filter((act) => this.#injectorOf(deviceOf(act)) === injector),
      }))
      .filter(({ share }) => share.length > 0);
    let open = shares.length;
    if (open === 0) done();
    const finish = (): void => {
      open -= 1;
      if (open === 0) done();
    };
    for (const { injector, share } of shares) injector.inject(share, finish);
  }

  #injectorOf(device: Device): Injector | undefined {
    return this.#options.injectors.find(({ devices }) => devices.includes(device));
  }
}
