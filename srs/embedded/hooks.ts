import type { Edge } from './edge.ts';
import { refusalIn } from './hook-answer.ts';
import { postJson } from './hook-request.ts';
import type { Identity } from './identity.ts';
import type { Log } from './log.ts';
import type { StreamName } from './stream-name.ts';
import { SrsError } from './srs-error.ts';

/** SRS waits this long for an answer, then refuses. */
const ANSWER_TIMEOUT_MS = 30_000;

export type HookEvent = 'publish' | 'unpublish' | 'play' | 'stop' | 'dvr';

/** What a hook tells of a client; `stream` is null when nobody publishes or plays it yet. */
export interface HookSubject {
  readonly clientId: string;
  readonly ip: string;
  readonly name: StreamName;
  /** The query as received, without a question mark. */
  readonly param: string;
  readonly stream: { readonly id: string; readonly clients: number } | null;
}

/** A file of a publication, as `on_dvr` tells of it. */
export interface RecordedFile {
  /** The directory to which a relative `file` belongs. */
  readonly cwd: string;
  readonly file: string;
  /** Why it ends before its publication; null when it does not. SRS has no such member. */
  readonly error: string | null;
}

export interface HookOptions {
  /** Null: no hooks; everything is allowed and nothing is told. */
  readonly url: string | null;
  readonly edge: Edge;
  readonly identity: Identity;
  readonly log: Log;
  readonly answerTimeoutMs?: number;
}

/** SRS's HTTP hooks: a question before each session, a notice after it. Nothing is ever retried. */
export class Hooks {
  readonly #options: HookOptions;
  /** SRS tells the ends of all sessions one after the other, each after the last was answered. */
  #notices: Promise<void> = Promise.resolve();

  constructor(options: HookOptions) {
    this.#options = options;
  }

  /** Resolves when the receiver allows it. @throws SrsError when it refuses, or does not answer. */
  async ask(event: 'publish' | 'play', subject: HookSubject): Promise<void> {
    const refusal = await this.#post(event, subject);
    if (refusal !== null) throw refusal;
  }

  /** Returns at once; the answer changes nothing. */
  tell(event: 'unpublish' | 'stop', subject: HookSubject): void {
    this.#tell(event, subject, null);
  }

  /** Returns at once; the answer changes nothing. */
  tellFile(subject: HookSubject, recorded: RecordedFile): void {
    this.#tell('dvr', subject, recorded);
  }

  #tell(event: HookEvent, subject: HookSubject, recorded: RecordedFile | null): void {
    this.#notices = this.#notices.then(async () => {
      const refusal = await this.#post(event, subject, recorded);
      if (refusal === null) return;
      const fields = { client: subject.clientId, event, reason: refusal.message };
      this.#options.log.warn(fields, 'hook was not accepted');
    });
  }

  async #post(
    event: HookEvent,
    subject: HookSubject,
    recorded: RecordedFile | null = null,
  ): Promise<SrsError | null> {
    const { url, edge, identity, answerTimeoutMs = ANSWER_TIMEOUT_MS } = this.#options;
    if (url === null) return null;
    const body = JSON.stringify(toBody(event, { ...subject, recorded }, { identity, edge }));
    try {
      const answer = await postJson(hookUrl(url, event), body, {
        userAgent: edge.signature,
        timeoutMs: answerTimeoutMs,
      });
      return refusalIn(answer.status, answer.body);
    } catch (error) {
      return error instanceof SrsError ? error : new SrsError(1018, String(error));
    }
  }
}

/** `http://host/api/srs?secret=x` becomes `http://host/api/srs/publish?secret=x`. */
export function hookUrl(base: string, event: HookEvent): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${event}`;
  return url;
}

/** The members and their order are SRS's; `clients` came with 7.0.107. */
function toBody(
  event: HookEvent,
  subject: HookSubject & { readonly recorded: RecordedFile | null },
  { identity, edge }: Pick<HookOptions, 'identity' | 'edge'>,
): object {
  const { name, stream, recorded } = subject;
  const tellsClients = edge.tellsTotals && (event === 'play' || event === 'stop');
  return {
    server_id: identity.serverId,
    service_id: identity.serviceId,
    action: `on_${event}`,
    client_id: subject.clientId,
    ip: subject.ip,
    vhost: name.vhost,
    app: name.app,
    ...(event === 'play' ? { stream: name.stream, tcUrl: '' } : { tcUrl: '', stream: name.stream }),
    param: subject.param,
    ...(event === 'play' ? { pageUrl: '' } : {}),
    ...(recorded === null ? {} : { cwd: recorded.cwd, file: recorded.file }),
    ...(recorded?.error == null ? {} : { error: recorded.error }),
    stream_url: name.url,
    ...(stream === null ? {} : { stream_id: stream.id }),
    ...(stream !== null && tellsClients ? { clients: stream.clients } : {}),
  };
}
