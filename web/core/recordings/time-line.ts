import type { RecordingPart, RecordingView } from '../../../gateway/protocol/api/recordings.ts';
import { thumbnailIntervalMs } from '../../../gateway/protocol/thumbnails.ts';

/** A part that can be played, by the clock of its recording, milliseconds. */
export interface Chapter {
  readonly part: RecordingPart;
  readonly from: number;
  readonly to: number;
}

/** What of a recording can be played when: for each source the parts one after another. */
export class TimeLine {
  readonly durationMs: number;
  /** In the order in which they began. */
  readonly sources: readonly string[];
  readonly #chapters: ReadonlyMap<string, readonly Chapter[]>;

  constructor({ parts }: Pick<RecordingView, 'parts'>) {
    const chapters = new Map<string, Chapter[]>();
    for (const part of parts.toSorted((one, other) => one.offsetMs - other.offsetMs)) {
      if (part.state !== 'ready' || part.durationMs <= 0) continue;
      const from = Math.max(0, part.offsetMs);
      const chapter = { part, from, to: from + part.durationMs };
      chapters.set(part.source, [...(chapters.get(part.source) ?? []), chapter]);
    }
    this.#chapters = chapters;
    this.sources = [...chapters.keys()];
    this.durationMs = Math.max(0, ...[...chapters.values()].flat().map(({ to }) => to));
  }

  chaptersOf(source: string): readonly Chapter[] {
    return this.#chapters.get(source) ?? [];
  }

  /** The chapter of a source at a time, or the next one after it; null: there is none any more. */
  at(source: string, ms: number): Chapter | null {
    return this.chaptersOf(source).find(({ to }) => to > ms) ?? null;
  }

  /** Where the chapter after (1) or before (-1) a time begins; the own one where it began a while ago. */
  step(source: string, ms: number, by: 1 | -1): number | null {
    const begins = this.chaptersOf(source).map(({ from }) => from);
    if (by === 1) return begins.find((from) => from > ms) ?? null;
    return begins.findLast((from) => from < ms - BACK_TO_OWN_MS) ?? begins[0] ?? null;
  }
}

/** Sooner after its beginning one means the chapter before. */
const BACK_TO_OWN_MS = 2_000;

/** Which thumbnail shows a chapter at a time; null: it has none. */
export function thumbnailAt({ part, from }: Chapter, ms: number): number | null {
  if (part.thumbnails === 0) return null;
  const number = Math.round((ms - from) / thumbnailIntervalMs(part.durationMs));
  return Math.min(Math.max(0, number), part.thumbnails - 1);
}
