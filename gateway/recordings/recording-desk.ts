import { GatewayError } from '../errors.ts';
import type { EventBus } from '../events/event-bus.ts';
import type { Logger } from '../observability/logger.ts';
import type { RecordingId, RecordingReason } from '../protocol/api/recordings.ts';
import type { RoomId, SourceId } from '../protocol/ids.ts';
import type { RoomRecording, UnrecordedReason } from '../protocol/room-recording.ts';
import type { Session } from '../rooms/session.ts';
import type { SessionObserver } from '../rooms/sessions.ts';
import { STOPS } from './causes.ts';
import type { FileDesk } from './file-desk.ts';
import type { NodeRecorders } from './node-recorders.ts';
import { newPart, newRecordingId, type Recording } from './recording.ts';
import { isByPolicy, type RecordingSettings } from './recording-policy.ts';
import type { RecordingIndex } from './recording-index.ts';
import type { RecordingKeeper } from './recording-keeper.ts';

/** A recording by policy goes on for so long without a publisher: one that comes back belongs to it. */
const LINGER_MS = 30_000;

export interface StartRequest {
  readonly room: RoomId;
  readonly sources: readonly SourceId[] | null;
  readonly by: string;
  readonly reason: RecordingReason;
}

export interface RecordingDeskParts {
  readonly settings: RecordingSettings;
  readonly index: () => RecordingIndex;
  readonly keeper: RecordingKeeper;
  readonly files: FileDesk;
  readonly recorders: NodeRecorders;
  readonly bus: EventBus;
  readonly log: Logger;
  readonly now: () => number;
}

/** Starts and stops recordings, by request or by the settings; a room has one at a time. */
export class RecordingDesk implements SessionObserver {
  readonly #parts: RecordingDeskParts;
  readonly #open = new Map<RoomId, Recording>();
  readonly #publications = new Map<RoomId, Set<Session>>();
  readonly #lingering = new Map<RoomId, NodeJS.Timeout>();
  readonly #starting = new Set<RoomId>();
  /** Starts and stops that nobody else waits for. */
  readonly #work = new Set<Promise<void>>();
  #closed = false;

  constructor(parts: RecordingDeskParts) {
    this.#parts = parts;
  }

  /** What everybody in a room is told of its recording. */
  outline(room: RoomId): RoomRecording {
    const open = this.#open.get(room);
    if (open === undefined) return { recording: false, unrecorded: [] };
    const reasons = new Map<SourceId, UnrecordedReason | null>();
    for (const session of this.#publications.get(room) ?? []) {
      const { source } = session;
      const why = isWanted(open, session) ? this.#parts.recorders.reasonNot(session) : 'left-out';
      reasons.set(source, reasons.get(source) === null ? null : why);
    }
    const unrecorded = [...reasons].flatMap(([source, why]) =>
      why === null ? [] : [{ source, why }],
    );
    return { recording: true, unrecorded };
  }

  /** Whether it is being recorded, also while nobody publishes. */
  isRecording(room: RoomId): boolean {
    return this.#open.has(room);
  }

  get count(): number {
    return this.#open.size;
  }

