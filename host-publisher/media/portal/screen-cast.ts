import { HostError } from '../../host-error.ts';
import type { CursorMode } from '../plan.ts';
import type { Gst } from '../gstreamer/native.ts';
import { SessionBus, type Method } from './session-bus.ts';
import { fieldsOf, itemsOf, type Fields, type Value } from './value.ts';

/** What a desktop's portal can do with screens. */
export interface Abilities {
  readonly version: number;
  /** Bits of org.freedesktop.portal.ScreenCast. */
  readonly sources: number;
  readonly cursors: number;
}

export interface ScreenCastWish {
  readonly cursor: CursorMode;
  /** Of an earlier time, so that the user is not asked; null: none. */
  readonly restoreToken: string | null;
  /** Ends a question that still stands. */
  readonly signal: AbortSignal;
  /** How long the user may take, in milliseconds. */
  readonly questionMs: number;
}

/** A screen that the user shares. */
export interface ScreenCast {
  /** Of PipeWire, closed by who takes it. */
  readonly fd: number;
  readonly node: number;
  /** For the next time; null: the user will be asked. */
  readonly restoreToken: string | null;
}

type Options = Readonly<Record<string, string>>;

const NAME = 'org.freedesktop.portal.Desktop';
const PATH = '/org/freedesktop/portal/desktop';
const SCREEN_CAST = 'org.freedesktop.portal.ScreenCast';
const MONITOR = 1;
const CURSOR = { hidden: 1, embedded: 2 } as const;
const UNTIL_REVOKED = 2;
const [GRANTED, REFUSED] = [0, 1];
const INSTALL =
  'On Debian: apt-get install xdg-desktop-portal and the one of your desktop ' +
  '(xdg-desktop-portal-gnome, xdg-desktop-portal-kde or xdg-desktop-portal-wlr)';

/** The desktop's portal for screens, with one session at most. */
export class ScreenCastPortal {
  readonly #bus: SessionBus;
  readonly #ended = Promise.withResolvers<never>();
  #requests = 0;

  private constructor(bus: SessionBus) {
    this.#bus = bus;
    this.#ended.promise.catch(() => undefined);
    bus.lost.catch((error: unknown) => this.#ended.reject(error));
  }

  static async open(gst: Gst): Promise<ScreenCastPortal> {
    return new ScreenCastPortal(await SessionBus.open(gst, NAME, ['Response', 'Closed']));
  }

  /** Never resolves; fails when the user or the desktop ends what is shared. */
  get ended(): Promise<never> {
    return this.#ended.promise;
  }

  /** Fails with a sentence when no portal shares screens. */
  async abilities(): Promise<Abilities> {
    const found = fieldsOf((await this.#look())[0]);
    const bits = (name: string): number => Number(found[name] ?? 0);
    const abilities = {
      version: bits('version'),
      sources: bits('AvailableSourceTypes'),
      cursors: bits('AvailableCursorModes'),
    };
    if ((abilities.sources & MONITOR) !== 0) return abilities;
    throw new HostError('source-missing', 'The portal of this desktop shares no screens.');
  }

  /** Asks the user, unless an earlier answer holds. */
  async share(abilities: Abilities, wish: ScreenCastWish): Promise<ScreenCast> {
    const late = AbortSignal.timeout(wish.questionMs);
    const stop = AbortSignal.any([wish.signal, late]);
    try {
      const opened = await this.#request(
        'CreateSession',
        [],
        { session_handle_token: "'pixelcast'" },
        stop,
      );
      const session = opened['session_handle'];
      if (typeof session !== 'string') throw new Error('it opened no session');
      this.#bus.hear(session, (member) => {
        if (member === 'Closed') this.#ended.reject(ENDED());
      });
      const subject = `objectpath ${JSON.stringify(session)}`;
      await this.#request('SelectSources', [subject], sourceOptions(abilities, wish), stop);
      const started = await this.#request('Start', [subject, "''"], {}, stop);
      const node = itemsOf(itemsOf(started['streams'])[0])[0];
      if (typeof node !== 'number') {
        throw new HostError('source-missing', 'The desktop shares no screen.');
      }
      const fd = await this.#bus.callForFd(method('OpenPipeWireRemote', [subject], {}));
      const token = started['restore_token'];
      return { fd, node, restoreToken: typeof token === 'string' ? token : null };
    } catch (error) {
      if (error instanceof HostError) throw error;
      if (late.aborted) {
        const minutes = Math.round(wish.questionMs / 60_000);
        throw new HostError(
          'source-missing',
          `Nobody answered within ${minutes} minutes whether this desktop may be shared.`,
        );
      }
      const words = error instanceof Error ? error.message : String(error);
      throw new HostError('source-missing', `The desktop's portal shares no screen: ${words}.`);
    }
  }

