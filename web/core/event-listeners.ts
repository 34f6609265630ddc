import type { ViewerEvent } from '../../gateway/protocol/viewer.ts';

/** An event of this type, of the gateway to a viewer. */
export type ViewerEventOf<T extends ViewerEvent['type']> = Extract<ViewerEvent, { type: T }>;

type Listener = (event: ViewerEvent) => void;

/** Who wants to hear of which events. */
export class EventListeners {
  readonly #listeners = new Map<ViewerEvent['type'], Set<Listener>>();

  /** Calls `listener` with each event of `type` until the returned function is called. */
  on<T extends ViewerEvent['type']>(
    type: T,
    listener: (event: ViewerEventOf<T>) => void,
  ): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    // Only events of this type come to this set.
    const taken = listener as Listener;
    this.#listeners.set(type, listeners.add(taken));
    return () => listeners.delete(taken);
  }

  tell(event: ViewerEvent): void {
    for (const listener of [...(this.#listeners.get(event.type) ?? [])]) listener(event);
  }
}
