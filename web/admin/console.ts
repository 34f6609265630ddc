import { createApi } from '../../gateway/protocol/api/client.ts';
import type { Api } from '../../gateway/protocol/api/client.ts';
import { mintMyToken } from '../../gateway/protocol/api/login.ts';
import type { MeView } from '../../gateway/protocol/api/login.ts';
import { mintToken } from '../../gateway/protocol/api/tokens.ts';
import type { RoomId } from '../../gateway/protocol/ids.ts';
import { createBrowserPort } from '../core/browser-port.ts';
import type { BrowserPort } from '../core/browser-port.ts';
import { Observable } from '../core/observable.ts';
import type { SessionProblem } from '../core/problem.ts';
import { ConsoleHistory } from './console-history.ts';
import { News } from './core/news.ts';
import { Outcomes } from './core/outcomes.ts';
import { problemOf } from './core/problem-of.ts';

/** What every part of the console works with. */
export interface Console {
  /** Empty: by cookie or password, which the browser adds. */
  readonly token: string;
  /** Who one is here; null until the gateway has said so. */
  readonly me: Observable<MeView | null>;
  readonly api: Api;
  readonly port: BrowserPort;
  readonly news: News;
  readonly history: ConsoleHistory;
  readonly outcomes: Outcomes;
  readonly explain: (cause: unknown) => SessionProblem;
  /** A token to watch a room with; rejects where none can be had. */
  readonly viewToken: (room: RoomId) => Promise<string>;
}

/** For as long as a glance at a picture takes. */
const GLANCE_SECONDS = 600;

/** The console of this page, for a token, or for whoever the browser logs in. */
export function createConsole(token: string): Console {
  const port = createBrowserPort();
  const { origin } = location;
  const me = new Observable<MeView | null>(null);
  const api = createApi({
    baseUrl: origin,
    fetch: port.fetch,
    ...(token === '' ? {} : { token }),
    headers: ({ method }) => {
      const csrf = me.value?.csrf ?? null;
      return method === 'GET' || csrf === null ? {} : { 'X-CSRF-Token': csrf };
    },
  });
  return {
    token,
    me,
    api,
    port,
    news: new News(port, { url: `${origin}/api/v1/events`, token }),
    history: new ConsoleHistory(window),
    outcomes: new Outcomes(),
    explain: problemOf,
    viewToken: async (room) => {
      if (token !== '') return token;
      const right = { room, can: ['watch' as const], ttlSeconds: GLANCE_SECONDS };
      const isLogin = me.value?.csrf != null;
      const { token: minted } = isLogin
        ? await api.call(mintMyToken, { body: right })
        : await api.call(mintToken, { body: { ...right, sub: me.value?.name ?? 'admin' } });
      return minted;
    },
  };
}
