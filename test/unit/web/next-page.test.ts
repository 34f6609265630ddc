import { expect, test } from 'vitest';
import { loginLink, nextPage } from '../../../web/login/next-page.ts';

const ORIGIN = 'https://cast.example';

test('a page of this site is gone back to, with its query', () => {
  const path = '/watch/demo?source=camera&mode=webrtc';
  expect(nextPage(loginLink(path).slice('/login'.length), ORIGIN)).toBe(path);
});

test.each([
  '',
  '//evil.example/x',
  '/\\evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
  '/\t/evil.example',
  'watch/demo',
])('%j is not gone to', (next) => {
  expect(nextPage(`?${new URLSearchParams({ next })}`, ORIGIN)).toBeNull();
});