  /** Recordings that run. */
  running(): readonly Recording[] {
    return [...this.#open.values()];
  }

  /** @throws GatewayError `recording-off`, `recording-running`, `storage-full` */
  async start(request: StartRequest): Promise<Recording> {
    const { settings, keeper, recorders, bus, now } = this.#parts;
    const { room, sources, by, reason } = request;
    if (settings.mode === 'off') {
      throw new GatewayError('recording-off', 'Recording is off: RECORDING in the settings.');
    }
    if (this.#open.has(room) || this.#starting.has(room)) {
      throw new GatewayError('recording-running', 'This room is being recorded already.');
    }
    this.#starting.add(room);
    try {
      await keeper.requireSpace();
      const startedAt = now();
      const recording: Recording = {
        ...{ id: newRecordingId(startedAt), room, state: 'recording', startedAt, endedAt: null },
        ...{ sources: sources === null ? null : [...sources], startedBy: by, reason },
        ...{ detail: '', journal: false, parts: [] },
      };
      await keeper.begin(recording);
      this.#open.set(room, recording);
      recorders.follow(room, recording.sources);
      for (const session of this.#publications.get(room) ?? []) this.#include(recording, session);
      bus.publish({
        type: 'recording.started',
        room,
        data: { recording: recording.id, by, sources: recording.sources ?? [] },
      });
      return recording;
    } finally {
      this.#starting.delete(room);
    }
  }

  /** Ends one that runs; another stays as it is. `by` null: a rule did. */
  async stop(recording: Recording, by: string | null, why: string): Promise<void> {
    const { recorders, keeper, files, bus, now } = this.#parts;
    const { room, id } = recording;
    if (this.#open.get(room) !== recording) return;
    this.#open.delete(room);
    this.#stopLingering(room);
    recording.endedAt = now();
    recording.state = 'processing';
    recorders.leave(room);
    bus.publish({ type: 'recording.stopped', room, data: { recording: id, by, why } });
    for (const part of recording.parts) files.expect(recording, part);
    const goOn = recording.parts.filter(
      ({ state, node }) => state === 'recording' && !recorders.obeys(node),
    );
    for (const part of goOn) void files.takeRunning(recording, part);
    await keeper.changed(recording);
  }

  /** @throws GatewayError `recording-not-found` */
  require(id: RecordingId, mayOperate: (room: RoomId) => boolean): Recording {
    const recording = this.#parts.index().byId(id);
    if (recording !== undefined && mayOperate(recording.room)) return recording;
    throw new GatewayError('recording-not-found', 'There is no such recording, or no longer.');
  }

  opened({ kind, room, node }: Session): void {
    const isOurs = kind === 'publish' && node !== null && this.#isByPolicy(room);
    // Before its media flows: then nothing of it is missing.
    if (isOurs && !this.#open.has(room)) this.#parts.recorders.follow(room, null);
  }

  live(session: Session): void {
    if (session.kind !== 'publish') return;
    const { room } = session;
    const publications = this.#publications.get(room) ?? new Set();
    this.#publications.set(room, publications.add(session));
    this.#stopLingering(room);
    const open = this.#open.get(room);
    if (open !== undefined) this.#include(open, session);
    else if (this.#isByPolicy(room)) this.#startByPolicy(room);
  }

  ended(session: Session): void {
    const { room } = session;
    const publications = this.#publications.get(room);
    publications?.delete(session);
    if (publications?.size === 0) this.#publications.delete(room);
    if (session.kind !== 'publish') return;
    const open = this.#open.get(room);
    const part = open?.parts.findLast(
      ({ source, state }) => source === session.source && state === 'recording',
    );
    if (open !== undefined && part !== undefined) this.#parts.files.expect(open, part);
    if (this.#publications.has(room)) return;
    if (open === undefined) this.#parts.recorders.leave(room);
    else if (open.reason === 'policy') this.#linger(open);
  }

  /** What the settings want recorded begins a recording of this gateway. */
  adopted(session: Session): void {
    this.opened(session);
    if (session.state.kind === 'live') this.live(session);
  }

  /** The gateway that has the room now records it, or does not. */
  handOver(room: RoomId): void {
    this.#publications.delete(room);
    this.#stopLingering(room);
    this.#parts.recorders.forget(room);
    const open = this.#open.get(room);
    if (open !== undefined) this.#track(this.stop(open, null, STOPS.shutdown));
  }

  /** Ends all that run. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#lingering.values()) clearTimeout(timer);
    await Promise.all(this.#work);
    const stops = this.running().map((each) => this.stop(each, null, STOPS.shutdown));
    await Promise.all(stops);
  }

  #include(recording: Recording, session: Session): void {
    const { keeper, recorders, now } = this.#parts;
    const { source, grant, nodeName } = session;
    if (!isWanted(recording, session)) return;
    const why = recorders.whyNot(session);
    if (why === null) {
      const startedAt = Math.max(recording.startedAt, now());
      const given = { source, subject: grant.subject, startedAt, node: nodeName };
      recording.parts.push(newPart(recording, given));
    } else if (!recording.detail.includes(why)) {
      recording.detail = `${recording.detail} ${why}`.trim();
    }
    void keeper.changed(recording);
  }

  /** Of a room that comes to a gateway that stops as well, the next one begins. */
  #isByPolicy(room: RoomId): boolean {
    return !this.#closed && isByPolicy(this.#parts.settings, room);
  }

  #startByPolicy(room: RoomId): void {
    const request = { room, sources: null, by: 'policy', reason: 'policy' } as const;
    const excuse = (error: unknown): void => {
      const known = error instanceof GatewayError && error.code === 'recording-running';
      if (!known) this.#parts.log.error({ err: error, room }, 'room not recorded');
    };
    this.#track(this.start(request).then(() => undefined, excuse));
  }

  #track(work: Promise<void>): void {
    const done = work.finally(() => this.#work.delete(done));
    this.#work.add(done);
  }

  #linger(recording: Recording): void {
    const { room } = recording;
    const end = (): void => {
      this.#lingering.delete(room);
      void this.stop(recording, null, STOPS.unpublished);
    };
    this.#lingering.set(room, setTimeout(end, LINGER_MS));
  }

  #stopLingering(room: RoomId): void {
    clearTimeout(this.#lingering.get(room));
    this.#lingering.delete(room);
  }
}

const isWanted = ({ sources }: Recording, { source }: Session): boolean =>
  sources === null || sources.includes(source);
