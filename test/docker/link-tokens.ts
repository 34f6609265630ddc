import assert from 'node:assert/strict';

/** The tokens in printed links; the share link carries the watch token along. */
export function tokensOf(links: string, url: string): { publishToken: string; watchToken: string } {
  const found = /^ *Share a screen +(\S+)\/share\/demo#token=([\w.-]+)&watch=([\w.-]+)$/m.exec(
    links,
  );
  const [, base, publishToken = '', watchToken = ''] = found ?? [];
  assert.equal(base, url, `links are for ${base ?? 'nobody'}`);
  return { publishToken, watchToken };
}
