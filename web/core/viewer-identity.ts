import type { BrowserPort } from './browser-port.ts';

const NAME_KEY = 'pixelcast.name';

/** As whom a page comes back: the name that its person chose, and the secret of its last welcome. */
export class ViewerIdentity {
  readonly #port: BrowserPort;
  readonly #resumeKey: string;
  #name: string | null;
  #resume: string | null;

  /** `place` names the room and the source: the secret counts there alone. */
  constructor(port: BrowserPort, place: string) {
    this.#port = port;
    this.#resumeKey = `pixelcast.resume ${place}`;
    this.#name = port.readStored('local', NAME_KEY);
    this.#resume = port.readStored('session', this.#resumeKey);
    // A duplicated tab copies what is stored, and two of one identity would end each other.
    port.store('session', this.#resumeKey, null);
  }

  /** What the person wants to be called; null: after the token. */
  get name(): string | null {
    return this.#name;
  }

  set name(name: string | null) {
    this.#name = name;
    this.#port.store('local', NAME_KEY, name);
  }

  /** What `viewer/watching` says beside the source. */
  get claims(): { readonly name?: string; readonly resume?: string } {
    return {
      ...(this.#name === null ? {} : { name: this.#name }),
      ...(this.#resume === null ? {} : { resume: this.#resume }),
    };
  }

  welcome(resume: string): void {
    this.#resume = resume;
  }

  /** Keeps the secret for the page that this tab shows next. */
  leaveBehind(): void {
    this.#port.store('session', this.#resumeKey, this.#resume);
  }

  /** The page is here again, out of the back/forward cache. */
  takeBack(): void {
    this.#port.store('session', this.#resumeKey, null);
  }
}
