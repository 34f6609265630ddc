import type { MediaNode } from '../../media/node.ts';
import type { SourcePlace } from '../hosts/source-place.ts';

/** One source at a node beside the one where it is published. */
export interface CarriedPlace extends SourcePlace {
  readonly origin: MediaNode;
  readonly target: MediaNode;
  /** Whether its media flows, or is only under way. */
  isReady: boolean;
}

/** Where sources are beside the nodes of their publishers. */
export class CarriedPlaces {
  readonly #bySource = new Map<string, CarriedPlace[]>();
  readonly #clients = new Map<MediaNode, number>();

  get size(): number {
    let size = 0;
    for (const places of this.#bySource.values()) size += places.length;
    return size;
  }

  add(place: CarriedPlace): void {
    this.#bySource.set(keyOf(place), [...this.of(place), place]);
    this.#count(place, 1);
  }

  /** False when it was not there. */
  delete(place: CarriedPlace): boolean {
    const before = this.of(place);
    const left = before.filter((each) => each !== place);
    if (left.length === before.length) return false;
    if (left.length === 0) this.#bySource.delete(keyOf(place));
    else this.#bySource.set(keyOf(place), left);
    this.#count(place, -1);
    return true;
  }

  of(source: SourcePlace): readonly CarriedPlace[] {
    return this.#bySource.get(keyOf(source)) ?? [];
  }

  /** Whether a source is at a node, or on its way there. */
  isAt(source: SourcePlace, node: MediaNode): boolean {
    return this.of(source).some(({ target }) => target === node);
  }

  all(): readonly CarriedPlace[] {
    return [...this.#bySource.values()].flat();
  }

  /** Clients that a node has by this: one at each end of a carriage. */
  clientsAt(node: MediaNode): number {
    return this.#clients.get(node) ?? 0;
  }

  #count({ origin, target }: CarriedPlace, by: 1 | -1): void {
    for (const node of [origin, target]) this.#clients.set(node, this.clientsAt(node) + by);
  }
}

const keyOf = ({ room, source }: SourcePlace): string => `${room}/${source}`;
