import type { MediaNode } from '../media/node.ts';
import type { RoomId, SourceId } from '../protocol/ids.ts';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

export interface RecorderOrderParts {
  readonly node: Pick<MediaNode, 'record'>;
  readonly room: RoomId;
  /** It was not told; it is told again. */
  readonly onFailure: (error: unknown) => void;
  /** It writes nothing of the room any more, and is not to. */
  readonly onDone: () => void;
}

/**
 * What one media server is to write of one room. It is told one thing after the other, what is new
 * before what is over, and again until it has heard: else it would write, or not, for ever.
 */
export class RecorderOrder {
  readonly #parts: RecorderOrderParts;
  #wished: ReadonlySet<SourceId | null> = new Set();
  /** What it may write: it was told, and may have heard. */
  readonly #told = new Set<SourceId | null>();
  readonly #heard = new Set<SourceId | null>();
  #isWorking = false;
  #work: Promise<void> = Promise.resolve();
  #retry: { readonly timer: NodeJS.Timeout; readonly go: () => void } | null = null;
  #mode: 'on' | 'last-try' | 'dropped' = 'on';

  constructor(parts: RecorderOrderParts) {
    this.#parts = parts;
  }

  /** `sources` null: all of the room; empty: nothing. */
  wish(sources: readonly SourceId[] | null): void {
    this.#wished = new Set(sources ?? [null]);
    this.#retry?.go();
    if (this.#isWorking) return;
    this.#isWorking = true;
    this.#work = this.#tellAll();
  }

  /** Tells it what is left, once; resolves when that is done. */
  async finish(): Promise<void> {
    this.#mode = 'last-try';
    this.#retry?.go();
    await this.#work;
  }

  /** It is told nothing any more. */
  drop(): void {
    this.#mode = 'dropped';
    this.#retry?.go();
  }

  async #tellAll(): Promise<void> {
    let waitMs = FIRST_RETRY_MS;
    for (let next = this.#next(); next !== null; next = this.#next()) {
      if (await this.#tell(next)) {
        waitMs = FIRST_RETRY_MS;
        continue;
      }
      if (this.#mode !== 'on') break;
      await this.#pause(waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS);
    }
    this.#isWorking = false;
    if (this.#wished.size === 0) this.#parts.onDone();
  }

  #next(): { readonly source: SourceId | null; readonly on: boolean } | null {
    if (this.#mode === 'dropped') return null;
    for (const source of this.#wished) if (!this.#heard.has(source)) return { source, on: true };
    for (const source of this.#told) if (!this.#wished.has(source)) return { source, on: false };
    return null;
  }

  async #tell({ source, on }: { source: SourceId | null; on: boolean }): Promise<boolean> {
    const { node, room, onFailure } = this.#parts;
    if (on) this.#told.add(source);
    else this.#heard.delete(source);
    try {
      await node.record({ room, sources: source === null ? null : [source], on });
    } catch (error) {
      onFailure(error);
      return false;
    }
    if (on) this.#heard.add(source);
    else this.#told.delete(source);
    return true;
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((go) => {
      this.#retry = { timer: setTimeout(go, ms), go };
    });
    clearTimeout(this.#retry?.timer);
    this.#retry = null;
  }
}
