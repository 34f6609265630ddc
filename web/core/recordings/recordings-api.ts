import { createApi, type Api } from '../../../gateway/protocol/api/client.ts';
import { getMe } from '../../../gateway/protocol/api/login.ts';
import type { Page } from '../../../gateway/protocol/api/page.ts';
import {
  deleteRecording,
  getRecording,
  linkRecording,
  linkRecordings,
  listRecordings,
  startRecording,
  stopRecording,
} from '../../../gateway/protocol/api/recordings.ts';
import type {
  RecordingId,
  RecordingLinks,
  RecordingView,
} from '../../../gateway/protocol/api/recordings.ts';
import type { RoomId } from '../../../gateway/protocol/ids.ts';
import { JournalEntry } from '../../../gateway/protocol/journal.ts';
import type { BrowserPort } from '../browser-port.ts';

/** Which recordings are wanted. */
export interface RecordingSearch {
  readonly text: string;
  /** `next` of the page before; null: the first. */
  readonly cursor: string | null;
}

/** Which entries of a journal; times in milliseconds since the recording began. */
export type JournalRange =
  { readonly only: 'control' } | { readonly from: number; readonly to: number };

/** Recordings by the gateway's API: with a token, or as whoever the browser is logged in as. */
export class RecordingsApi {
  readonly #api: Api;
  readonly #port: Pick<BrowserPort, 'fetch'>;
  readonly #origin: string;
  readonly #isByToken: boolean;
  #csrf: string | null = null;

  constructor(port: Pick<BrowserPort, 'fetch'>, given: { origin: string; token: string }) {
    const { origin, token } = given;
    this.#port = port;
    this.#origin = origin;
    this.#isByToken = token !== '';
    this.#api = createApi({
      baseUrl: origin,
      fetch: (url, init) => port.fetch(url, { ...init, cache: 'no-store' }),
      ...(token === '' ? {} : { token }),
      headers: (operation) =>
        operation.method === 'GET' || this.#csrf === null ? {} : { 'X-CSRF-Token': this.#csrf },
    });
  }

  /** A page of the list, newest first. @throws ApiProblem */
  async list({ text, cursor }: RecordingSearch): Promise<Page<RecordingView>> {
    const query = {
      ...(text === '' ? {} : { q: text }),
      ...(cursor === null ? {} : { cursor }),
    };
    return await this.#api.call(listRecordings, { query });
  }

  /** @throws ApiProblem */
  async get(id: string): Promise<RecordingView> {
    return await this.#api.call(getRecording, { params: { id } });
  }

  /** @throws ApiProblem */
  async start(room: string): Promise<RecordingView> {
    return await this.#write((api) =>
      api.call(startRecording, { params: { room }, body: { reason: 'page' } }),
    );
  }

  /** @throws ApiProblem */
  async stop(id: RecordingId): Promise<RecordingView> {
    return await this.#write((api) => api.call(stopRecording, { params: { id } }));
  }

  /** @throws ApiProblem */
  async remove(id: RecordingId): Promise<void> {
    await this.#write((api) => api.call(deleteRecording, { params: { id } }));
  }

  /** Addresses for elements, which send no token. @throws ApiProblem */
  async links(id: RecordingId): Promise<RecordingLinks> {
    return await this.#write((api) => api.call(linkRecording, { params: { id }, body: {} }));
  }

  /** The same of several, by one request; those that are gone are left out. @throws ApiProblem */
  async linksOf(ids: readonly RecordingId[]): Promise<ReadonlyMap<RecordingId, RecordingLinks>> {
    const body = { recordings: [...ids] };
    const { items } = await this.#write((api) => api.call(linkRecordings, { body }));
    return new Map(items.map(({ recording, ...links }) => [recording, links]));
  }

  /** The newest recording of a room that runs; null: none does. @throws ApiProblem */
  async running(room: RoomId): Promise<RecordingView | null> {
    const query = { room, state: 'recording' as const, limit: 1 };
    return (await this.#api.call(listRecordings, { query })).items[0] ?? null;
  }

  /** Entries of a journal by its link; lines that are none are passed over. @throws Error */
  async journal(link: string, range: JournalRange): Promise<readonly JournalEntry[]> {
    const url = new URL(link, this.#origin);
    for (const [name, value] of Object.entries(range)) url.searchParams.set(name, String(value));
    const reply = await this.#port.fetch(url.href, { method: 'GET' });
    if (!reply.ok) throw new Error(`The journal was answered by ${reply.status}.`);
    return (await reply.text()).split('\n').flatMap((line) => entryOf(line));
  }

  /** A login by cookie writes with what only our own pages can read. */
  async #write<T>(act: (api: Api) => Promise<T>): Promise<T> {
    if (!this.#isByToken && this.#csrf === null) {
      this.#csrf = (await this.#api.call(getMe)).csrf;
    }
    return await act(this.#api);
  }
}

function entryOf(line: string): JournalEntry[] {
  if (line === '') return [];
  try {
    const entry = JournalEntry.safeParse(JSON.parse(line));
    return entry.success ? [entry.data] : [];
  } catch {
    return [];
  }
}
