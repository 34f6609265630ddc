import { loadKoffi } from '../../../host-publisher/koffi.ts';
import { openLibrary, type Pointer } from '../../../host-publisher/media/gstreamer/native.ts';
import { loadGDBus } from '../../../host-publisher/media/portal/gdbus.ts';
import {
  fieldsOf,
  itemsOf,
  readValue,
  type Fields,
} from '../../../host-publisher/media/portal/value.ts';

export const BACKEND_NAME = 'org.freedesktop.impl.portal.desktop.stage';
const PATH = '/org/freedesktop/portal/desktop';
const SESSION = 'org.freedesktop.impl.portal.Session';
const METHOD =
  '<arg type="o" direction="in"/><arg type="o" direction="in"/><arg type="s" direction="in"/>';
const RESULT =
  '<arg type="a{sv}" direction="in"/><arg type="u" direction="out"/><arg type="a{sv}" direction="out"/>';
const XML = `<node><interface name="org.freedesktop.impl.portal.ScreenCast">
<method name="CreateSession">${METHOD}${RESULT}</method>
<method name="SelectSources">${METHOD}${RESULT}</method>
<method name="Start">${METHOD}<arg type="s" direction="in"/>${RESULT}</method>
<property name="AvailableSourceTypes" type="u" access="read"/>
<property name="AvailableCursorModes" type="u" access="read"/>
<property name="version" type="u" access="read"/>
</interface><interface name="${SESSION}"><method name="Close"/><signal name="Closed"/></interface></node>`;
const PROPERTIES: Readonly<Record<string, number>> = {
  AvailableSourceTypes: 1,
  AvailableCursorModes: 3,
  version: 5,
};
const CLIENT_OF_A_BUS = 1 | 8;
const POLL_MS = 5;

/** A desktop's part of the portal: what its user answers is the test's. */
export class PortalBackend {
  /** `later`: never. */
  answer: 'allow' | 'refuse' | 'later' = 'allow';
  /** What came with each selection of sources. */
  readonly selections: Fields[] = [];
  starts = 0;
  isSessionClosed = false;
  readonly #glib = load();
  readonly #connection: Pointer;
  readonly #timer: NodeJS.Timeout;
  readonly #node: number;
  #session = '';
  #tokens = 0;

  private constructor(connection: Pointer, node: number) {
    this.#connection = connection;
    this.#node = node;
    this.#glib.export(connection, PATH, 'org.freedesktop.impl.portal.ScreenCast', (...call) =>
      this.#take(...call),
    );
    this.#timer = setInterval(() => this.#glib.iterate(), POLL_MS);
  }

  /** Shares this node of PipeWire. */
  static async open(address: string, node: number): Promise<PortalBackend> {
    const { promise, resolve } = Promise.withResolvers<Pointer | null>();
    const gdbus = loadGDBus();
    gdbus.connect.async(address, CLIENT_OF_A_BUS, null, null, [null], (_, made) => resolve(made));
    const connection = await promise;
    if (connection === null) throw new Error('no bus');
    const backend = new PortalBackend(connection, node);
    backend.#glib.ownName(connection, BACKEND_NAME);
    return backend;
  }

  /** As a user who stops the sharing. */
  endSession(): void {
    this.#glib.emit(this.#connection, null, this.#session, SESSION, 'Closed', null, null);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    loadGDBus().close.async(this.#connection, null, null, () => resolve(undefined));
    await promise;
  }

  #take(method: string, parameters: Pointer, reply: (text: string) => void): void {
    const values = itemsOf(readValue(loadGDBus(), parameters));
    if (method === 'CreateSession') {
      this.#session = values[1] as string;
      this.isSessionClosed = false;
      this.#glib.export(this.#connection, this.#session, SESSION, (_method, _given, done) => {
        this.isSessionClosed = true;
        done('()');
      });
    }
    if (method === 'SelectSources') this.selections.push(fieldsOf(values[3]));
    if (method === 'Start') this.starts += 1;
    if (method !== 'Start') reply('(uint32 0, @a{sv} {})');
    else if (this.answer === 'refuse') reply('(uint32 1, @a{sv} {})');
    else if (this.answer === 'allow') {
      this.#tokens += 1;
      const streams = `<[(uint32 ${this.#node}, {'source_type': <uint32 1>})]>`;
      const data = `<('stage', uint32 1, <${this.#tokens}>)>`;
      reply(
        `(uint32 0, {'streams': ${streams}, 'persist_mode': <uint32 2>, 'restore_data': ${data}})`,
      );
    }
  }
}

type Take = (method: string, parameters: Pointer, reply: (text: string) => void) => void;

let loaded: ReturnType<typeof bind> | null = null;

function load() {
  loaded ??= bind();
  return loaded;
}

function bind() {
  const koffi = loadKoffi();
  const gdbus = loadGDBus();
  const gio = openLibrary(koffi, 'gio-2.0');
  const glib = openLibrary(koffi, 'glib-2.0');
  const OnCall = koffi.proto(
    'void OnCall(void *, const char *, const char *, const char *, const char *method, void *parameters, void *invocation, void *)',
  );
  const OnGet = koffi.proto(
    'void *OnGet(void *, const char *, const char *, const char *, const char *property, void *error, void *)',
  );
  const VTable = koffi.struct('PortalVTable', {
    call: koffi.pointer(OnCall),
    get: koffi.pointer(OnGet),
    set: 'void *',
    padding: koffi.array('void *', 8),
  });
  const nodeInfo = gio.func('void *g_dbus_node_info_new_for_xml(const char *, void *error)');
  const lookup = gio.func('void *g_dbus_node_info_lookup_interface(void *, const char *)');
  const register = gio.func(
    'unsigned int g_dbus_connection_register_object(void *, const char *, void *, void *vtable, void *, void *, void *)',
  );
  const answer = gio.func('void g_dbus_method_invocation_return_value(void *, void *)');
  const own = gio.func(
    'unsigned int g_bus_own_name_on_connection(void *, const char *, int, void *, void *, void *, void *)',
  );
  const iterate = glib.func('int g_main_context_iteration(void *, int)');
  const value = (text: string): Pointer => {
    const parsed = gdbus.parse(null, text, null, null, [null]);
    if (parsed === null) throw new Error(`no value: ${text}`);
    return parsed;
  };
  const info = nodeInfo(XML, null) as Pointer;
  const get = koffi.register(
    (_c: Pointer, _s: string, _p: string, _i: string, property: string) =>
      value(`uint32 ${PROPERTIES[property] ?? 0}`),
    koffi.pointer(OnGet),
  );
  const takers = new Map<string, Take>();
  const call = koffi.register(
    // prettier-ignore
    (_c: Pointer, _s: string, path: string, _i: string, method: string, parameters: Pointer, invocation: Pointer) =>
      takers.get(path)?.(method, parameters, (text) => void answer(invocation, value(text))),
    koffi.pointer(OnCall),
  );
  const vtable = koffi.alloc(VTable, 1) as Pointer;
  koffi.encode(vtable, VTable, { call, get, set: null, padding: Array(8).fill(null) });
  return {
    export: (connection: Pointer, path: string, name: string, take: Take): void => {
      takers.set(path, take);
      register(connection, path, lookup(info, name), vtable, null, null, null);
    },
    ownName: (connection: Pointer, name: string): void => {
      own(connection, name, 0, null, null, null, null);
    },
    emit: gio.func(
      'int g_dbus_connection_emit_signal(void *, const char *, const char *path, const char *interface, const char *member, void *, void *)',
    ),
    iterate: (): void => {
      while (iterate(null, 0) !== 0);
    },
  };
}
