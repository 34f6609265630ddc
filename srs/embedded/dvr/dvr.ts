import type { HookSubject, Hooks } from '../hooks.ts';
import type { Log } from '../log.ts';
import type { Media, MediaTap } from '../media.ts';
import type { ClientEntry } from '../roster.ts';
import type { StreamName } from '../stream-name.ts';
import { PacketBatch } from './packet-batch.ts';
import type { FromRecorder, RecordingTracks } from './recorder-messages.ts';
import { RecorderProcess } from './recorder-process.ts';

const SEND_MS = 100;
const BATCH_BYTES = 64 * 1024;
/** More than this on its way to the recorder means that it does not keep up. */
const MOST_UNTAKEN_BYTES = 32 * 1024 * 1024;

interface Run {
  readonly id: number;
  readonly client: ClientEntry;
  readonly tap: MediaTap;
  readonly batch: PacketBatch;
  untakenBytes: number;
}

export interface DvrParts {
  /** SRS's `dvr_path`: `[app]`, `[stream]` and `[timestamp]` are replaced. */
  readonly path: string;
  /** SRS's `dvr_apply`, to which names are added by `apply`. */
  readonly applyAll: boolean;
  readonly media: Pick<Media, 'tap' | 'codecs'>;
  readonly hooks: Pick<Hooks, 'tellFile'>;
  readonly log: Log;
}

/** SRS's DVR: writes publications into files by a process of its own, and tells of each file. */
export class Dvr {
  readonly #parts: DvrParts;
  readonly #recorder: RecorderProcess;
  readonly #applied = new Set<string>();
  readonly #published = new Map<string, ClientEntry>();
  readonly #runs = new Map<number, Run>();
  /** Told of by files that come after their run. */
  readonly #subjects = new Map<number, HookSubject>();
  readonly #sender: NodeJS.Timeout;
  #lastId = 0;

