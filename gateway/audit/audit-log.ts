import type { Service } from '../lifecycle.ts';
import type { AuditStream } from '../observability/audit-stream.ts';
import type { Refusal } from './refusal.ts';
import { RefusalTally } from './refusal-tally.ts';

const WINDOW_MS = 60_000;

/** What an administrator did. */
export interface AdminAct {
  readonly act:
    | 'session-kicked'
    | 'peer-kicked'
    | 'token-minted'
    | 'token-revoked'
    | 'revocation-deleted'
    | 'host-tuned'
    | 'control-changed';
  /** `sub` of the administrator. */
  readonly by: string;
  readonly address: string;
  readonly request: string | undefined;
  /** What it was done to. */
  readonly target: Readonly<Record<string, string | number | readonly string[] | null | undefined>>;
}

/** A command that whoever controls a host asked it to run. */
export interface HostCommanded {
  readonly room: string;
  readonly source: string;
  readonly subject: string;
  readonly command: string;
  readonly ok: boolean;
}

/** What was decided about the control of a host. */
export interface ControlEntry {
  readonly control: string;
  readonly room: string;
  readonly source: string;
  readonly [member: string]: string | readonly string[];
}

/**
 * Every refusal and every administrator's act. Of many refusals from one address the first of a
 * minute are told one by one, the others as a count.
 */
export class AuditLog implements Service {
  readonly name = 'audit';
  readonly #stream: AuditStream;
  readonly #tally = new RefusalTally();
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: AuditStream) {
    this.#stream = stream;
  }

  start(): void {
    this.#timer = setInterval(() => this.summarize(), WINDOW_MS);
  }

  refused(refusal: Refusal): void {
    if (this.#tally.take(refusal)) this.#stream.log.info(refusal, 'request refused');
  }

  acted(act: AdminAct): void {
    this.#stream.log.info(act, 'administrator acted');
  }

  commanded(command: HostCommanded): void {
    this.#stream.log.info(command, 'host command');
  }

  /** Somebody got control of a host or lost it, or its rules changed. */
  controlled(entry: ControlEntry): void {
    this.#stream.log.info(entry, 'control changed');
  }

  /** Tells the counts of the window that ends now. */
  summarize(): void {
    for (const count of this.#tally.drain()) this.#stream.log.info(count, 'more requests refused');
  }

  /** Goes on in a new file where the old one was moved away. */
  reopen(): void {
    this.#stream.reopen();
  }

  close(): void {
    clearInterval(this.#timer);
    this.summarize();
  }
}
