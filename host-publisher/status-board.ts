import { isDeepStrictEqual } from 'node:util';
import { FREE } from './adaptation/tuning.ts';
import type { HostStatus } from '../gateway/protocol/host.ts';

const NOTHING: HostStatus = {
  state: 'idle',
  encoder: null,
  codec: null,
  publisher: null,
  picture: null,
  fixed: FREE,
  message: null,
};

/** What this host does now; whoever asked is told each change. */
export class StatusBoard {
  readonly #onChange: (status: HostStatus) => void;
  #status: HostStatus;

  /** `first`: what is so before anything has changed. */
  constructor(first: Partial<HostStatus>, onChange: (status: HostStatus) => void) {
    this.#status = { ...NOTHING, ...first };
    this.#onChange = onChange;
  }

  get status(): HostStatus {
    return this.#status;
  }

  set(change: Partial<HostStatus>): void {
    const next = { ...this.#status, ...change };
    if (isDeepStrictEqual(next, this.#status)) return;
    this.#status = next;
    this.#onChange(next);
  }
}
