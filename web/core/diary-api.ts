import type { SessionDiary } from '../../gateway/protocol/diary.ts';
import type { ApiClient } from './api-client.ts';

/** Diaries of sessions; null where there is none, or none can be had. */
export class DiaryApi {
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** By the last segment of a session's URL. */
  read(secret: string): Promise<SessionDiary | null> {
    return this.#get(`diagnosis/diaries/${encodeURIComponent(secret)}`);
  }

  /** For administrators, by the session's id. */
  readById(id: string): Promise<SessionDiary | null> {
    return this.#get(`sessions/${encodeURIComponent(id)}/diary`);
  }

  async #get(path: string): Promise<SessionDiary | null> {
    try {
      return (await (await this.#client.request(path, { method: 'GET' })).json()) as SessionDiary;
    } catch {
      return null;
    }
  }
}
