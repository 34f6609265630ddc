import type { RoomId } from '../../protocol/ids.ts';
import type { Grant } from '../../auth/grant.ts';
import { FlushQueue } from '../flush-queue.ts';
import { ClipboardBacklog } from '../input/clipboard-backlog.ts';
import { LoneEpochs, type Epochs } from './epochs.ts';
import type { SourcePlace } from './source-place.ts';
import { Source, type SourceParts } from './source.ts';

/** What all sources share. */
type Shared = Pick<
  SourceParts,
  'policies' | 'controlObserver' | 'inputObserver' | 'inputTap' | 'backlog'
>;

/** The sources that have a host, or somebody who watches or is about to. */
export class Sources {
  readonly #shared: Shared;
  readonly #sources = new Map<string, Source>();
  readonly #queue = new FlushQueue();
  readonly #epochs: Epochs;
  readonly #onControl: (place: SourcePlace) => void;
  readonly #byRoom = new Map<RoomId, Set<Source>>();

  constructor(
    shared: Omit<Shared, 'backlog'> & {
      readonly epochs?: Epochs;
      /** What another gateway must know of the control of a source is otherwise. */
      readonly onControl?: (place: SourcePlace) => void;
    },
  ) {
    const { epochs = new LoneEpochs(), onControl = () => undefined, ...rest } = shared;
    this.#shared = { ...rest, backlog: new ClipboardBacklog() };
    this.#epochs = epochs;
    this.#onControl = onControl;
  }

  get size(): number {
    return this.#sources.size;
  }

  all(): Iterable<Source> {
    return this.#sources.values();
  }

  find(place: SourcePlace): Source | undefined {
    return this.#sources.get(keyOf(place));
  }

  ofRoom(room: RoomId): readonly Source[] {
    return [...(this.#byRoom.get(room) ?? [])];
  }

  /** The source of this name, made where there is none. Give it to `settle` after each change. */
  at({ room, source: id }: SourcePlace): Source {
    const place = { room, source: id };
    const known = this.find(place);
    if (known !== undefined) return known;
    const source: Source = new Source({
      place,
      queue: this.#queue,
      ...this.#shared,
      epoch: this.#epochs.first(room),
      settle: () => this.settle(source),
      onControl: () => this.#onControl(place),
    });
    this.#sources.set(keyOf(place), source);
    this.#byRoom.set(room, (this.#byRoom.get(room) ?? new Set()).add(source));
    return source;
  }

  /** Ends the control of lost viewers that have no right to come back. */
  sweep(reasonToEnd: (grant: Grant) => string | undefined): void {
    for (const source of [...this.#sources.values()]) source.control.sweep(reasonToEnd);
  }

  /** Forgets a source that has nobody any more. */
  settle(source: Source): void {
    if (!source.isEmpty || this.find(source.place) !== source) return;
    this.#sources.delete(keyOf(source.place));
    this.#epochs.note(source.place.room, source.control.epoch);
    this.#unlist(source);
  }

  /**
   * Forgets the sources of a room, of which another gateway decides: their hosts let go of what is
   * held, and nothing that still comes here counts.
   */
  handOver(room: RoomId): void {
    for (const source of this.ofRoom(room)) {
      source.control.handOver();
      this.#sources.delete(keyOf(source.place));
      this.#unlist(source);
    }
  }

  #unlist(source: Source): void {
    const { room } = source.place;
    const others = this.#byRoom.get(room);
    others?.delete(source);
    if (others?.size === 0) this.#byRoom.delete(room);
  }
}

const keyOf = ({ room, source }: SourcePlace): string => `${room}/${source}`;
