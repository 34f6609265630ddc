import type { LibraryHandle } from 'koffi';
import { loadKoffi } from '../../koffi.ts';
import { openLibrary, type Pointer } from '../gstreamer/native.ts';

type Out = [Pointer | null];
type Async<Arguments extends unknown[], Result> = {
  readonly async: (...given: [...Arguments, (error: unknown, result: Result) => void]) => void;
};
type Hear = (path: string, member: string, parameters: Pointer) => void;

/** The functions of GLib's D-Bus that the portal needs, and nothing else. */
export interface GDBus {
  /** The session bus's address; null with an error where there is none. */
  readonly sessionAddress: (error: Out) => string | null;
  readonly connect: Async<[string, number, null, null, Out], Pointer | null>;
  readonly uniqueName: (connection: Pointer) => string;
  readonly isClosed: (connection: Pointer) => number;
  readonly call: Async<
    [
      connection: Pointer,
      name: string,
      path: string,
      interfaceName: string,
      method: string,
      parameters: Pointer,
      replyType: null,
      flags: number,
      timeoutMs: number,
      fds: null,
      replyFds: Out,
      cancellable: null,
      error: Out,
    ],
    Pointer | null
  >;
  readonly close: Async<[Pointer, null, null], number>;
  /** A descriptor of a reply, which the caller closes; -1: none. */
  readonly takeFd: (fds: Pointer, index: number, error: null) => number;
  readonly unref: (object: Pointer) => void;
  /** A value by its text, as `gdbus call` takes it; null: it is wrong. */
  readonly parse: (type: null, text: string, end: null, rest: null, error: Out) => Pointer | null;
  readonly typeOf: (value: Pointer) => string;
  readonly count: (value: Pointer) => bigint | number;
  readonly child: (value: Pointer, index: number) => Pointer;
  readonly text: (value: Pointer, length: null) => string;
  readonly uint32: (value: Pointer) => number;
  readonly handle: (value: Pointer) => number;
  readonly release: (value: Pointer) => void;
  readonly newContext: () => Pointer;
  /** Hands out what waits in a context, one at a time; 0: nothing did. */
  readonly iterate: (context: Pointer, mayBlock: 0) => number;
  readonly unrefContext: (context: Pointer) => void;
  /**
   * Hears a name's signals of these members while the context is iterated. Hands out what ends it.
   */
  readonly subscribe: (
    connection: Pointer,
    context: Pointer,
    from: { readonly name: string; readonly members: readonly string[] },
    hear: Hear,
  ) => () => void;
}

let loaded: GDBus | null = null;

/** Loaded once: callback types are known by name in all of the process. */
export function loadGDBus(): GDBus {
  loaded ??= load();
  return loaded;
}

function load(): GDBus {
  const koffi = loadKoffi();
  const gio = openLibrary(koffi, 'gio-2.0');
  const gobject = openLibrary(koffi, 'gobject-2.0');
  const glib = openLibrary(koffi, 'glib-2.0');
  const bind = (library: LibraryHandle, prototype: string): never =>
    library.func(prototype) as never;
  const OwnedText = koffi.disposable('char *', glib.func('void g_free(void *)'));
  const Signal = koffi.pointer(
    koffi.proto(
      'void Signal(void *connection, const char *sender, const char *path, const char *interface, const char *member, void *parameters, void *data)',
    ),
  );
  const address = gio.func('g_dbus_address_get_for_bus_sync', OwnedText, [
    'int',
    'void *',
    koffi.out('void **'),
  ]);
  const subscribe = gio.func(
    'unsigned int g_dbus_connection_signal_subscribe(void *, const char *name, const char *interface, const char *member, const char *path, const char *arg0, int flags, void *callback, void *data, void *free)',
  );
  const unsubscribe = gio.func('void g_dbus_connection_signal_unsubscribe(void *, unsigned int)');
  const push = glib.func('void g_main_context_push_thread_default(void *)');
  const pop = glib.func('void g_main_context_pop_thread_default(void *)');
  return {
    sessionAddress: (error) => address(SESSION_BUS, null, error) as string | null,
    connect: bind(
      gio,
      'void *g_dbus_connection_new_for_address_sync(const char *, int flags, void *, void *, _Out_ void **error)',
    ),
    uniqueName: bind(gio, 'const char *g_dbus_connection_get_unique_name(void *)'),
    isClosed: bind(gio, 'int g_dbus_connection_is_closed(void *)'),
    call: bind(
      gio,
      'void *g_dbus_connection_call_with_unix_fd_list_sync(void *, const char *name, const char *path, const char *interface, const char *method, void *parameters, void *type, int flags, int timeout, void *fds, _Out_ void **reply_fds, void *cancellable, _Out_ void **error)',
    ),
    close: bind(gio, 'int g_dbus_connection_close_sync(void *, void *, void *)'),
    takeFd: bind(gio, 'int g_unix_fd_list_get(void *, int, void *)'),
    unref: bind(gobject, 'void g_object_unref(void *)'),
    parse: bind(
      glib,
      'void *g_variant_parse(void *type, const char *text, void *end, void *rest, _Out_ void **error)',
    ),
    typeOf: bind(glib, 'const char *g_variant_get_type_string(void *)'),
    count: bind(glib, 'size_t g_variant_n_children(void *)'),
    child: bind(glib, 'void *g_variant_get_child_value(void *, size_t)'),
    text: bind(glib, 'const char *g_variant_get_string(void *, void *)'),
    uint32: bind(glib, 'uint32_t g_variant_get_uint32(void *)'),
    handle: bind(glib, 'int32_t g_variant_get_handle(void *)'),
    release: bind(glib, 'void g_variant_unref(void *)'),
    newContext: bind(glib, 'void *g_main_context_new()'),
    iterate: bind(glib, 'int g_main_context_iteration(void *, int)'),
    unrefContext: bind(glib, 'void g_main_context_unref(void *)'),
    subscribe: (connection, context, { name, members }, hear) => {
      const registered = koffi.register(
        (
          _connection: Pointer,
          _sender: string,
          path: string,
          _interface: string,
          member: string,
          parameters: Pointer,
        ) => hear(path, member, parameters),
        Signal,
      );
      push(context);
      const ids = members.map(
        (member) =>
          subscribe(
            connection,
            name,
            null,
            member,
            null,
            null,
            0,
            registered,
            null,
            null,
          ) as number,
      );
      pop(context);
      return () => {
        for (const id of ids) unsubscribe(connection, id);
        koffi.unregister(registered);
      };
    },
  };
}

const SESSION_BUS = 2;