  /** Ends what is shared: the portal sees that who asked is gone. */
  close(): Promise<void> {
    return this.#bus.close();
  }

  async #look(): Promise<readonly Value[]> {
    try {
      return await this.#bus.call({
        path: PATH,
        interface: 'org.freedesktop.DBus.Properties',
        name: 'GetAll',
        arguments: `('${SCREEN_CAST}',)`,
      });
    } catch (cause) {
      throw new HostError(
        'software-missing',
        `No desktop portal that shares screens answers on the session bus. ${INSTALL}`,
        { cause },
      );
    }
  }

  /** Calls a method whose answer is the user's, and comes as a signal. */
  async #request(
    name: string,
    subjects: readonly string[],
    options: Options,
    stop: AbortSignal,
  ): Promise<Fields> {
    stop.throwIfAborted();
    this.#requests += 1;
    const token = `pixelcast${this.#requests}`;
    const sender = this.#bus.uniqueName.slice(1).replaceAll('.', '_');
    const path = `${PATH}/request/${sender}/${token}`;
    const answer = Promise.withResolvers<readonly Value[]>();
    const stopped = (): void => answer.reject(new Error('it was stopped'));
    this.#bus.hear(path, (_, values) => answer.resolve(values));
    this.#ended.promise.catch((error: unknown) => answer.reject(error));
    answer.promise.catch(() => undefined);
    await this.#bus.call(method(name, subjects, { ...options, handle_token: `'${token}'` }));
    stop.addEventListener('abort', stopped, { once: true });
    if (stop.aborted) stopped();
    const [response, results] = await answer.promise;
    stop.removeEventListener('abort', stopped);
    if (response === GRANTED) return fieldsOf(results);
    if (response !== REFUSED) throw new Error(`it ended ${name} without an answer`);
    throw new HostError('ended', 'The user of this desktop did not allow to share it.');
  }
}

const ENDED = () =>
  new HostError('ended', 'The user of this desktop, or the desktop, ended its sharing.');

function sourceOptions(
  { version, cursors }: Abilities,
  { cursor, restoreToken }: ScreenCastWish,
): Options {
  const wanted = cursor === 'none' ? CURSOR.hidden : CURSOR.embedded;
  return {
    types: `uint32 ${MONITOR}`,
    ...((cursors & wanted) === 0 ? {} : { cursor_mode: `uint32 ${wanted}` }),
    ...(version < 4 ? {} : { persist_mode: `uint32 ${UNTIL_REVOKED}` }),
    ...(version < 4 || restoreToken === null
      ? {}
      : { restore_token: JSON.stringify(restoreToken) }),
  };
}

function method(name: string, subjects: readonly string[], options: Options): Method {
  const entries = Object.entries(options).map(([key, value]) => `'${key}': <${value}>`);
  const list = [...subjects, `@a{sv} {${entries.join(', ')}}`];
  return {
    path: PATH,
    interface: SCREEN_CAST,
    name,
    arguments: `(${list.join(', ')}${list.length === 1 ? ',' : ''})`,
  };
}
