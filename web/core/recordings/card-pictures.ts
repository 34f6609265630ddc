import type { RecordingId, RecordingView } from '../../../gateway/protocol/api/recordings.ts';
import type { RecordingsApi } from './recordings-api.ts';

/** As many as the API links at once. */
const AT_ONCE = 200;

/** The picture of each recording of a list; those that are known are not asked for again. */
export class CardPictures {
  readonly #api: Pick<RecordingsApi, 'linksOf'>;
  readonly #pictures = new Map<RecordingId, string | null>();

  constructor(api: Pick<RecordingsApi, 'linksOf'>) {
    this.#api = api;
  }

  /** Address of a thumbnail; null: there is none, or not yet. */
  of(id: RecordingId): string | null {
    return this.#pictures.get(id) ?? null;
  }

  /** Finds those of a list, by one request for all that are new. Never rejects. */
  async find(recordings: readonly RecordingView[]): Promise<void> {
    const wanted = recordings
      .filter(({ id, parts }) => !this.#pictures.has(id) && pictured(parts) !== undefined)
      .slice(0, AT_ONCE);
    if (wanted.length === 0) return;
    const links = await this.#api.linksOf(wanted.map(({ id }) => id)).catch(() => null);
    if (links === null) return;
    for (const { id, parts } of wanted) {
      const part = pictured(parts);
      const link = links.get(id)?.parts.find((each) => each.id === part?.id);
      const middle = Math.floor((part?.thumbnails ?? 0) / 2);
      this.#pictures.set(id, link?.thumbnails.replace(':n', String(middle)) ?? null);
    }
  }
}

const pictured = (parts: RecordingView['parts']) => parts.find(({ thumbnails }) => thumbnails > 0);
