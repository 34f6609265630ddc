import { Observable } from '../core/observable.ts';

/** Where the console is: path and query of the address bar. */
export interface ConsoleAddress {
  readonly pathname: string;
  /** Begins with `?`, or is empty. */
  readonly search: string;
}

/** What it needs of `window`. */
export interface HistoryPort {
  readonly location: { readonly pathname: string; readonly search: string; readonly hash: string };
  readonly history: Pick<History, 'pushState' | 'replaceState'>;
  addEventListener(type: 'popstate', listener: () => void): void;
  removeEventListener(type: 'popstate', listener: () => void): void;
}

/** Moves between pages without loading them anew; the fragment, which carries the token, stays. */
export class ConsoleHistory {
  readonly address: Observable<ConsoleAddress>;
  readonly #port: HistoryPort;

  constructor(port: HistoryPort) {
    this.#port = port;
    this.address = new Observable(this.#read());
  }

  /** Follows the browser's own buttons until the returned function is called. */
  follow(): () => void {
    const read = () => this.address.set(this.#read());
    this.#port.addEventListener('popstate', read);
    return () => this.#port.removeEventListener('popstate', read);
  }

  /** Goes to a path with its query. */
  go(path: string): void {
    this.#port.history.pushState(null, '', this.link(path));
    this.address.set(this.#read());
  }

  /** Changes the query of this page; the browser's back button leads before the page. */
  ask(query: Readonly<Record<string, string>>): void {
    const fields = Object.entries(query).filter(([, value]) => value !== '');
    const asked = new URLSearchParams(fields).toString();
    const { pathname } = this.#port.location;
    this.#port.history.replaceState(
      null,
      '',
      this.link(asked === '' ? pathname : `${pathname}?${asked}`),
    );
    this.address.set(this.#read());
  }

  /** What an anchor to a path points at. */
  link(path: string): string {
    return `${path}${this.#port.location.hash}`;
  }

  #read(): ConsoleAddress {
    const { pathname, search } = this.#port.location;
    return { pathname, search };
  }
}
