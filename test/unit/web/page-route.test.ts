import { describe, expect, it } from 'vitest';
import { parseLinkFragment } from '../../../web/link-fragment.ts';
import { endpointPath, pageLink, parsePageRoute } from '../../../web/page-route.ts';

describe('parsePageRoute', () => {
  it('finds the pages', () => {
    expect(parsePageRoute('/', '')).toEqual({ page: 'landing' });
    expect(parsePageRoute('/admin', '')).toEqual({ page: 'admin' });
    expect(parsePageRoute('/watch/demo/', '')).toEqual({
      page: 'watch',
      room: 'demo',
      source: 'main',
      mode: 'auto',
      relayOnly: false,
    });
    expect(parsePageRoute('/share/demo', '?source=screen&mode=websocket')).toEqual({
      page: 'share',
      room: 'demo',
      source: 'screen',
      mode: 'websocket',
      relayOnly: false,
    });
    expect(parsePageRoute('/camera/demo', '?mode=direct')).toMatchObject({
      page: 'camera',
      source: 'camera',
      mode: 'direct',
    });
    expect(parsePageRoute('/watch/demo', '?ice=relay')).toMatchObject({ relayOnly: true });
    expect(parsePageRoute('/watch/demo', '?mode=udp')).toMatchObject({ mode: 'auto' });
  });

  it('knows no page for a name that the gateway would refuse', () => {
    for (const path of [
      '/watch',
      '/watch/',
      '/watch/a b',
      '/watch/a/b',
      '/watch/%2e%2e',
      '/x/demo',
    ]) {
      expect(parsePageRoute(path, '')).toEqual({ page: 'unknown' });
    }
    expect(parsePageRoute(`/watch/${'a'.repeat(65)}`, '')).toEqual({ page: 'unknown' });
    expect(parsePageRoute('/watch/demo', '?source=a/b')).toEqual({ page: 'unknown' });
  });
});

describe('endpointPath', () => {
  it('names the source only when it is not the default one', () => {
    expect(endpointPath('whip', 'demo', 'main')).toBe('/whip/demo');
    expect(endpointPath('whep', 'demo', 'screen')).toBe('/whep/demo/screen');
  });
});

describe('links', () => {
  it('carry the token in the fragment, where it is read back from', () => {
    const target = { page: 'share', room: 'demo', source: 'screen' } as const;
    const link = new URL(pageLink('https://cast.test', target, { token: 'a.b-c_d', watch: 'e.f' }));
    expect(link.search).toBe('?source=screen');
    expect(parsePageRoute(link.pathname, link.search)).toMatchObject({ ...target, mode: 'auto' });
    expect(parseLinkFragment(link.hash)).toEqual({ token: 'a.b-c_d', watchToken: 'e.f' });
  });

  it('name the source and the way where the page would take others', () => {
    const camera = { room: 'demo', source: 'camera', mode: 'direct' } as const;
    expect(pageLink('https://cast.test', { page: 'camera', ...camera }, {})).toBe(
      'https://cast.test/camera/demo?mode=direct#',
    );
    const watch = pageLink('https://cast.test', { page: 'watch', ...camera }, {});
    expect(watch).toBe('https://cast.test/watch/demo?source=camera&mode=direct#');
  });

  it('may come without a token, or torn by a mail program', () => {
    expect(parseLinkFragment('')).toEqual({ token: '', watchToken: null });
    expect(parseLinkFragment('#token=abc.%0A def').token).toBe('abc.def');
  });
});
