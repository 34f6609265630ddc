import type { Service } from '../lifecycle.ts';
import type { AuditStream } from '../observability/audit-stream.ts';
import type { Refusal } from './refusal.ts';
import { RefusalTally, type RefusalCount } from './refusal-tally.ts';

const WINDOW_MS = 60_000;

/** What somebody did by right. */
export interface AdminAct {
  readonly act:
    | 'session-kicked'
    | 'source-ended'
    | 'source-freed'
    | 'peer-kicked'
    | 'logged-in'
    | 'logged-out'
    | 'password-changed'
    | 'user-created'
    | 'user-changed'
    | 'user-deleted'
    | 'invitation-created'
    | 'invitation-redeemed'
    | 'invitation-revoked'
    | 'token-minted'
    | 'token-revoked'
    | 'revocation-deleted'
    | 'node-added'
    | 'node-cordoned'
    | 'node-uncordoned'
    | 'node-drained'
    | 'node-removed'
    | 'container-started'
    | 'container-stopped'
    | 'container-restarted'
    | 'containers-scaled'
    | 'containers-upgraded'
    | 'containers-repaired'
    | 'host-tuned'
    | 'control-changed'
    | 'recording-started'
    | 'recording-stopped'
    | 'recording-deleted'
    | 'webhook-created'
    | 'webhook-changed'
    | 'webhook-deleted'
    | 'webhook-secret-rotated'
    | 'webhook-tested'
    | 'webhook-replayed'
    | 'webhook-disabled';
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

/** Where records are kept beside the log, to be searched. */
export interface AuditShelf {
  start(): void;
  refused(refusal: Refusal): void;
  counted(count: RefusalCount): void;
  acted(act: AdminAct): void;
  commanded(command: HostCommanded): void;
  controlled(entry: ControlEntry): void;
  close(): Promise<void>;
}

/**
 * Every refusal and every administrator's act. Of many refusals from one address the first of a
 * minute are told one by one, the others as a count.
 */
export class AuditLog implements Service {
  readonly name = 'audit';
  readonly #stream: AuditStream;
  readonly #shelf: AuditShelf | undefined;
  readonly #tally = new RefusalTally();
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: AuditStream, shelf?: AuditShelf) {
    this.#stream = stream;
    this.#shelf = shelf;
  }

  start(): void {
    this.#shelf?.start();
    this.#timer = setInterval(() => this.summarize(), WINDOW_MS);
  }

  refused(refusal: Refusal): void {
    if (!this.#tally.take(refusal)) return;
    this.#stream.log.info(refusal, 'request refused');
    this.#shelf?.refused(refusal);
  }

  acted(act: AdminAct): void {
    this.#stream.log.info(act, 'administrator acted');
    this.#shelf?.acted(act);
  }

  commanded(command: HostCommanded): void {
    this.#stream.log.info(command, 'host command');
    this.#shelf?.commanded(command);
  }

  /** Somebody got control of a host or lost it, or its rules changed. */
  controlled(entry: ControlEntry): void {
    this.#stream.log.info(entry, 'control changed');
    this.#shelf?.controlled(entry);
  }

  /** Tells the counts of the window that ends now. */
  summarize(): void {
    for (const count of this.#tally.drain()) {
      this.#stream.log.info(count, 'more requests refused');
      this.#shelf?.counted(count);
    }
  }

  /** Goes on in a new file where the old one was moved away. */
  reopen(): void {
    this.#stream.reopen();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.summarize();
    await this.#shelf?.close();
  }
}