  constructor(parts: DvrParts) {
    this.#parts = parts;
    this.#recorder = new RecorderProcess({
      message: (message) => this.#hear(message),
      lost: (reason) => this.#restart(reason),
    });
    this.#sender = setInterval(() => this.#send(), SEND_MS);
  }

  /** What is recorded besides all: `app/stream`, or `app/*` for all of an app. */
  get applied(): readonly string[] {
    return [...this.#applied].sort();
  }

  /** Records these names from now on, published or not; `stream` null: all of the app. */
  apply(app: string, stream: string | null): void {
    this.#applied.add(`${app}/${stream ?? '*'}`);
    this.#follow();
  }

  /** Ends what `apply` began. */
  release(app: string, stream: string | null): void {
    this.#applied.delete(`${app}/${stream ?? '*'}`);
    this.#follow();
  }

  /** A publisher's media flows. */
  published(client: ClientEntry): void {
    this.#published.set(client.id, client);
    this.#follow();
  }

  unpublished(client: ClientEntry): void {
    if (this.#published.delete(client.id)) this.#follow();
  }

  /** The recorder closes its files by itself; nothing is told of them. */
  close(): void {
    clearInterval(this.#sender);
    this.#recorder.close();
  }

  /** Begins and ends runs until they are what is wanted. */
  #follow(): void {
    for (const run of this.#runs.values()) {
      if (!this.#published.has(run.client.id) || !this.#isWanted(run.client)) this.#end(run);
    }
    const recorded = new Set([...this.#runs.values()].map(({ client }) => client.id));
    for (const client of this.#published.values()) {
      if (!recorded.has(client.id) && this.#isWanted(client)) this.#begin(client);
    }
  }

  #isWanted({ stream: { name } }: ClientEntry): boolean {
    const { applyAll } = this.#parts;
    return (
      applyAll ||
      this.#applied.has(`${name.app}/*`) ||
      this.#applied.has(`${name.app}/${name.stream}`)
    );
  }

  #begin(client: ClientEntry): void {
    const { path, media, log } = this.#parts;
    const { name } = client.stream;
    const tracks = toTracks(media.codecs(name.key));
    if (tracks === null) {
      log.warn({ client: client.id, stream: name.url }, 'no codec of it can be recorded');
      return;
    }
    this.#lastId += 1;
    const id = this.#lastId;
    this.#subjects.set(id, subjectOf(client));
    this.#recorder.tell({ type: 'begin', id, path: pathFor(path, name), tracks });
    const batch = new PacketBatch();
    const tap = media.tap(client.mediaId, {
      packet: (packet) => {
        batch.add(packet);
        if (batch.bytes >= BATCH_BYTES) this.#sendBatch(id);
      },
      clock: (kind, ntpMs, rtp) => this.#recorder.tell({ type: 'clock', id, kind, ntpMs, rtp }),
    });
    if (tap === null) {
      this.#recorder.tell({ type: 'end', id });
      return;
    }
    this.#runs.set(id, { id, client, tap, batch, untakenBytes: 0 });
    log.info({ client: client.id, stream: name.url }, 'recording began');
  }

  #end(run: Run): void {
    run.tap.close();
    this.#sendBatch(run.id);
    this.#runs.delete(run.id);
    this.#recorder.tell({ type: 'end', id: run.id });
  }

  #send(): void {
    for (const id of this.#runs.keys()) this.#sendBatch(id);
  }

  #sendBatch(id: number): void {
    const run = this.#runs.get(id);
    const batch = run?.batch.take() ?? null;
    if (run === undefined || batch === null) return;
    if (run.untakenBytes > MOST_UNTAKEN_BYTES) {
      this.#fail(run, 'the recorder does not keep up');
      return;
    }
    run.untakenBytes += batch.length;
    this.#recorder.tell({ type: 'packets', id, batch });
  }

  #hear(message: FromRecorder): void {
    const run = this.#runs.get(message.id);
    switch (message.type) {
      case 'taken':
        if (run !== undefined) run.untakenBytes -= message.bytes;
        return;
      case 'keyframe':
        run?.tap.requestKeyframe();
        return;
      case 'file':
        this.#tellFile(message.id, message.file, message.error);
        return;
      case 'ended':
        this.#subjects.delete(message.id);
        if (run !== undefined && message.error !== null) this.#fail(run, message.error);
        return;
      default:
        message satisfies never;
    }
  }

  #tellFile(id: number, file: string, error: string | null): void {
    const subject = this.#subjects.get(id);
    if (subject !== undefined) {
      this.#parts.hooks.tellFile(subject, { cwd: process.cwd(), file, error });
    }
  }

  /** The publication goes on, unrecorded: what failed once would fail again. */
  #fail(run: Run, reason: string): void {
    const { client } = run;
    run.tap.close();
    this.#runs.delete(run.id);
    this.#published.delete(client.id);
    this.#recorder.tell({ type: 'end', id: run.id });
    this.#parts.log.error(
      { client: client.id, stream: client.stream.name.url, reason },
      'recording failed',
    );
  }

  /** What was written is on the disk; the publications go on in files of their own. */
  #restart(reason: string): void {
    this.#parts.log.error({ reason }, 'the recorder ended');
    for (const run of this.#runs.values()) run.tap.close();
    this.#runs.clear();
    this.#subjects.clear();
    setTimeout(() => this.#follow(), 250);
  }
}

function toTracks(codecs: ReturnType<Media['codecs']>): RecordingTracks | null {
  const { video } = codecs;
  const audio = codecs.audio !== null;
  return video === null && !audio ? null : { video, audio };
}

function subjectOf({ id, ip, param, stream }: ClientEntry): HookSubject {
  const clients = stream.clientIds.size;
  return { clientId: id, ip, name: stream.name, param, stream: { id: stream.id, clients } };
}

/** Names that could lead elsewhere are made harmless. */
function pathFor(path: string, { vhost, app, stream }: StreamName): string {
  const safe = (text: string): string => text.replaceAll(/[^\w-]/g, '_');
  return path
    .replaceAll('[vhost]', safe(vhost))
    .replaceAll('[app]', safe(app))
    .replaceAll('[stream]', safe(stream));
}
