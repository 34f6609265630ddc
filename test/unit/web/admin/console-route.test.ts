import { describe, expect, test } from 'vitest';
import {
  CONSOLE_PAGES,
  consolePath,
  parseConsoleRoute,
} from '../../../../web/admin/console-route.ts';
import { ConsoleHistory } from '../../../../web/admin/console-history.ts';

describe('addresses of the console', () => {
  test('every page has one that leads to it, with and without a slash at its end', () => {
    for (const page of CONSOLE_PAGES) {
      expect(parseConsoleRoute(consolePath(page))).toEqual({ page, item: null });
      expect(parseConsoleRoute(`/admin/${page}/`)).toEqual({ page, item: null });
    }
    expect(parseConsoleRoute('/admin')).toEqual({ page: 'overview', item: null });
  });

  test('names of things come back as they were, whatever is in them', () => {
    for (const item of ['demo', 'http://10.0.0.1:1985', 'a b', '100%', '../etc']) {
      expect(parseConsoleRoute(consolePath('nodes', item))).toEqual({ page: 'nodes', item });
    }
    expect(consolePath('sessions', null, { q: 'a&b' })).toBe('/admin/sessions?q=a%26b');
  });

  test('anything else is no page', () => {
    for (const path of [
      '/admin/nothing',
      '/admin/rooms/a/b',
      '/admin/users/1',
      '/admin/rooms/%zz',
    ]) {
      expect(parseConsoleRoute(path), path).toBeNull();
    }
  });
});

describe('the history of the console', () => {
  const aWindow = () => {
    const location = { pathname: '/admin', search: '', hash: '#token=t' };
    const urls: string[] = [];
    const listeners = new Set<() => void>();
    const move = (_: unknown, __: string, url?: string | URL | null) => {
      const { pathname, search, hash } = new URL(String(url), 'https://cast.test');
      Object.assign(location, { pathname, search, hash });
      urls.push(String(url));
    };
    return {
      location,
      urls,
      history: { pushState: move, replaceState: move },
      addEventListener: (_: 'popstate', listener: () => void) => void listeners.add(listener),
      removeEventListener: (_: 'popstate', listener: () => void) => void listeners.delete(listener),
      goBack: (pathname: string) => {
        Object.assign(location, { pathname, search: '' });
        for (const listener of listeners) listener();
      },
    };
  };

  test('keeps the fragment, which carries the token, on every way', () => {
    const port = aWindow();
    const history = new ConsoleHistory(port);
    history.go('/admin/sessions');
    history.ask({ q: 'anna', kind: '' });
    expect(port.urls).toEqual(['/admin/sessions#token=t', '/admin/sessions?q=anna#token=t']);
    expect(history.address.value).toEqual({ pathname: '/admin/sessions', search: '?q=anna' });
    expect(history.link('/admin/rooms')).toBe('/admin/rooms#token=t');
  });

  test('follows the buttons of the browser until it is told to stop', () => {
    const port = aWindow();
    const history = new ConsoleHistory(port);
    const stop = history.follow();
    port.goBack('/admin/nodes');
    expect(history.address.value.pathname).toBe('/admin/nodes');
    stop();
    port.goBack('/admin/rooms');
    expect(history.address.value.pathname).toBe('/admin/nodes');
  });
});
