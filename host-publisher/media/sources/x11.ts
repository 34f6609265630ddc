import type Koffi from 'koffi';
import type { LibraryHandle } from 'koffi';
import { HostError } from '../../host-error.ts';
import { loadKoffi } from '../../koffi.ts';

type Pointer = bigint;

interface Window {
  readonly id: bigint;
  readonly title: string;
}

/** Fails with a sentence unless the X11 display answers. */
export function checkDisplay(display: string): void {
  withDisplay(display, () => undefined);
}

/**
 * Id of the window whose id or title was given, the first that contains it. Asked for before
 * capture, because `ximagesrc` shows the whole desktop in place of a window that is not there.
 */
export function findWindow(display: string, wanted: string): bigint {
  const windows = withDisplay(display, listWindows);
  const id = /^(0x[0-9a-f]+|\d+)$/i.test(wanted) ? BigInt(wanted) : null;
  const named = windows.filter(({ title }) => title !== '');
  const found =
    windows.find((window) => window.id === id) ??
    named.find(({ title }) => title === wanted) ??
    named.find(({ title }) => title.toLowerCase().includes(wanted.toLowerCase()));
  if (found !== undefined) return found.id;
  const titles = [...new Set(named.map(({ title }) => `"${title}"`))].slice(0, 8).join(', ');
  throw new HostError(
    'source-missing',
    `No window on ${display} is named "${wanted}"; there ${titles === '' ? 'are none with a title' : `are ${titles}`}.`,
  );
}

function withDisplay<T>(name: string, use: (x11: X11, display: Pointer) => T): T {
  const x11 = openX11();
  const display = x11.open(name);
  if (display === null) {
    throw new HostError(
      'source-missing',
      `The X11 display ${name} does not answer; start one (Xvfb ${name} -screen 0 1280x720x24) or set DISPLAY.`,
    );
  }
  try {
    return use(x11, display);
  } finally {
    x11.close(display);
  }
}

interface X11 {
  readonly open: (name: string) => Pointer | null;
  readonly close: (display: Pointer) => number;
  readonly root: (display: Pointer) => bigint | number;
  readonly children: (display: Pointer, window: bigint) => readonly bigint[];
  readonly title: (display: Pointer, window: bigint) => string;
}

function openX11(): X11 {
  const koffi = loadKoffi();
  const library = loadLibrary(koffi);
  const queryTree = library.func(
    'int XQueryTree(void *, unsigned long, _Out_ unsigned long *root, _Out_ unsigned long *parent, _Out_ void **children, _Out_ unsigned int *count)',
  );
  const fetchName = library.func('int XFetchName(void *, unsigned long, _Out_ void **name)');
  const free = library.func('int XFree(void *)');
  return {
    open: library.func('void *XOpenDisplay(const char *)') as X11['open'],
    close: library.func('int XCloseDisplay(void *)') as X11['close'],
    root: library.func('unsigned long XDefaultRootWindow(void *)') as X11['root'],
    children: (display, window) => {
      const [root, parent, list, count] = [[0], [0], [null as Pointer | null], [0]];
      if (queryTree(display, window, root, parent, list, count) === 0 || list[0] == null) return [];
      const ids = koffi.decode(list[0], koffi.array('unsigned long', count[0] ?? 0)) as Iterable<
        bigint | number
      >;
      const children = [...ids].map(BigInt);
      free(list[0]);
      return children;
    },
    title: (display, window) => {
      const name: [Pointer | null] = [null];
      if (fetchName(display, window, name) === 0 || name[0] === null) return '';
      const title = koffi.decode(name[0], 'char', -1) as string;
      free(name[0]);
      return title;
    },
  };
}

function loadLibrary(koffi: typeof Koffi): LibraryHandle {
  try {
    return koffi.load('libX11.so.6');
  } catch (cause) {
    throw new HostError(
      'software-missing',
      'libX11.so.6 is missing. On Debian: apt-get install libx11-6',
      { cause },
    );
  }
}

function listWindows(x11: X11, display: Pointer): readonly Window[] {
  const windows: Window[] = [];
  const waiting = [BigInt(x11.root(display))];
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    const children = x11.children(display, id);
    waiting.push(...children);
    windows.push(...children.map((child) => ({ id: child, title: x11.title(display, child) })));
  }
  return windows;
}
